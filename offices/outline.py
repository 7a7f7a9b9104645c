"""Where an office stands on the outline of the country (components/outline.html).

The map is equirectangular: a degree is as wide as it is high everywhere, which at the
equator bends nothing that one would notice. static/img/indonesia.svg is drawn by the
same numbers. Numbers in, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WEST, NORTH = 94.0, 7.0
PER_DEGREE = 20
WIDTH, HEIGHT = 960, 376
# A piece of the map is no narrower than this, or nobody would know the coast; around its
# points some sea is left.
NARROWEST = 200
MARGIN = 16

type Point = tuple[float, float]


def place(latitude: float, longitude: float) -> Point:
    """x from the left, y from the top, in units of the map."""
    return round((longitude - WEST) * PER_DEGREE, 1), round((NORTH - latitude) * PER_DEGREE, 1)


def written(*numbers: float) -> str:
    """For a drawing, which knows no decimal comma."""
    return " ".join(f"{number:g}" for number in numbers)


@dataclass(frozen=True)
class Frame:
    """A piece of the map, of the whole one's shape."""

    left: float = 0
    top: float = 0
    width: float = WIDTH

    @property
    def view_box(self) -> str:
        return written(self.left, self.top, self.width, round(self.width * HEIGHT / WIDTH, 1))

    @property
    def scale(self) -> float:
        """What makes a sign as large here as on the whole map."""
        return round(self.width / WIDTH, 3)


def around(points: Sequence[Point]) -> Frame:
    """The smallest piece that shows all of them; the whole map for none."""
    if not points:
        return Frame()
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    wide = max(xs) - min(xs) + 2 * MARGIN
    high = max(ys) - min(ys) + 2 * MARGIN
    width = min(max(wide, high * WIDTH / HEIGHT, NARROWEST), WIDTH)
    height = width * HEIGHT / WIDTH
    return Frame(
        left=_within((min(xs) + max(xs) - width) / 2, WIDTH - width),
        top=_within((min(ys) + max(ys) - height) / 2, HEIGHT - height),
        width=round(width, 1),
    )


def _within(start: float, last: float) -> float:
    return round(min(max(start, 0), last), 1)
