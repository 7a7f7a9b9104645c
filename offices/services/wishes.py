"""What an officer wants of the calendar: bound to its approval, and told to who gives it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from offices import rules, words
from offices.models import Office, OpeningHours
from offices.ports import OwnOpening, SetByHand
from offices.rules import WorkingHours
from offices.services import approvals
from paspor.kernel import formatting
from paspor.kernel.errors import N_

NAMES = {
    "ONLINE": N_("daring"),
    "PRIORITY": N_("prioritas"),
    "SAME_DAY": N_("percepatan"),
    "COUNTER": N_("loket"),
}


@dataclass(frozen=True)
class HoursWish:
    """Usual hours of one weekday (0 is Monday), from one date to another."""

    weekday: int
    valid_from: date
    valid_to: date | None
    hours: WorkingHours


@dataclass(frozen=True)
class SpecialWish:
    """One day of its own: closed, or open with ``hours``.

    ``opens_at`` is when its seats open for booking; None leaves that as it is.
    """

    day: date
    reason: str
    hours: WorkingHours | None = None
    place: str = ""
    opens_at: datetime | None = None

    def opening(self, office: Office) -> OwnOpening | None:
        if self.hours is None or self.opens_at is None:
            return None
        return OwnOpening(office, self.day, self.opens_at)


MOST_TOLD = 10


def words_of_set_by_hand(hours: Sequence[SetByHand]) -> str:
    """Each with its reason; of many the first ones, and how many more there are."""
    told = [
        f"{formatting.day(hour.day)} {formatting.clock(hour.hour)}"
        + (f" ({said})" if (said := _why_in_words(hour)) else "")
        for hour in hours[:MOST_TOLD]
    ]
    if len(hours) > MOST_TOLD:
        told.append(_("dan %(n)s jam lagi") % {"n": len(hours) - MOST_TOLD})
    return "; ".join(told)


def _why_in_words(hour: SetByHand) -> str:
    reason = words.reason(hour.why.reason) if hour.why.reason else ""
    return ": ".join(filter(None, (str(reason), hour.why.note)))


# Quotas of a weekday: from each day on, until the next one named.
Steps = list[tuple[date, int]]


def subject_of_hours(office: Office, wish: HoursWish, after: Steps) -> str:
    """What an approval of these hours is bound to: a yes to less is no yes to more."""
    subject = f"{office.code}:{wish.weekday}:{wish.valid_from}:{quota(wish.hours)}"
    return approvals.bound(subject, asdict(wish) | {"after": after})


def subject_of_end(office: Office, row: OpeningHours, last_day: date, after: Steps) -> str:
    subject = f"{office.code}:{row.weekday}:{last_day}:end"
    return approvals.bound(subject, {"row": row.pk, "last_day": last_day, "after": after})


def subject_of_special(office: Office, wish: SpecialWish) -> str:
    total = quota(wish.hours) if wish.hours else 0
    return approvals.bound(f"{office.code}:{wish.day}:{total}", asdict(wish))


def words_of_hours(wish: HoursWish) -> str:
    return _("%(weekday)s, berlaku %(first)s s.d. %(last)s: %(hours)s") % {
        "weekday": WEEKDAYS[wish.weekday],
        "first": formatting.day(wish.valid_from),
        "last": formatting.day(wish.valid_to) if wish.valid_to else _("seterusnya"),
        "hours": _words(wish.hours),
    }


def words_of_end(row: OpeningHours, last_day: date, after: Steps) -> str:
    return _("%(weekday)s: jam sejak %(first)s berakhir %(last)s; sesudahnya %(after)s") % {
        "weekday": WEEKDAYS[row.weekday],
        "first": formatting.day(row.valid_from),
        "last": formatting.day(last_day),
        "after": ", ".join(
            _("%(seats)s tempat sejak %(day)s")
            % {"seats": formatting.number(seats), "day": formatting.day(day)}
            for day, seats in after
        ),
    }


def words_of_special(wish: SpecialWish, zone: ZoneInfo | None = None) -> str:
    """``zone`` is the office's, where the wish may name a moment."""
    hours = _words(wish.hours) if wish.hours else _("tutup")
    opening = ""
    if wish.hours and wish.opens_at:
        opening = _("dibuka %(when)s") % {"when": words.moment(wish.opens_at, zone)}
    return f"{formatting.day(wish.day)}: " + "; ".join(
        filter(None, (hours, wish.place.strip(), wish.reason.strip(), opening))
    )


def words_of_lifting(day: date) -> str:
    return _("%(day)s: kembali seperti biasa") % {"day": formatting.day(day)}


def quota(hours: WorkingHours) -> int:
    return sum(hour.seats for hour in rules.hours_of_day(hours))


def _words(hours: WorkingHours) -> str:
    text = _("%(open)s, %(stations)s loket, %(minutes)s menit, %(seats)s tempat (%(shares)s)") % {
        "open": _stretch(hours.opens, hours.closes),
        "stations": hours.stations,
        "minutes": hours.minutes,
        "seats": formatting.number(quota(hours)),
        "shares": ", ".join(f"{_(NAMES[c])} {n} %" for c, n in hours.shares.items() if n),
    }
    if hours.break_starts is None or hours.break_ends is None:
        return text
    rest = _stretch(hours.break_starts, hours.break_ends)
    return text + _(", istirahat %(rest)s") % {"rest": rest}


def _stretch(starts: time, ends: time) -> str:
    return f"{formatting.clock(starts)}–{formatting.clock(ends)}"
