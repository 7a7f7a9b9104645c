"""The overview as rows of a file for a spreadsheet."""

from dataclasses import astuple
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from queueing.desk.wait_selectors import NOBODY, Wait
from queueing.integrity import words
from queueing.integrity.pages.overview_shown import Seen, called_columns, label_of
from queueing.integrity.rules.figures import NAMES, Figures

OFFLINE = NAMES.index("walk_in_offline")


def file_columns() -> list[str]:
    public = [str(words.FIGURES[name].label) for name in NAMES]
    waited = [label_of(name) for name in ("half", "nine_in_ten")]
    return [*public, label_of("served"), *called_columns(), *waited]


def file_row(counted: Figures | None, served: int | None, wait: Wait | None) -> list[Any]:
    """Plain numbers; what is not known is empty."""
    public = astuple(counted) if counted else [None] * len(NAMES)
    wait = wait or NOBODY
    return [*public, served, wait.called, wait.done, wait.gone, wait.half, wait.nine_in_ten]


def file_of(seen: Seen) -> list[list[Any]]:
    hours, waits = seen.hours, seen.waits
    whole = file_row(seen.total, seen.served, waits.total)
    rows: list[list[Any]] = [[_("Jumlah"), f"{seen.span.first} – {seen.span.last}", *whole]]
    for day in seen.days:
        more, wait = hours.by_day.get(day.day), waits.by_day.get(day.day)
        numbers = file_row(day.figures, more.served if more else None, wait)
        rows.append([_("Hari"), day.day.isoformat(), *numbers])
    among = seen.days_averaged
    for hour, counted in hours.by_hour(among).items():
        numbers = file_row(counted.figures, counted.served, waits.by_hour.get(hour))
        numbers[OFFLINE] = None  # counted by the day
        rows.append([_hours_in(len(among)), hour.strftime("%H:%M"), *numbers])
    for counter, wait in waits.by_counter.items():
        rows.append([_("Loket"), counter, *file_row(None, None, wait)])
    return rows


def _hours_in(days: int) -> str:
    """The file has sums; they are divided by who reads them."""
    if days == 1:
        return _("Jam")
    return ngettext("Jam, jumlah %(n)s hari", "Jam, jumlah %(n)s hari", days) % {"n": days}
