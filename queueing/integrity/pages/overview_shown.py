"""The overview's numbers as tiles, charts with their tables, and rows of a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.models import Office
from paspor.kernel import bars, formatting
from paspor.kernel.bars import Chart, Group
from queueing.booking import words as booking_words
from queueing.desk.wait_selectors import NOBODY, Wait, WaitingNow, Waits
from queueing.integrity import words
from queueing.integrity.pages.figures import Cell, Row
from queueing.integrity.rules.figures import Figures, Span
from queueing.integrity.rules.overview import (
    FEWEST_PAST,
    WEEKS_BACK,
    Period,
    Usual,
    days_averaged,
)
from queueing.integrity.selectors.figures import DayCount
from queueing.integrity.selectors.overview import Counted, Hours

NOTHING = "–"
DRAWN = ("released", "booked", "attended")
HELD_AGAINST = ("released", "booked", "attended", "no_show", "walk_in")
# Of the public figures, those that a table of the overview has room for.
BEFORE_SERVED, AFTER_SERVED = DRAWN, ("no_show", "walk_in")


@dataclass(frozen=True)
class Seen:
    """One office over some days, and what those days usually are."""

    office: Office
    period: Period
    span: Span
    today: date
    days: list[DayCount]
    hours: Hours
    waits: Waits
    usual: Usual
    clock: time
    waited: Wait
    usually_waited: Wait
    waiting: WaitingNow | None

    @property
    def total(self) -> Figures:
        return sum((day.figures for day in self.days), Figures())

    @property
    def days_averaged(self) -> tuple[date, ...]:
        return days_averaged(self.hours.by_day, self.period, self.today)

    @property
    def served(self) -> int | None:
        """None where the rows of a day are gone: only its public figures stand."""
        known = all(day.day in self.hours.by_day for day in self.days)
        return self.hours.served if known else None


@dataclass(frozen=True)
class Tile:
    """One number in large type, and a word about it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page: charts, none where a single bar would stand, and the table."""

    charts: list[Chart]
    columns: list[str]
    rows: list[Row]
    note: str = ""


def tiles_of(seen: Seen) -> list[Tile]:
    total = seen.total
    served = Tile(label_of("served"), _number_or_none(seen.served), _unserved(seen))
    tiles = _tiles(total)
    return [*tiles[:3], served, *tiles[3:], _waited(seen.waits.total), _last_tile(seen)]


def tiles_of_nation(total: Figures, wait: Wait) -> list[Tile]:
    return [*_tiles(total), _waited(wait)]


def _tiles(total: Figures) -> list[Tile]:
    gone = total.returned + total.closed
    back = _("%(n)s kembali atau ditutup") % {"n": formatting.number(gone)}
    free = _("%(n)s kosong") % {"n": formatting.number(total.free)}
    offline = _("selain itu %(n)s saat luring") % {"n": formatting.number(total.walk_in_offline)}
    return [
        Tile(label_of("released"), formatting.number(total.released), free),
        Tile(label_of("booked"), formatting.number(total.booked), back if gone else ""),
        Tile(label_of("attended"), formatting.number(total.attended), _turned_away(total)),
        Tile(label_of("no_show"), formatting.number(total.no_show), _share_absent(total)),
        Tile(
            label_of("walk_in"),
            formatting.number(total.walk_in),
            offline if total.walk_in_offline else "",
        ),
    ]


def _turned_away(total: Figures) -> str:
    if not total.turned_away:
        return ""
    return _("selain itu %(n)s tak terlayani") % {"n": formatting.number(total.turned_away)}


def _share_absent(total: Figures) -> str:
    """Of those whose visit is settled: who has not come yet is not absent."""
    settled = total.attended + total.turned_away + total.no_show
    if not total.no_show:
        return ""
    percent = max(1, round(100 * total.no_show / settled))
    return _("%(percent)s %% dari yang seharusnya datang") % {"percent": percent}


def _unserved(seen: Seen) -> str:
    if seen.served is None:
        return _("tidak tersimpan lagi untuk semua hari")
    if seen.hours.present:
        return _("%(n)s masih di kantor") % {"n": formatting.number(seen.hours.present)}
    untold = seen.total.attended - seen.served
    return _("%(n)s tanpa hasil tercatat") % {"n": formatting.number(untold)} if untold > 0 else ""


def _waited(wait: Wait) -> Tile:
    if wait.half is None:
        return Tile(_("Waktu tunggu"), NOTHING, _("belum ada yang dipanggil"))
    note = _("separuhnya; 9 dari 10 paling lama %(wait)s") % {"wait": _minutes(wait.nine_in_ten)}
    return Tile(_("Waktu tunggu"), _minutes(wait.half), note)


def _last_tile(seen: Seen) -> Tile:
    if seen.waiting is None:
        return Tile(label_of("called"), formatting.number(seen.waits.total.called))
    note = ""
    if seen.waiting.since:
        note = ngettext(
            "%(n)s orang, yang pertama sejak %(clock)s",
            "%(n)s orang, yang pertama sejak %(clock)s",
            seen.waiting.people,
        ) % {
            "n": formatting.number(seen.waiting.people),
            "clock": booking_words.clock(seen.waiting.since, seen.office),
        }
    return Tile(_("Nomor menunggu sekarang"), formatting.number(seen.waiting.numbers), note)


def days_of(seen: Seen) -> Part | None:
    """Day by day; a single day has no such part."""
    if seen.period is Period.DAY or not seen.days:
        return None
    rows = [
        Row(
            title=formatting.day_short(day.day),
            cells=_cells(
                day.figures, seen.hours.by_day.get(day.day), seen.waits.by_day.get(day.day)
            ),
            note="" if day.is_over else _("masih berubah"),
            href=f"?rentang={Period.DAY}&tanggal={day.day}",
        )
        for day in seen.days
    ]
    chart = days_chart([(day.day, day.figures) for day in seen.days], seen.period)
    waits = waits_chart(
        _("Waktu tunggu setiap hari, dalam menit"),
        [(_short(day.day, seen.period), seen.waits.by_day.get(day.day)) for day in seen.days],
    )
    return Part(worth(chart, waits), _columns(), rows)


def hours_of(seen: Seen) -> Part | None:
    """By the hour for which people were booked: an ordinary day's, of the days it is known of."""
    days = seen.days_averaged
    hours = seen.hours.by_hour(days)
    if not hours:
        return None
    clocks = {hour: formatting.clock(datetime.combine(seen.span.first, hour)) for hour in hours}
    rows = [
        Row(
            clocks[hour],
            _cells(counted.figures, counted, seen.waits.by_hour.get(hour), among=len(days)),
        )
        for hour, counted in hours.items()
    ]
    chart = _figures_chart(
        _("Dibuka, dipesan, dan hadir setiap jam"),
        [(_hour(clocks[hour]), counted.figures) for hour, counted in hours.items()],
        among=len(days),
    )
    waits = waits_chart(
        _("Waktu tunggu setiap jam, dalam menit"),
        [(_hour(clocks[hour]), seen.waits.by_hour.get(hour)) for hour in hours],
    )
    return Part(worth(chart, waits), _columns(), rows, note=_averaged(seen, days))


def _averaged(seen: Seen, days: Sequence[date]) -> str:
    """Of which days the hours are an average, and that others are known by the day alone."""
    if seen.period is Period.DAY:
        return ""
    text = ngettext(
        "Rata-rata sehari, dari %(n)s hari: %(days)s.",
        "Rata-rata sehari, dari %(n)s hari: %(days)s.",
        len(days),
    ) % {"n": len(days), "days": _between(days)}
    if any(day.is_over and day.day not in seen.hours.by_day for day in seen.days):
        text += " " + _("Hari lain tersimpan tanpa rincian jam.")
    return text


def _between(days: Sequence[date]) -> str:
    ends = dict.fromkeys(formatting.date_in_year(day) for day in (days[0], days[-1]))
    return " – ".join(ends)


def counters_of(seen: Seen) -> Part | None:
    counters = seen.waits.by_counter
    if not counters:
        return None
    columns = [*called_columns(), label_of("half"), label_of("nine_in_ten")]
    rows = [
        Row(
            _("Loket %(n)s") % {"n": counter},
            _row(
                columns,
                [
                    *(
                        formatting.number(wait.called),
                        formatting.number(wait.done),
                        formatting.number(wait.gone),
                    ),
                    *(_minutes(wait.half), _minutes(wait.nine_in_ten)),
                ],
            ),
        )
        for counter, wait in counters.items()
    ]
    chart = bars.chart(
        title=_("Nomor di setiap loket"),
        text=_("Angkanya ada di tabel di bawah ini."),
        series=[label_of("called"), _("Selesai ditangani")],
        groups=[Group(str(n), (wait.called, wait.done)) for n, wait in counters.items()],
        name_all=True,
    )
    return Part(worth(chart, None), columns, rows)


def usual_of(seen: Seen) -> dict[str, Any]:
    """What the same weekdays usually are, or why that cannot be told."""
    usual = seen.usual
    told = {"weeks": WEEKS_BACK, "fewest": FEWEST_PAST, "alone": _alone(usual), "part": None}
    if not usual.days:
        return told | {"has_days": bool(usual.alone)}
    columns = [_("Hari-hari ini"), _("Biasanya"), _("Selisih")]
    pairs = [(getattr(usual.counted, name), getattr(usual.usual, name)) for name in HELD_AGAINST]
    rows = [
        Row(
            label_of(name),
            _row(
                columns, [formatting.number(now), formatting.number(then), _difference(now, then)]
            ),
        )
        for name, (now, then) in zip(HELD_AGAINST, pairs, strict=True)
    ]
    rows += _usual_wait(seen, columns)
    chart = bars.chart(
        title=_("Hari-hari ini dan biasanya"),
        text=_("Angkanya ada di tabel di bawah ini."),
        series=[_("Biasanya"), _("Hari-hari ini")],
        groups=[
            Group(label_of(name), (then, now))
            for name, (now, then) in zip(HELD_AGAINST, pairs, strict=True)
        ],
        name_all=True,
    )
    return told | {
        "part": Part([chart], columns, rows),
        "days": len(usual.days),
        "past": len(usual.past),
        "until": formatting.clock(seen.clock.replace(minute=0)) if seen.today in usual.days else "",
    }


def _alone(usual: Usual) -> str:
    return ", ".join(formatting.day_short(day) for day in usual.alone)


def _usual_wait(seen: Seen, columns: Sequence[str]) -> list[Row]:
    now, then = seen.waited.half, seen.usually_waited.half
    if now is None or then is None:
        return []
    return [
        Row(
            label_of("half"), _row(columns, [_minutes(now), _minutes(then), _difference(now, then)])
        )
    ]


def days_chart(days: Sequence[tuple[date, Figures]], period: Period) -> Chart:
    return _figures_chart(
        _("Dibuka, dipesan, dan hadir setiap hari"),
        [(_short(day, period), counted) for day, counted in days],
        name_all=period is Period.WEEK,
    )


def waits_chart(title: str, waits: Sequence[tuple[str, Wait | None]]) -> Chart | None:
    if not any(wait for _label, wait in waits):
        return None
    return bars.chart(
        title=title,
        text=_("Angkanya ada di tabel di bawah ini."),
        series=[_("9 dari 10"), _("separuh")],
        groups=[
            Group(label, ((wait or NOBODY).nine_in_ten or 0, (wait or NOBODY).half or 0))
            for label, wait in waits
        ],
        name_all=True,
    )


def _figures_chart(
    title: str, groups: Iterable[tuple[str, Figures]], *, name_all: bool = True, among: int = 1
) -> Chart:
    return bars.chart(
        title=title,
        text=_("Angkanya ada di tabel di bawah ini."),
        series=[label_of(name) for name in DRAWN],
        groups=[
            Group(label, tuple(round(getattr(counted, name) / among) for name in DRAWN))
            for label, counted in groups
        ],
        name_all=name_all,
    )


def worth(*charts: Chart | None) -> list[Chart]:
    """A chart of one group compares nothing."""
    return [chart for chart in charts if chart and chart.width > bars.GROUP]


def _short(day: date, period: Period) -> str:
    is_week = period is Period.WEEK
    return formatting.weekday_short(day) if is_week else formatting.date_short(day)


def _hour(clock: str) -> str:
    """08 of 08.00; a part hour keeps its minutes."""
    return clock[:2] if clock.endswith("00") else clock


def definitions(*, of_nation: bool) -> list[words.Word]:
    names = [*BEFORE_SERVED, *([] if of_nation else ["served"]), *AFTER_SERVED]
    return [_word(name) for name in (*names, "called", "half", "nine_in_ten")]


def columns_of_nation() -> list[str]:
    return [label_of(name) for name in (*BEFORE_SERVED, *AFTER_SERVED, "half", "nine_in_ten")]


def nation_cells(counted: Figures, wait: Wait | None) -> list[Cell]:
    values = [formatting.number(getattr(counted, name)) for name in (*BEFORE_SERVED, *AFTER_SERVED)]
    return _row(columns_of_nation(), [*values, *_waits(wait)])


def _columns() -> list[str]:
    names = (*BEFORE_SERVED, "served", *AFTER_SERVED, "half", "nine_in_ten")
    return [label_of(name) for name in names]


def _cells(
    counted: Figures, more: Counted | None, wait: Wait | None, *, among: int = 1
) -> list[Cell]:
    """Of one day, or of an average one ``among`` several."""
    values = [
        *(_mean(getattr(counted, name), among) for name in BEFORE_SERVED),
        _mean(more.served, among) if more else NOTHING,
        *(_mean(getattr(counted, name), among) for name in AFTER_SERVED),
        *_waits(wait),
    ]
    return _row(_columns(), values)


def _waits(wait: Wait | None) -> list[str]:
    return [_minutes((wait or NOBODY).half), _minutes((wait or NOBODY).nine_in_ten)]


def _row(columns: Sequence[str], values: Sequence[str]) -> list[Cell]:
    return [Cell(label, value) for label, value in zip(columns, values, strict=True)]


def _mean(total: int, among: int) -> str:
    """Tenths, where there is more than one day to share it."""
    return formatting.number(total) if among == 1 else formatting.number(total / among, 1)


def _number_or_none(value: int | None) -> str:
    return NOTHING if value is None else formatting.number(value)


def _minutes(value: int | None) -> str:
    return NOTHING if value is None else formatting.minutes(value)


def _difference(now: int, then: int) -> str:
    if now == then:
        return "0"
    return f"{'+' if now > then else '−'}{formatting.number(abs(now - then))}"


def _word(name: str) -> words.Word:
    return words.OVERVIEW.get(name) or words.FIGURES[name]


def called_columns() -> list[str]:
    """The numbers that were called, and what became of them."""
    return [label_of("called"), _("Selesai ditangani"), _("Tidak menjawab")]


def label_of(name: str) -> str:
    return str(_word(name).label)
