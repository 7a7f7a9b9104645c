"""Quota follows the calendar: what stands already is brought in line when it changes.

The offices' services ask who is booked, see to a second officer's yes, write the change,
and call ``follow`` after their commit. Each day is then a transaction of its own; a day
that refuses stays as it is, is logged, and can be opened or closed by hand. People on a
day that closes are followed by booking's periodic task within a minute.

Each change is a row (CalendarChange), written with it. One that is not marked as followed
was cut off, by a crash or by a lock that did not come free, and ``follow_cut_off`` goes on
with it. Days are not compared with the calendar for this: an officer may have given an hour
other seats since.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from offices import selectors as offices
from offices.models import CalendarChange, Office
from offices.ports import OwnOpening, PlanOn, SetByHand, Span
from offices.reasons import Why
from offices.rules import DayPlan
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.errors import Busy, DomainError
from paspor.kernel.models import Note
from queueing.quota import rules
from queueing.quota.models import Release, Seat, Slot
from queueing.quota.services import capacity, closing, own_openings

log = logging.getLogger(__name__)

# Changes of one named day; they open a day again that was closed. Others leave it closed.
ABOUT_A_DAY = frozenset(
    {"set_special_day", "lift_special_day", "confirm_holiday", "decline_holiday"}
)
FOLLOWED = "follow_calendar"
# Following takes seconds; what is not followed after this long was cut off.
GRACE = timedelta(minutes=2)


class QuotaCalendar:
    """What queueing answers to offices.ports."""

    def people_booked(self, span: Span, after: PlanOn | None = None) -> int:
        if after is None:
            return Seat.objects.filter(slot__in=_slots(span), taken=True).count()
        taken = Count("seats", filter=Q(seats__taken=True))
        standing = _slots(span).filter(closed_at=None).select_related("office")
        booked = list(standing.annotate(people=taken).filter(people__gt=0))
        plans = {day: after(day) for day in {slot.day for slot in booked}}
        return sum(slot.people for slot in booked if not _stays(slot, plans[slot.day]))

    def set_by_hand(self, span: Span, *, now: datetime) -> list[SetByHand]:
        hours = _set_by_hand(span).filter(starts_at__gt=now).order_by("starts_at")
        slots = list(hours.only("day", "hour", "by_hand_reason", "by_hand_note_id"))
        notes = Note.objects.in_bulk([slot.by_hand_note_id for slot in slots])
        return [SetByHand(slot.day, slot.hour, _why_by_hand(slot, notes)) for slot in slots]

    def let_follow(self, span: Span) -> None:
        _set_by_hand(span).update(by_hand_at=None)

    def check_opening(self, wish: OwnOpening, *, now: datetime) -> None:
        own_openings.check(wish, now=now)

    def set_opening(self, wish: OwnOpening, *, officer: User, why: Why, now: datetime) -> None:
        own_openings.set_opening(wish, officer=officer, why=why, now=now)

    def follow(self, change: CalendarChange, *, now: datetime) -> None:
        may_open = change.act in ABOUT_A_DAY
        unfinished = 0
        for office, day in _days(Span.of_change(change), now):
            unfinished += not _try_day(office, day, change.officer, may_open=may_open, now=now)
        if not unfinished:
            _mark_followed(change, now=now)


@transaction.atomic
def _mark_followed(change: CalendarChange, *, now: datetime) -> None:
    """Once, also where two processes have followed it."""
    waiting = CalendarChange.objects.filter(pk=change.pk, followed_at=None)
    if waiting.update(followed_at=now):
        span = Span.of_change(change)
        audit.record(
            FOLLOWED,
            actor_id=change.officer_id,
            subject=_subject_of(span),
            stream=authority.stream_of(span.office),
            detail={"change": change.act} | span.log_detail(),
        )


def _try_day(office: Office, day: date, officer: User, *, may_open: bool, now: datetime) -> bool:
    """Whether the day is done with: a refusal is final, a lock or a lost database is not."""
    try:
        _follow_day(office, day, officer, may_open=may_open, now=now)
    except (DomainError, DatabaseError) as trouble:
        cause = trouble.code if isinstance(trouble, DomainError) else type(trouble).__name__
        log.warning(
            "a day did not follow its calendar",
            extra={"office": office.code, "day": str(day), "cause": cause},
        )
        return isinstance(trouble, DomainError) and not isinstance(trouble, Busy)
    return True


def _subject_of(span: Span) -> str:
    """The subject under which the change of calendar is logged."""
    return f"office:{span.office.code}" if span.office else "nation"


def follow_cut_off(*, now: datetime, grace: timedelta = GRACE) -> int:
    """Go on with every change of calendar that was not followed to its end; how many.

    Safe to repeat and to run twice at once. ``grace`` is counted by the database's clock,
    as ``made_at`` is.
    """
    unfollowed = CalendarChange.objects.filter(followed_at=None, made_at__lt=Now() - grace)
    changes = list(unfollowed.select_related("office", "officer").order_by("id"))
    for change in changes:
        QuotaCalendar().follow(change, now=now)
    return len(changes)


def _set_by_hand(span: Span) -> QuerySet[Slot]:
    return _slots(span).filter(by_hand_at__isnull=False, closed_at=None)


def _stays(slot: Slot, plan: DayPlan) -> bool:
    return rules.keeps(plan, slot.hour, slot.ends_at.astimezone(slot.office.zone).time())


def _why_by_hand(slot: Slot, notes: Mapping[int, Note]) -> Why:
    note = notes.get(slot.by_hand_note_id or 0)
    return Why(slot.by_hand_reason, note.text if note else "")


def _slots(span: Span) -> QuerySet[Slot]:
    slots = Slot.objects.filter(day__gte=span.first_day)
    if span.last_day is not None:
        slots = slots.filter(day__lte=span.last_day)
    if span.weekday is not None:
        slots = slots.filter(day__iso_week_day=span.weekday + 1)
    return slots if span.office is None else slots.filter(office=span.office)


def _days(span: Span, now: datetime) -> Iterator[tuple[Office, date]]:
    """The days of the span whose seats are made, from today on at each office.

    Also those that had no hours so far: they may have some now.
    """
    made = Release.objects.filter(prepared_at__isnull=False, last_day__gte=span.first_day)
    if span.last_day is not None:
        made = made.filter(first_day__lte=span.last_day)
    if span.office is not None:
        made = made.filter(office=span.office)
    for release in made.select_related("office").order_by("office_id", "first_day"):
        for n in range((release.last_day - release.first_day).days + 1):
            day = release.first_day + timedelta(days=n)
            if _within(day, span) and day >= release.office.today(now):
                yield release.office, day


def _within(day: date, span: Span) -> bool:
    in_time = span.first_day <= day and (span.last_day is None or day <= span.last_day)
    return in_time and (span.weekday is None or day.weekday() == span.weekday)


def _follow_day(office: Office, day: date, officer: User, *, may_open: bool, now: datetime) -> None:
    plan = offices.plan_of(office, day, day)[day]
    standing = Slot.objects.filter(office=office, day=day)
    if not plan.is_open:
        if standing.filter(closed_at=None).exists():
            why = Why(FOLLOWED, plan.note or rules.DAY_GONE)
            closing.withdraw_day(
                office=office, day=day, why=why, officer=officer, now=now, is_approved=True
            )
    elif _is_closed(standing, may_open=may_open):
        if may_open:
            closing.reopen_day(
                office=office,
                day=day,
                why=Why(FOLLOWED),
                officer=officer,
                now=now,
                is_approved=True,
            )
    elif day > office.today(now):
        capacity.apply_calendar(office=office, day=day, officer=officer, now=now)


def _is_closed(standing: QuerySet[Slot], *, may_open: bool) -> bool:
    """All of it, and by somebody: what only its calendar had taken away comes back with it."""
    if not standing.exists() or standing.filter(closed_at=None).exists():
        return False
    return may_open or not standing.filter(closed_why__in=rules.BY_CALENDAR).exists()
