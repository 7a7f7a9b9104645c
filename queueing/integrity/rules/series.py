"""NIKs that were made up in a row: one stem (region and birth date), serials that follow."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Numbered:
    """One registered NIK: the digest of its first 12 digits, and the last 4 as a number."""

    stem: str
    serial: int
    account: int


@dataclass(frozen=True)
class Run:
    """Serials without a gap. ``accounts`` in order, each once."""

    stem: str
    first: int
    length: int
    accounts: tuple[int, ...]


def runs(rows: Iterable[Numbered]) -> list[Run]:
    """The runs of two or more, whoever registered them; the same NIK twice counts once."""
    by_stem: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        by_stem[row.stem][row.serial].add(row.account)
    return [run for stem, serials in by_stem.items() for run in _of_stem(stem, serials)]


def _of_stem(stem: str, serials: dict[int, set[int]]) -> Iterable[Run]:
    stretch: list[int] = []
    for serial in sorted(serials):
        if stretch and serial != stretch[-1] + 1:
            yield from _run(stem, stretch, serials)
            stretch = []
        stretch.append(serial)
    yield from _run(stem, stretch, serials)


def _run(stem: str, stretch: list[int], serials: dict[int, set[int]]) -> Iterable[Run]:
    if len(stretch) > 1:
        accounts = set().union(*(serials[serial] for serial in stretch))
        yield Run(stem, stretch[0], len(stretch), tuple(sorted(accounts)))


def longest_within(rows: Iterable[Numbered]) -> dict[int, int]:
    """For each account the longest run among its own NIKs; twins make 2."""
    by_account: dict[int, list[Numbered]] = defaultdict(list)
    for row in rows:
        by_account[row.account].append(row)
    longest = {
        account: max((run.length for run in runs(own)), default=0)
        for account, own in by_account.items()
    }
    return {account: length for account, length in longest.items() if length}
