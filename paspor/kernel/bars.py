"""A bar chart as numbers for components/bars.html, for any room to draw one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from paspor.kernel import formatting

# Units of the drawing, which is stretched to whatever width there is.
GROUP = 100
GAP = 20
HEIGHT = 1000
# As many labels of two or three letters stand side by side on a phone.
MOST_NAMED = 14


@dataclass(frozen=True)
class Group:
    """The bars that stand together, one for each series."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Rect:
    """One bar; ``series`` counts from 1 and chooses colour and filling."""

    series: int
    x: int
    y: int
    width: int
    height: int

    @property
    def spine(self) -> str:
        """Its middle, from the ground up: what stripes are drawn along."""
        return f"M{self.x + self.width / 2:g} {self.y + self.height}V{self.y}"


@dataclass(frozen=True)
class Key:
    """What the bars of a series are: by name, filling, and where they stand in each group."""

    name: str
    place: str


@dataclass(frozen=True)
class Chart:
    """``title`` names it for who cannot see it; ``text`` says in a sentence what it shows."""

    title: str
    text: str
    series: tuple[str, ...]
    rects: tuple[Rect, ...]
    width: int
    height: int
    peak: int
    first: str
    last: str
    # Of every group, where they are few and short enough; else only the ends are named.
    labels: tuple[str, ...] = ()

    @property
    def scale(self) -> str:
        """Where it ends, as the reader writes numbers."""
        return formatting.number(self.peak)

    @property
    def keys(self) -> list[Key]:
        """Places in words: whoever tells no colours apart counts from the left."""
        places = {2: (_("kiri"), _("kanan")), 3: (_("kiri"), _("tengah"), _("kanan"))}
        said = places.get(len(self.series), ("",) * len(self.series))
        return [Key(name, place) for name, place in zip(self.series, said, strict=True)]

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"


def chart(
    *,
    title: str,
    text: str,
    series: Sequence[str],
    groups: Sequence[Group],
    name_all: bool = False,
) -> Chart:
    """Every group needs a value, 0 or above, for every series.

    ``name_all`` writes every group's label under it, up to MOST_NAMED groups.
    """
    peak = round_up(max((value for group in groups for value in group.values), default=0))
    is_few = len(groups) <= MOST_NAMED
    bar = (GROUP - GAP) // max(1, len(series))
    return Chart(
        title=title,
        text=text,
        series=tuple(series),
        rects=tuple(
            _rect(number, nth, value, bar, peak)
            for number, group in enumerate(groups)
            for nth, value in enumerate(group.values)
        ),
        width=max(1, len(groups)) * GROUP,
        height=HEIGHT,
        peak=peak,
        first=groups[0].label if groups else "",
        last=groups[-1].label if groups else "",
        labels=tuple(each.label for each in groups) if name_all and is_few else (),
    )


def _rect(number: int, nth: int, value: int, width: int, peak: int) -> Rect:
    height = -(-value * HEIGHT // peak)  # upwards: one is not nothing
    x = number * GROUP + GAP // 2 + nth * width
    return Rect(series=nth + 1, x=x, y=HEIGHT - height, width=width, height=height)


def round_up(value: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, …: where the scale ends."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if value <= times * step:
                return times * step
        step *= 10
