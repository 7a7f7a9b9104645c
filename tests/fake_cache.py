"""A cache for paspor.kernel.sharing whose seconds pass when the test says so."""

from typing import Any

import pytest

from paspor.kernel import sharing


class FakeCache:
    """In place of Valkey and of the clock for ``shared``; keys lapse as they do there."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.kept: dict[str, tuple[float, Any]] = {}
        patch.setattr(sharing, "cache", self)
        patch.setattr(sharing, "monotonic", lambda: self.now)
        patch.setattr(sharing, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def make_key(self, key: str) -> str:
        return key

    def get(self, key: str) -> Any:
        until, value = self.kept.get(key, (0.0, None))
        return value if self.now < until else None

    def set(self, key: str, value: Any, timeout: float = 5) -> None:
        self.kept[key] = (self.now + timeout, value)

    def add(self, key: str, value: Any, timeout: float) -> bool:
        if self.get(key) is not None:
            return False
        self.set(key, value, timeout)
        return True

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)
