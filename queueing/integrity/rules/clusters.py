"""Accounts of one hand: connected components over what they share. No Django.

A hub is something that accounts share. It joins only those of its members that show
something by their own acts, and only while it is hot: while such members are most of
all who use it. So a café, a carrier's address or a family joins nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from queueing.integrity.rules.signal import MOST


class HubKind(StrEnum):
    DEVICE = "DEVICE"
    ADDRESS = "ADDRESS"
    PHONE = "PHONE"
    MAILBOX = "MAILBOX"
    KK = "KK"
    SERIES = "SERIES"
    BURST = "BURST"


@dataclass(frozen=True)
class Hub:
    """``total``: all accounts that use it. ``showing``: those that show something themselves."""

    kind: HubKind
    value: str
    total: int
    showing: frozenset[int]


@dataclass(frozen=True)
class Heat:
    """When a hub joins. Figures of policy."""

    percent: int
    address_most: int


@dataclass(frozen=True)
class Component:
    """Accounts that belong together, and the hubs that say so."""

    accounts: frozenset[int]
    hubs: tuple[Hub, ...]


def is_hot(hub: Hub, heat: Heat) -> bool:
    if len(hub.showing) < 2:
        return False
    if hub.kind is HubKind.ADDRESS and hub.total > heat.address_most:
        return False
    return len(hub.showing) * 100 >= hub.total * heat.percent


class Joined:
    """Union-find with path halving."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, one: int) -> int:
        parent = self._parent
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    def join(self, one: int, other: int) -> None:
        # The smaller id leads, so that the outcome does not hang on the order of hubs.
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


def components(hubs: Iterable[Hub], heat: Heat) -> list[Component]:
    """The components of two or more accounts, largest first."""
    hot = [hub for hub in hubs if is_hot(hub, heat)]
    joined = Joined()
    for hub in hot:
        first, *others = sorted(hub.showing)
        for other in others:
            joined.join(first, other)
    accounts: dict[int, set[int]] = defaultdict(set)
    links: dict[int, list[Hub]] = defaultdict(list)
    for hub in hot:
        root = joined.root(min(hub.showing))
        accounts[root] |= hub.showing
        links[root].append(hub)
    found = [
        Component(
            frozenset(members),
            tuple(sorted(links[root], key=lambda hub: (-len(hub.showing), hub.kind, hub.value))),
        )
        for root, members in accounts.items()
    ]
    return sorted(found, key=lambda one: (-len(one.accounts), min(one.accounts)))


def score(points: Sequence[int], doubling: int) -> int:
    """The mean of its members, and ``doubling`` for each time that their number doubles."""
    return min(MOST, sum(points) // len(points) + doubling * int(log2(len(points))))


@dataclass(frozen=True)
class Kept:
    """Which code each new component goes on under, and where vanished codes went."""

    codes: tuple[str | None, ...]
    merged: Mapping[str, int]


def keep_codes(before: Mapping[str, Collection[int]], now: Sequence[Collection[int]]) -> Kept:
    """Pair old clusters with new components by the largest overlap, each at most once.

    On a tie the code that comes first wins. ``merged`` names, for a code that found no
    component of its own, the index of the one that took most of its accounts.
    """
    where = {account: index for index, accounts in enumerate(now) for account in accounts}
    overlaps: dict[tuple[str, int], int] = defaultdict(int)
    for code, accounts in before.items():
        for account in accounts:
            if account in where:
                overlaps[code, where[account]] += 1
    codes: list[str | None] = [None] * len(now)
    placed: set[str] = set()
    merged: dict[str, int] = {}
    for code, index in sorted(overlaps, key=lambda pair: (-overlaps[pair], pair)):
        if code not in placed and codes[index] is None:
            codes[index] = code
            placed.add(code)
    for code, index in sorted(overlaps, key=lambda pair: (-overlaps[pair], pair)):
        if code not in placed:
            merged.setdefault(code, index)
    return Kept(tuple(codes), merged)
