"""A chart as numbers: nothing is drawn higher than the scale, and one is not nothing."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from paspor.kernel import bars
from paspor.kernel.bars import Group

NAMES = ("Dibuka", "Dipesan", "Hadir")
AT = ("kiri", "tengah", "kanan")


def chart(*values: tuple[int, ...], series: tuple[str, ...] = ("Dibuka", "Hadir")) -> bars.Chart:
    groups = [Group(f"{n} Nov", each) for n, each in enumerate(values, 1)]
    return bars.chart(title="Judul", text="Penjelasan.", series=series, groups=groups)


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (12, 20), (100, 100), (101, 200)]
)
def test_the_scale_ends_at_a_round_number(value, top):
    assert bars.round_up(value) == top


def test_bars_stand_on_the_ground_side_by_side():
    drawn = chart((100, 50), (0, 1))

    assert (drawn.view_box, drawn.peak) == ("0 0 200 1000", 100)
    assert [(rect.x, rect.y, rect.width, rect.height) for rect in drawn.rects] == [
        (10, 0, 40, 1000),
        (50, 500, 40, 500),
        (110, 1000, 40, 0),
        (150, 990, 40, 10),
    ]
    assert (drawn.first, drawn.last) == ("1 Nov", "2 Nov")


def test_the_smallest_number_can_be_seen():
    assert chart((1, 99_999)).rects[0].height == 1


@pytest.mark.parametrize(("language", "said"), [("id", "20.000"), ("en", "20,000")])
def test_the_scale_is_written_as_its_reader_does(language, said):
    with translation.override(language):
        assert chart((15_000, 1)).scale == said


@pytest.mark.parametrize(("groups", "named"), [(2, 2), (bars.MOST_NAMED, bars.MOST_NAMED), (15, 0)])
def test_every_group_is_named_while_there_is_room(groups, named):
    told = [Group(f"{n:02}", (n,)) for n in range(groups)]
    drawn = bars.chart(title="Judul", text="", series=["Hadir"], groups=told, name_all=True)

    assert len(drawn.labels) == named
    shown = render_to_string("components/bars.html", {"chart": drawn})
    assert ("bars__labels" in shown, "bars__ends" in shown) == (bool(named), not named)


def test_nothing_to_draw_is_an_empty_chart():
    assert (chart().rects, chart().peak, chart().first) == ((), 1, "")


def test_the_drawing_has_a_name_and_no_inline_style():
    shown = render_to_string("components/bars.html", {"chart": chart((3, 2))})

    assert 'role="img" aria-label="Judul. Penjelasan."' in shown
    assert shown.partition("bars__plot")[2].count("<rect") == 2
    assert "style=" not in shown


def test_whoever_tells_no_colours_apart_reads_the_key():
    shown = render_to_string("components/bars.html", {"chart": chart((3, 2, 1), series=NAMES)})

    said = [f'{name} <span class="muted">({at})</span>' for name, at in zip(NAMES, AT, strict=True)]
    assert [each in shown for each in said] == [True] * 3
    # The third is striped, in the drawing as in the key; its height is the bar's.
    assert shown.count("bars__stripes") == 3
    assert 'd="M75 1000V800" stroke-width="26"' in shown


def test_a_single_series_needs_no_place():
    assert [(key.name, key.place) for key in chart((3,), series=("Hadir",)).keys] == [("Hadir", "")]
