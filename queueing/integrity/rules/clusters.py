"""Accounts of one hand: connected components over what they share. No Django.

A hub is something that accounts share. It joins only those of its members that show
something by their own acts, and only while it is hot: while such members are most of
all who use it. So a café, a carrier's address or a family joins nobody.

What one hand holds (an installation, a phone, a mailbox, a family card, a run of NIKs)
joins by itself, unless a single account is all that two crowds have in common. A place
and a time (an address, a burst of sign-ups) join only together, or where two crowds meet
at two of them: strangers share one café, one mail domain, one morning.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from math import log2

from queueing.integrity.rules import bridges
from queueing.integrity.rules.signal import MOST


class HubKind(StrEnum):
    DEVICE = "DEVICE"
    ADDRESS = "ADDRESS"
    PHONE = "PHONE"
    MAILBOX = "MAILBOX"
    KK = "KK"
    SERIES = "SERIES"
    BURST = "BURST"


# A place and a time: neither says one hand by itself.
WEAK = frozenset({HubKind.ADDRESS, HubKind.BURST})


@dataclass(frozen=True)
class Hub:
    """``total``: all accounts that use it. ``showing``: those that show something themselves."""

    kind: HubKind
    value: str
    total: int
    showing: frozenset[int]

    @property
    def source(self) -> str:
        """Where it comes from; a burst is named by its address or domain, then its time."""
        return self.value.partition(" ")[0] if self.kind is HubKind.BURST else self.value


@dataclass(frozen=True)
class Heat:
    """When a hub joins. Figures of policy."""

    percent: int
    address_most: int
    # Sides of so many accounts are not one hand for a single account between them.
    bridge_least: int
    # A place or time that touches more groups, otherwise unrelated, is everybody's.
    unrelated_most: int


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

    def join(self, accounts: Iterable[int]) -> None:
        # The smallest id leads, so that the outcome does not hang on the order of hubs.
        low, *others = sorted({self.root(one) for one in accounts})
        for other in others:
            self._parent[other] = low

    def parts(self, accounts: Iterable[int]) -> dict[int, frozenset[int]]:
        """These accounts by the component that each is in."""
        found: dict[int, set[int]] = defaultdict(set)
        for account in accounts:
            found[self.root(account)].add(account)
        return {root: frozenset(part) for root, part in found.items()}


def components(hubs: Iterable[Hub], heat: Heat) -> list[Component]:
    """The components of two or more accounts, largest first."""
    hot = [hub for hub in hubs if is_hot(hub, heat)]
    strong = _without_bridges([hub for hub in hot if hub.kind not in WEAK], heat)
    weak = [hub for hub in hot if hub.kind in WEAK]
    joined = Joined()
    for hub in strong:
        joined.join(hub.showing)
    for accounts in _place_and_time(weak):
        joined.join(accounts)
    # All are found before any is joined, or one would hang on the order of the others.
    for pair in list(_met_twice(weak, joined, heat)):
        joined.join(pair)
    return _components([*strong, *weak], joined)


def _without_bridges(hubs: Sequence[Hub], heat: Heat) -> list[Hub]:
    left = bridges.cut([hub.showing for hub in hubs], least=heat.bridge_least)
    return [
        replace(hub, showing=showing)
        for hub, showing in zip(hubs, left, strict=True)
        if len(showing) > 1
    ]


def _place_and_time(weak: Sequence[Hub]) -> list[set[int]]:
    """Accounts that share a small address and signed up together."""
    addresses: dict[int, list[str]] = defaultdict(list)
    for hub in weak:
        if hub.kind is HubKind.ADDRESS:
            for account in hub.showing:
                addresses[account].append(hub.value)
    together: dict[tuple[str, str], set[int]] = defaultdict(set)
    for hub in weak:
        if hub.kind is HubKind.BURST:
            for account in hub.showing:
                for address in addresses[account]:
                    together[hub.value, address].add(account)
    return [accounts for accounts in together.values() if len(accounts) > 1]


@dataclass
class _Meeting:
    """What two groups have in common, and who of each was there."""

    sources: set[str] = field(default_factory=set)
    here: set[int] = field(default_factory=set)
    there: set[int] = field(default_factory=set)

    @property
    def is_no_chance(self) -> bool:
        return min(len(self.sources), len(self.here), len(self.there)) > 1


def _met_twice(weak: Sequence[Hub], joined: Joined, heat: Heat) -> Iterator[tuple[int, int]]:
    """Groups that share two places, or a place and a morning, through accounts of their own."""
    meetings: dict[tuple[int, int], _Meeting] = defaultdict(_Meeting)
    for hub in weak:
        parts = joined.parts(hub.showing)
        if len(parts) > heat.unrelated_most:
            continue
        for one, other in combinations(sorted(parts), 2):
            met = meetings[one, other]
            met.sources.add(hub.source)
            met.here |= parts[one]
            met.there |= parts[other]
    return (pair for pair, met in meetings.items() if met.is_no_chance)


def _components(hubs: Sequence[Hub], joined: Joined) -> list[Component]:
    """Of each hub a component has the part that its own accounts have in it."""
    accounts: dict[int, set[int]] = defaultdict(set)
    links: dict[int, list[Hub]] = defaultdict(list)
    for hub in hubs:
        for root, part in joined.parts(hub.showing).items():
            if len(part) > 1:
                accounts[root] |= part
                links[root].append(replace(hub, showing=part))
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
