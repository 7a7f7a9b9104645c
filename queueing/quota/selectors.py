"""What is free where. Read through a picture two seconds old at most; nothing here writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices import selectors as offices
from offices.models import Office, PassportType
from offices.selectors import Wanted
from paspor.kernel import policy
from queueing.quota import errors, policies, rules, snapshots
from queueing.quota.models import WITHDRAWN, Channel, Release, Slot
from queueing.quota.rules import DayState, DayWord, HourFacts, Why

# How many of the nearest offices are looked at before we say that nothing is free nearby.
NEAREST_OFFICES = 60


@dataclass(frozen=True)
class Question:
    """Who asks for which days. Days are dates of the office; both ends are included."""

    first_day: date
    last_day: date
    people: int = 1
    channel: str = Channel.ONLINE
    passport_type: str = PassportType.REGULAR


@dataclass(frozen=True)
class Hour:
    slot_code: str
    starts_at: datetime
    ends_at: datetime
    free: int


@dataclass(frozen=True)
class Day:
    """``why`` is a sentence in the reader's language, ``why_code`` the same for programs."""

    day: date
    state: DayState
    why_code: str
    why: str
    opens_at: datetime | None
    hours: tuple[Hour, ...]


@dataclass(frozen=True)
class Availability:
    office: Office
    as_of: datetime
    days: tuple[Day, ...]


# --- Availability --------------------------------------------------------------------


def availability(office: Office, question: Question, now: datetime) -> Availability:
    """What is free at an office on each day of a span, and why not where nothing is.

    Raises DaysOutOfOrder, TooManyDays, DayPast, DayTooFar. The free seats were counted at
    ``as_of``; the claim decides.
    """
    check_span(office, question.first_day, question.last_day, now)
    picture = snapshots.of(office, now)
    asked = _asked(office, question.people, question.channel, now)
    days = []
    for day, facts in picture.days.items():
        if question.first_day <= day <= question.last_day:
            if question.passport_type in office.passport_types:
                word = rules.day_word(facts, asked, picture.as_of)
            else:
                word = DayWord(DayState.NOT_OFFERED, Why.PASSPORT_TYPE)
            days.append(_day(day, word, question))
    return Availability(office, picture.as_of, tuple(days))


def check_span(office: Office, first_day: date, last_day: date, now: datetime) -> None:
    today, farthest = snapshots.window(office, now)
    if last_day < first_day:
        raise errors.DaysOutOfOrder(fields={"to": [errors.DaysOutOfOrder.message]})
    if (last_day - first_day).days >= rules.MOST_DAYS:
        raise errors.TooManyDays(fields={"to": [errors.TooManyDays.message]}, most=rules.MOST_DAYS)
    if first_day < today:
        raise errors.DayPast(fields={"from": [errors.DayPast.message]})
    if last_day > farthest:
        raise errors.DayTooFar(
            fields={"to": [errors.DayTooFar.message]}, last=date_format(farthest, "DATE_FORMAT")
        )


def _asked(office: Office, people: int, channel: str, now: datetime) -> rules.Asked:
    cutoff = policy.minutes(policies.BOOK_CUTOFF_MINUTES, now=now, scope=office.code)
    return rules.Asked(people=people, channel=channel, not_before=now + cutoff)


def _day(day: date, word: DayWord, question: Question) -> Day:
    return Day(
        day=day,
        state=word.state,
        why_code=word.why or "",
        why=_sentence(word, question.people),
        opens_at=word.opens_at,
        hours=tuple(_hour(facts, question.channel) for facts in word.hours),
    )


def _hour(facts: HourFacts, channel: str) -> Hour:
    return Hour(facts.code, facts.starts_at, facts.ends_at, facts.free.get(channel, 0))


def _sentence(word: DayWord, people: int) -> str:
    if word.why is None:
        return ""
    if word.why is Why.TOO_FEW_TOGETHER:
        return ngettext(
            "Tidak ada jam dengan tempat untuk %(people)s orang.",
            "Tidak ada jam dengan tempat untuk %(people)s orang sekaligus.",
            people,
        ) % {"people": people}
    if word.note and word.why is Why.HOLIDAY:
        return _("Hari libur: %(name)s.") % {"name": word.note}
    if word.note:
        return _("Kantor tutup: %(reason)s") % {"reason": _(word.note)}
    return {
        Why.HOLIDAY: _("Hari libur."),
        Why.CLOSURE: _("Kantor tutup."),
        Why.NO_HOURS: _("Kantor tidak melayani pada hari ini."),
        Why.NO_STATIONS: _("Tidak ada loket yang melayani pada hari ini."),
        Why.TOO_LATE: _("Pemesanan untuk hari ini sudah ditutup."),
        Why.PASSPORT_TYPE: _("Kantor ini tidak menerbitkan jenis paspor yang dipilih."),
        Why.CHANNEL: _("Jalur ini tidak tersedia pada hari ini."),
        Why.ALL_TAKEN: _("Semua tempat pada hari ini sudah terisi."),
        Why.NOT_YET: _("Kuota hari ini belum dibuka."),
    }[word.why]


# --- The nearest office with room ----------------------------------------------------


@dataclass(frozen=True)
class Need:
    """What is looked for nearby: this many together, before or on a day if one is given."""

    people: int = 1
    before: date | None = None
    channel: str = Channel.ONLINE
    passport_type: str = PassportType.REGULAR
    limit: int = 5


@dataclass(frozen=True)
class NearestFree:
    """The first hour with room at one office."""

    office: Office
    distance_km: float
    day: date
    hour: Hour


@dataclass(frozen=True)
class Point:
    """Where to look from. An office that one looks from is not among the answers."""

    latitude: float
    longitude: float
    office_code: str = ""

    @classmethod
    def of(cls, office: Office) -> "Point":
        return cls(float(office.latitude), float(office.longitude), office.code)


def nearest_free(point: Point, need: Need, now: datetime) -> list[NearestFree]:
    """The nearest offices with room for all, each with its first such hour; nearest first.

    Offices that need a referral are left out: they are no choice of the public.
    Looks at the NEAREST_OFFICES nearest only.
    """
    found: list[NearestFree] = []
    around = offices.nearest(
        point.latitude, point.longitude, Wanted(passport_type=need.passport_type)
    )
    choices = [
        (office, km)
        for office, km in around
        if not office.needs_referral and office.code != point.office_code
    ]
    for office, km in choices[:NEAREST_OFFICES]:
        first = next(_hours_with_room(office, need, now), None)
        if first is not None:
            found.append(NearestFree(office, km, *first))
        if len(found) == need.limit:
            break
    return found


def _hours_with_room(office: Office, need: Need, now: datetime) -> Iterator[tuple[date, Hour]]:
    picture = snapshots.of(office, now)
    asked = _asked(office, need.people, need.channel, now)
    for day, facts in picture.days.items():
        if need.before is not None and day > need.before:
            return
        word = rules.day_word(facts, asked, picture.as_of)
        for hour in word.hours if word.state is DayState.OPEN else ():
            if hour.free.get(need.channel, 0) >= need.people:
                yield day, _hour(hour, need.channel)


# --- For officers and our own services -----------------------------------------------


def slot_by_code(code: str) -> Slot:
    """Raises SlotUnknown."""
    slot = Slot.objects.select_related("office", "release").filter(code=code.upper()).first()
    if slot is None:
        raise errors.SlotUnknown
    return slot


def slots_of_day(office: Office, day: date) -> list[Slot]:
    """The slots of a day in order, each with ``seats_taken`` and ``seats_free`` (not yet
    visible ones included, withdrawn ones not): one query."""
    return list(
        Slot.objects.filter(office=office, day=day)
        .annotate(
            seats_taken=Count("seats", filter=Q(seats__taken=True)),
            seats_free=Count(
                "seats", filter=Q(seats__taken=False, seats__visible_at__lt=WITHDRAWN)
            ),
        )
        .order_by("starts_at")
    )


def last_released_day(office: Office) -> date | None:
    """The last day that any release of the office covers."""
    return (
        Release.objects.filter(office=office)
        .order_by("-last_day")
        .values_list("last_day", flat=True)
        .first()
    )
