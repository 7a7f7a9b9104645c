"""Where the marks of the two pictures of a cluster stand. Numbers in, numbers out.

Both are narrow enough for a phone: 340 units wide, and a unit is a pixel there. The same
cluster is always drawn the same way, so two officers speak of one picture.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 340
LEFT = 4
ROW = 64
BARS = 40


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Row:
    """One kind of act: its baseline, the most of a day, and a bar for each day that has any."""

    code: str
    text_y: int
    base: int
    most: int
    total: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    x: float
    day: date
    anchor: str


@dataclass(frozen=True)
class Timeline:
    width: int
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]


def timeline(days: Sequence[date], counts: Mapping[str, Mapping[date, int]]) -> Timeline:
    """Each row has a scale of its own: ten sign-ups beside a thousand holds are seen too."""
    step = (WIDTH - 2 * LEFT) / len(days)
    rows = tuple(
        _row(number, code, of_day, days, step)
        for number, (code, of_day) in enumerate(counts.items())
    )
    middle = len(days) // 2
    ticks = (
        Tick(LEFT, days[0], "start"),
        Tick(LEFT + (middle + 0.5) * step, days[middle], "middle"),
        Tick(WIDTH - LEFT, days[-1], "end"),
    )
    return Timeline(WIDTH, ROW * len(rows) + 18, rows, ticks)


def _row(
    number: int, code: str, of_day: Mapping[date, int], days: Sequence[date], step: float
) -> Row:
    base = ROW * number + ROW - 4
    most = max(of_day.values(), default=0)
    bars = tuple(
        Bar(
            round(LEFT + index * step, 2),
            round(base - _height(of_day[day], most), 2),
            round(max(1.0, step - 1), 2),
            round(_height(of_day[day], most), 2),
        )
        for index, day in enumerate(days)
        if of_day.get(day)
    )
    return Row(code, ROW * number + 14, base, most, sum(of_day.values()), bars)


def _height(count: int, most: int) -> float:
    """One among thousands is still a line."""
    return max(2.0, BARS * count / most)


HUBS_SHOWN = 8
GROUPS_SHOWN = 12
# So few accounts are drawn one by one, and each can be found in the list.
ALONE_MOST = 24
TOP = 8
BOX = 28
BOX_WIDTH = 132
GAP = 8
CENTRE = 240


@dataclass(frozen=True)
class Link:
    """One thing that is shared, and the accounts of the cluster that share it."""

    kind: str
    label: str
    members: frozenset[int]


@dataclass(frozen=True)
class Box:
    y: float
    middle: float
    link: Link


@dataclass(frozen=True)
class Dot:
    """Accounts with the same links, as one mark; alone, it bears the account's code."""

    y: float
    radius: float
    text_x: float
    count: int
    name: str


@dataclass(frozen=True)
class Edge:
    path: str
    weight: float


@dataclass(frozen=True)
class Web:
    """``hidden_links`` and ``hidden_accounts`` stand in the table only."""

    width: int
    height: int
    centre: int
    boxes: tuple[Box, ...]
    dots: tuple[Dot, ...]
    edges: tuple[Edge, ...]
    hidden_links: int
    hidden_accounts: int


def web(links: Sequence[Link], names: Mapping[int, str]) -> Web:
    """``names`` has the accounts to be drawn. Largest links first; alike accounts are one dot."""
    ordered = sorted(links, key=lambda link: (-len(link.members), link.kind, link.label))
    shown = ordered[:HUBS_SHOWN]
    drawn, hidden = _groups(shown, names)
    tall = max(len(shown), len(drawn))
    height = TOP * 2 + tall * (BOX + GAP) - GAP
    boxes = tuple(
        Box(y, y + BOX / 2, link)
        for y, link in zip(_spread(len(shown), height), shown, strict=True)
    )
    dots = tuple(
        _dot(y + BOX / 2, members, names)
        for y, (_used, members) in zip(_spread(len(drawn), height), drawn, strict=True)
    )
    edges = tuple(
        _edge(boxes[index].middle, dot)
        for dot, (used, _members) in zip(dots, drawn, strict=True)
        for index in used
    )
    return Web(WIDTH, height, CENTRE, boxes, dots, edges, len(ordered) - len(shown), hidden)


def _groups(
    shown: Sequence[Link], names: Mapping[int, str]
) -> tuple[list[tuple[tuple[int, ...], list[int]]], int]:
    """Accounts by which links they have, the largest groups, in the order of their links.

    And how many accounts are in none of them.
    """
    used_by: dict[int, list[int]] = defaultdict(list)
    for index, link in enumerate(shown):
        for account in link.members:
            used_by[account].append(index)
    by_use: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for account in sorted(names):
        by_use[tuple(used_by.get(account, ()))].append(account)
    largest = sorted(by_use.items(), key=lambda group: (-len(group[1]), group[0]))
    most = GROUPS_SHOWN
    if len(names) <= ALONE_MOST:
        largest = [(used, [account]) for used, members in largest for account in members]
        most = ALONE_MOST
    kept = sorted(largest[:most], key=lambda group: (_centre(group[0]), group))
    return kept, sum(len(members) for _used, members in largest[most:])


def _centre(used: Sequence[int]) -> float:
    """The mean of its links: accounts stand beside them, and few lines cross."""
    return sum(used) / len(used) if used else HUBS_SHOWN


def _spread(count: int, height: float) -> list[float]:
    """Tops of ``count`` boxes, evenly over the height."""
    room = (height - 2 * TOP) / count if count else 0
    return [round(TOP + room * index + (room - BOX) / 2, 1) for index in range(count)]


def _dot(middle: float, members: Sequence[int], names: Mapping[int, str]) -> Dot:
    count = len(members)
    radius = min(14.0, 4 + 1.5 * count**0.5)
    return Dot(
        middle,
        round(radius, 1),
        round(CENTRE + radius + 4, 1),
        count,
        names[members[0]] if count == 1 else "",
    )


def _edge(middle: float, dot: Dot) -> Edge:
    start, end = BOX_WIDTH, CENTRE - dot.radius
    half = (start + end) / 2
    path = f"M{start} {middle} C{half} {middle} {half} {dot.y} {end} {dot.y}"
    return Edge(path, round(min(6.0, 1 + dot.count**0.5 / 3), 1))
