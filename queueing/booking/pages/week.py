"""The week of an office: "Senin–Kamis 08.00–12.00, 13.00–15.00"."""

from datetime import date

from django.utils.dates import WEEKDAYS

from offices.rules import WeeklyHours, WorkingHours
from paspor.kernel import formatting


def _spans(hours: WorkingHours) -> str:
    ends = [(hours.opens, hours.closes)]
    if hours.break_starts and hours.break_ends:
        ends = [(hours.opens, hours.break_starts), (hours.break_ends, hours.closes)]
    return ", ".join(
        formatting.unbroken(f"{formatting.clock(start)}–{formatting.clock(end)}")
        for start, end in ends
    )


def week_in_words(rows: list[WeeklyHours], day: date) -> list[str]:
    """ "Senin–Kamis 08.00–12.00, 13.00–15.00": neighbouring days with the same hours."""
    said: list[tuple[int, int, str]] = []
    for weekday in range(7):
        on = [row for row in rows if row.weekday == weekday and row.valid_from <= day]
        text = _spans(max(on, key=lambda row: row.valid_from).hours) if on else ""
        if text and said and said[-1][1] == weekday - 1 and said[-1][2] == text:
            said[-1] = (said[-1][0], weekday, text)
        elif text:
            said.append((weekday, weekday, text))
    return [
        f"{WEEKDAYS[first]}{f'–{WEEKDAYS[last]}' if last > first else ''} {text}"
        for first, last, text in said
    ]
