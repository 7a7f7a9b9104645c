"""How a simulator behaves, switched while it runs."""

from enum import StrEnum

from django.core.cache import cache


class Switch[Temper: StrEnum]:
    """Shared by all processes through the cache; the first of ``tempers`` where that is away."""

    def __init__(self, key: str, tempers: type[Temper]) -> None:
        self.key = key
        self.tempers = tempers

    def now(self) -> Temper:
        [usual, *_others] = self.tempers
        return self.tempers(cache.get(self.key, usual))

    def set(self, wanted: Temper) -> None:
        cache.set(self.key, str(wanted), timeout=None)
