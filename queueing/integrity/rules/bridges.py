"""Accounts that alone hold two crowds together. No Django.

Groups of accounts (all of one installation, of one phone, …) form one component where they
overlap. Where a single account is all that two crowds have in common, that is too thin to
call them one hand: somebody used another's machine, or wants two others mixed up. Such an
account stays with its larger crowd.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# A node of the walk: an account is its id, the group of index n is -1 - n.
Node = int


def cut(groups: Sequence[frozenset[int]], *, least: int) -> list[frozenset[int]]:
    """The same groups; a bridge between crowds of ``least`` others is in one of them only."""
    walk = _Walk(groups)
    left = [set(group) for group in groups]
    for account in walk.neighbours:
        if account >= 0 and len(walk.neighbours[account]) > 1:
            for group in walk.lesser_sides(account, least):
                left[-1 - group].discard(account)
    return [frozenset(group) for group in left]


@dataclass
class _Walk:
    """A depth-first walk over accounts and groups; each group hangs below who leads to it.

    ``low`` is the earliest node that a subtree reaches past its own top (Tarjan): what
    reaches no further up than an account hangs on that account alone.
    """

    groups: Sequence[frozenset[int]]
    neighbours: dict[Node, list[Node]] = field(default_factory=lambda: defaultdict(list))
    order: list[Node] = field(default_factory=list)
    entered: dict[Node, int] = field(default_factory=dict)
    parent: dict[Node, Node | None] = field(default_factory=dict)
    low: dict[Node, int] = field(default_factory=dict)
    last: dict[Node, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, group in enumerate(self.groups):
            for account in sorted(group):
                self.neighbours[account].append(-1 - index)
                self.neighbours[-1 - index].append(account)
        for node in list(self.neighbours):
            if node not in self.entered:
                self._go(node)
        for node in reversed(self.order):
            self._measure(node)

    def _go(self, start: Node) -> None:
        """Not recursive: a component may have as many nodes as there are accounts."""
        self._enter(start, None)
        stack: list[tuple[Node, Iterator[Node]]] = [(start, iter(self.neighbours[start]))]
        while stack:
            node, others = stack[-1]
            new = next((other for other in others if other not in self.entered), None)
            if new is None:
                stack.pop()
            else:
                self._enter(new, node)
                stack.append((new, iter(self.neighbours[new])))

    def _enter(self, node: Node, parent: Node | None) -> None:
        self.entered[node] = len(self.order)
        self.order.append(node)
        self.parent[node] = parent

    def _measure(self, node: Node) -> None:
        """What was entered below has been measured before."""
        below = self._below(node)
        self.last[node] = max((self.last[one] for one in below), default=self.entered[node])
        self.low[node] = min(
            self.entered[node],
            *(self.entered[one] for one in self.neighbours[node]),
            *(self.low[one] for one in below),
        )

    def _below(self, node: Node) -> list[Node]:
        return [one for one in self.neighbours[node] if self.parent[one] == node]

    def lesser_sides(self, account: int, least: int) -> Iterator[Node]:
        """The groups by which this account holds smaller crowds to the largest one."""
        sized = [(self._others(side, least), side) for side in self._sides(account)]
        crowds = [one for one in sized if one[0] >= least]
        largest = max(crowds, key=lambda one: one[0], default=None)
        for crowd in crowds:
            if crowd is not largest:
                yield from crowd[1]

    def _others(self, side: Sequence[Node], least: int) -> int:
        """How many meet this account there; not whom those know in turn."""
        largest = max(len(self.neighbours[node]) for node in side) - 1
        if largest >= least:
            return largest  # a union of large groups for each of their accounts would take hours
        return len({one for node in side for one in self.neighbours[node]}) - 1

    def _sides(self, account: int) -> Iterator[list[Node]]:
        """Its groups, by what would fall apart without it."""
        rest = list(self.neighbours[account])
        for one in self._below(account):
            if self.low[one] >= self.entered[account]:
                until = self.last[one]
                inside = [n for n in rest if self.entered[one] <= self.entered[n] <= until]
                yield inside
                rest = [n for n in rest if n not in inside]
        if rest:
            yield rest
