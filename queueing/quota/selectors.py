"""What is free where. Read through a picture two seconds old at most; nothing here writes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices import selectors as offices
from offices import words
from offices.models import Office, PassportType
from offices.rules import channels_of
from paspor.kernel import formatting, policy
from queueing.quota import errors, policies, rules, snapshots
from queueing.quota.models import Channel, Seat, Slot
from queueing.quota.rules import ClosedPart, DayFacts, DayState, DayWord, HourFacts, Why


@dataclass(frozen=True)
class Question:
    """Who asks for which days. Days are dates of the office; both ends are included.

    ``pairs``: two neighbouring hours will do for them, where none holds all.
    """

    first_day: date
    last_day: date
    people: int = 1
    channel: str = Channel.ONLINE
    passport_type: str = PassportType.REGULAR
    pairs: bool = True


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
    # Where no hour holds all who ask: pairs of hours that do between them.
    neighbours: tuple[tuple[Hour, Hour], ...] = ()
    # Of a special day: where it is held, if not at the office, and what the public is told.
    place: str = ""
    note: str = ""
    # The name of the holiday on which the office opens all the same.
    holiday: str = ""
    # Of a day that serves: the hours that an officer closed, and what the public is told.
    closed: tuple[ClosedPart, ...] = ()


@dataclass(frozen=True)
class Availability:
    office: Office
    as_of: datetime
    days: tuple[Day, ...]


def availability(office: Office, question: Question, now: datetime) -> Availability:
    """What is free at an office on each day of a span, and why not where nothing is.

    Raises DaysOutOfOrder, TooManyDays, DayPast, DayTooFar. The free seats were counted at
    ``as_of``; the claim decides.
    """
    check_span(office, question.first_day, question.last_day, now)
    picture = snapshots.current_picture(office, now)
    asked = _question_of_rules(office, question, now)
    days = []
    for day, facts in picture.days.items():
        if question.first_day <= day <= question.last_day:
            if question.passport_type in office.passport_types:
                word = rules.day_word(facts, asked, picture.as_of)
            else:
                word = DayWord(DayState.NOT_OFFERED, Why.PASSPORT_TYPE)
            days.append(_day(facts, word, question))
    return Availability(office, picture.as_of, tuple(days))


def check_span(office: Office, first_day: date, last_day: date, now: datetime) -> None:
    today, farthest = rules.window(office.today(now))
    if last_day < first_day:
        raise errors.DaysOutOfOrder(fields={"to": [errors.DaysOutOfOrder.message]})
    if (last_day - first_day).days >= rules.MOST_DAYS:
        raise errors.TooManyDays(fields={"to": [errors.TooManyDays.message]}, most=rules.MOST_DAYS)
    if first_day < today:
        # Whose phone is behind the office's clock learns which day it is there.
        told = {"today": today.isoformat()}
        raise errors.DayPast(extras=told, fields={"from": [errors.DayPast.message]})
    if last_day > farthest:
        raise errors.DayTooFar(
            fields={"to": [errors.DayTooFar.message]}, last=formatting.date_long(farthest)
        )


def _question_of_rules(office: Office, question: Question, now: datetime) -> rules.Asked:
    cutoff = policy.minutes(policies.BOOK_CUTOFF_MINUTES, now=now, scope=office.code)
    return rules.Asked(
        people=question.people,
        channel=question.channel,
        not_before=now + cutoff,
        # A code of an LTSP is one person's.
        pairs=question.pairs and not office.needs_referral,
    )


def _day(facts: DayFacts, word: DayWord, question: Question) -> Day:
    return Day(
        day=facts.day,
        state=word.state,
        why_code=word.why or "",
        why=_sentence(word, question.people, facts.day),
        opens_at=word.opens_at,
        hours=tuple(_hour(hour, question.channel) for hour in word.hours),
        neighbours=tuple(
            (_hour(first, question.channel), _hour(second, question.channel))
            for first, second in word.neighbours
        ),
        place=facts.place if facts.is_open else "",
        note=_note(facts),
        holiday=words.holiday(facts.holiday, facts.day) if facts.holiday else "",
        closed=rules.closed_parts(facts),
    )


def _note(facts: DayFacts) -> str:
    return _(facts.note) if facts.is_open and facts.note else ""


def _hour(facts: HourFacts, channel: str) -> Hour:
    return Hour(facts.code, facts.starts_at, facts.ends_at, facts.free.get(channel, 0))


def _sentence(word: DayWord, people: int, day: date) -> str:
    if word.why is None:
        return ""
    if word.why is Why.TOO_FEW_TOGETHER:
        told = ngettext(
            "Tidak ada jam dengan tempat untuk %(people)s orang.",
            "Tidak ada jam dengan tempat untuk %(people)s orang sekaligus.",
            people,
        ) % {"people": people}
        return f"{told} {_('Dua jam berdekatan cukup.')}" if word.neighbours else told
    if word.note and word.why is Why.HOLIDAY:
        return _("Hari libur: %(name)s.") % {"name": words.holiday(word.note, day)}
    if word.note in rules.BY_CALENDAR:
        return _(word.note)
    if word.note:
        return _("Kantor tutup: %(reason)s") % {"reason": _(word.note)}
    return {
        Why.HOLIDAY: _("Hari libur."),
        Why.CLOSURE: _("Kantor tutup."),
        Why.NO_HOURS: _("Kantor tidak melayani pada hari itu."),
        Why.NO_STATIONS: _("Tidak ada loket yang melayani pada hari itu."),
        Why.TOO_LATE: _("Pemesanan untuk hari itu sudah ditutup."),
        Why.PASSPORT_TYPE: _("Kantor ini tidak menerbitkan jenis paspor yang dipilih."),
        Why.CHANNEL: _("Jalur ini tidak tersedia pada hari itu."),
        Why.ALL_TAKEN: _("Semua tempat pada hari itu sudah terisi."),
        Why.NOT_YET: _("Kuota hari itu belum dibuka."),
        Why.NOT_PLANNED: _("Pembukaan kuota untuk hari itu tidak dijadwalkan."),
    }[word.why]


def free_in(slot: Slot, channel: str, now: datetime) -> int:
    """The seats of an hour that everybody sees; the claim decides. Wants ``slot.office``."""
    day = snapshots.current_picture(slot.office, now).days.get(slot.day)
    hours = day.hours if day else ()
    return next((hour.free.get(channel, 0) for hour in hours if hour.code == slot.code), 0)


def free_seats(slot: Slot, channel: str) -> int:
    """The free seats by the database's word at this moment: why a claim was refused."""
    free = Seat.objects.filter(slot=slot, channel=channel, taken=False, visible_at__lte=Now())
    return free.count()


def slot_by_code(code: str) -> Slot:
    """Raises SlotUnknown."""
    known = Slot.objects.annotate(**offices.told_of_day("office", "day"))
    slot = known.select_related("office", "release").filter(code=code.upper()).first()
    if slot is None:
        raise errors.SlotUnknown
    return slot


def days_closed(office: Office, first_day: date, last_day: date) -> set[date]:
    """The days of a span whose hours are all closed, whoever closed them and whatever the
    calendar says. Both ends are included; a day without quota is not among them.
    """
    slots = Slot.objects.filter(office=office, day__range=(first_day, last_day))
    standing = slots.values("day").annotate(open=Count("pk", filter=Q(closed_at=None)))
    return set(standing.filter(open=0).values_list("day", flat=True))


def said_of_closed_days(office: Office, first_day: date, last_day: date) -> dict[date, set[str]]:
    """What the hours of each day say that has some, all closed; both ends are included.

    Who closed them shows in it: what only the calendar took away says BY_CALENDAR's words.
    """
    slots = Slot.objects.filter(office=office, day__range=(first_day, last_day))
    closed = days_closed(office, first_day, last_day)
    found: dict[date, set[str]] = {}
    for day, why in slots.filter(day__in=closed).values_list("day", "closed_why"):
        found.setdefault(day, set()).add(why)
    return found


def serves_beside(slot: Slot) -> bool:
    """Whether other hours of the slot's day serve."""
    standing = Slot.objects.filter(office=slot.office_id, day=slot.day, closed_at=None)
    return standing.exclude(pk=slot.pk).exists()


def days_closed_in_part(office: Office, first_day: date, last_day: date) -> set[date]:
    """The days of a span some of whose hours an officer closed while others serve.

    Both ends are included. Hours that went because the calendar changed do not count.
    """
    slots = Slot.objects.filter(office=office, day__range=(first_day, last_day))
    is_open = Q(closed_at=None)
    standing = slots.values("day").annotate(
        open=Count("pk", filter=is_open),
        closed=Count("pk", filter=~is_open & ~Q(closed_why=rules.HOUR_GONE)),
    )
    return set(standing.filter(open__gt=0, closed__gt=0).values_list("day", flat=True))


def left_to_counter(office: Office) -> list[str]:
    """The channels whose free seats a counter may give away, once they are left over."""
    offered = channels_of(office.kind)
    return [channel for channel in (Channel.SAME_DAY, Channel.ONLINE) if channel in offered]


def is_left_to_counter(slot: Slot, *, now: datetime) -> bool:
    """Whether what is free in this hour is for whoever stands at the counter.

    So it is once nobody can book the hour online any more: a seat that is not taken then
    would be lost. And while an incident opens walk-in. Wants ``slot.office`` loaded.
    """
    minutes = policies.BOOK_CUTOFF_MINUTES.at(now=now, scope=slot.office.code)
    return now >= slot.starts_at - timedelta(minutes=minutes) or offices.opens_walk_in(slot.office)
