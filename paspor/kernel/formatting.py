"""Numbers, days, clocks and stretches of time as people read them, in the active language.

A moment is shown by the clock of the zone that it is in; the caller puts it there first.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400
# From here on a wait is told in hours.
LONGEST_WAIT_IN_MINUTES = 120


def capitalised(text: object) -> str:
    return capfirst(str(text))


def unbroken(text: str) -> str:
    """Hours or a code that keep to one line: with word joiners around a dash, where a line
    could break.
    """
    return text.replace("–", "\u2060–\u2060").replace(" ", "\u00a0")


def number(value: float, decimals: int | None = None) -> str:
    """1.234 in Indonesian, 1,234 in English."""
    return str(number_format(value, decimals, force_grouping=True))


def percent(share: float) -> str:
    """80 %, of 0.8."""
    return f"{share * 100:.0f} %"


def rupiah(amount: int) -> str:
    """Rp 650.000 in both languages, with a space that does not break."""
    return f"Rp\u00a0{amount:,}".replace(",", ".")


def day(on: date) -> str:
    """Kamis, 24 Desember 2026."""
    return _day(on, get_language())


@lru_cache(1000)
def _day(on: date, _language: str | None) -> str:
    return date_format(on, "l, j F Y")


def day_short(on: date) -> str:
    """Kam, 24 Des."""
    return date_format(on, "D, j M")


def day_medium(on: date) -> str:
    """Kam, 24 Des 2026."""
    return date_format(on, "D, j M Y")


def date_long(on: date) -> str:
    """24 Desember 2026."""
    return date_format(on, "j F Y")


def date_medium(on: date) -> str:
    """24 Des 2026."""
    return date_format(on, "j M Y")


def date_short(on: date) -> str:
    """24 Des."""
    return date_format(on, "j M")


def day_in_year(on: date) -> str:
    """Kamis, 24 Desember: where the year is plain."""
    return date_format(on, "l, j F")


def date_in_year(on: date) -> str:
    """24 Desember."""
    return date_format(on, "j F")


def weekday_short(on: date) -> str:
    """Kam."""
    return date_format(on, "D")


def month(on: date) -> str:
    """Desember 2026."""
    return date_format(on, "F Y")


def clock(at: datetime | time) -> str:
    """08.00 in Indonesian, 08:00 in English."""
    return at.strftime("%H:%M" if get_language() == "en" else "%H.%M")


def moment(at: datetime) -> str:
    """Kamis, 26 November 2026, pukul 09.12 WIB: for a sentence."""
    return gettext("%(day)s, pukul %(clock)s %(zone)s") % {
        "day": day(at.date()),
        "clock": clock(at),
        "zone": at.tzname(),
    }


def timestamp(at: datetime) -> str:
    """26 November 2026, 09.12 WIB: for a column or a list."""
    return f"{date_long(at)}, {clock(at)} {at.tzname()}"


def timestamp_short(at: datetime) -> str:
    """26 Nov, 09.12 WIB: where the year is plain."""
    return f"{date_short(at)}, {clock(at)} {at.tzname()}"


def timestamp_with_weekday(at: datetime) -> str:
    """Kamis, 26 November 2026, 09.12 WIB."""
    return f"{day(at.date())}, {clock(at)} {at.tzname()}"


def wait(seconds: int) -> str:
    """When to come back: 40 detik lagi, 2 menit lagi, 16 jam lagi; never too early."""
    if seconds < 90:
        return ngettext("%(n)s detik lagi", "%(n)s detik lagi", seconds) % {"n": seconds}
    if seconds > LONGEST_WAIT_IN_MINUTES * MINUTE:
        hours = -(-seconds // HOUR)
        return ngettext("%(n)s jam lagi", "%(n)s jam lagi", hours) % {"n": hours}
    minutes_left = -(-seconds // MINUTE)
    return ngettext("%(n)s menit lagi", "%(n)s menit lagi", minutes_left) % {"n": minutes_left}


def minutes(count: int) -> str:
    """12 menit."""
    return ngettext("%(n)s menit", "%(n)s menit", count) % {"n": number(count)}


def hours_and_minutes(count: int) -> str:
    """1 jam 20 menit, of 80 minutes."""
    hours, rest = divmod(count, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours})
    if rest:
        parts.append(minutes(rest))
    return " ".join(parts)


def about(count: int) -> str:
    """sekitar 1 jam 20 menit."""
    return gettext("sekitar %(time)s") % {"time": hours_and_minutes(count)}


def duration(seconds: float) -> str:
    """In the largest unit that it fills: 45 detik, 12 menit, 3 jam, 2 minggu.

    The clocks of two servers may differ by a moment: less than nothing is nothing.
    """
    if seconds < MINUTE:
        count = max(round(seconds), 0)
        return ngettext("%(n)s detik", "%(n)s detik", count) % {"n": count}
    start = datetime(2000, 1, 1)  # noqa: DTZ001  # only the difference is told
    return timesince(start, start + timedelta(seconds=seconds), depth=1)


def duration_finer(seconds: float) -> str:
    """In the largest unit that it fills twice, days at most: 90 menit, 47 jam, 3 hari."""
    if seconds >= 2 * DAY:
        days = int(seconds // DAY)
        return ngettext("%(n)s hari", "%(n)s hari", days) % {"n": days}
    if seconds >= 2 * HOUR:
        hours = int(seconds // HOUR)
        return ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours}
    return minutes(int(max(0, seconds) // MINUTE))


def elapsed(since: datetime, now: datetime) -> str:
    """How long ago it was: baru saja, 12 menit, 3 jam."""
    if now - since < timedelta(minutes=1):
        return gettext("baru saja")
    return timesince(since, now, depth=1)


def elapsed_in_two_units(since: datetime, now: datetime) -> str:
    """0 menit, 12 menit, 3 jam, 5 menit."""
    return timesince(since, now)
