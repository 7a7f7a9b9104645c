"""Closing a day and opening it again. The people booked on it follow (queueing.booking)."""

from dataclasses import replace
from datetime import date, datetime, time

from django.db import transaction

from accounts.models import User
from offices import reasons
from offices import selectors as offices
from offices.approval_rules import Matter
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from queueing.quota import errors
from queueing.quota.models import Seat, Slot
from queueing.quota.services import days, seats
from queueing.quota.services.seats import Fitted, LockedDay


def approval_request(office: Office, day: date, since: time | None, why: Why) -> approvals.Request:
    """What a second officer has to agree to, where people are booked in these hours.

    A yes to what the public was to read is none to other words.
    """
    hours = f"{since:%H%M}" if since else "all"
    subject = f"{days.subject_of(office, day)}:{hours}"
    return approvals.Request(
        Act.CLOSE_DAY,
        approvals.bound(subject, {"note": why.note.strip()}),
        office,
        Matter(day=day, since=since),
    )


@transaction.atomic
def withdraw_day(  # noqa: PLR0913  # where, from when, why, by whom, and what it is part of
    *,
    office: Office,
    day: date,
    why: Why,
    officer: User,
    now: datetime,
    since: time | None = None,
    is_approved: bool = False,
) -> list[int]:
    """Close what is left of a day, and say which bookings still live on it.

    With ``since`` only the hours that begin then or later.

    Locks the day's slots, then all its seats without skipping one, and only then looks
    who is booked: claims under way have ended by then, and later ones find the slot
    closed. With anybody booked it takes a second officer's yes. On the day itself hours
    that have ended stay as they were. Repeating it after a crash answers with whoever
    is still booked. The note of ``why`` is shown to the public. ``is_approved``: the day
    follows a special day or a holiday, which had its own reason and second officer.
    Raises NotAllowed, NeedsApproval, ReasonNeeded, DayPast, DayWithoutQuota,
    DayAlreadyClosed.
    """
    authority.require(officer=officer, act=Act.CLOSE_DAY, office=office, now=now)
    if not is_approved:
        reasons.check(Act.CLOSE_DAY, why)
    if day < office.today(now):
        raise errors.DayPast
    locked = seats.lock_day(office, day)
    coming = [
        slot
        for slot in locked.slots
        if slot.ends_at > now and (since is None or slot.hour >= since)
    ]
    if not coming:
        raise errors.DayWithoutQuota
    booked = _live_bookings(coming)
    standing = [slot for slot in coming if slot.closed_at is None]
    if not standing and not booked:
        raise errors.DayAlreadyClosed
    if standing and not is_approved:
        request = replace(
            approval_request(office, day, since, why), seats=(_in_use(locked, standing), 0)
        )
        extent = Extent(people_booked=_people(locked, standing))
        approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    if standing:
        fitted = days.withdraw(standing, why.note, now)
        days.record("withdraw_day", office, day, officer, fitted, why, since)
        _end_overtaken(office, day, since, officer, now)
    return booked


def _end_overtaken(
    office: Office, day: date, since: time | None, officer: User, now: datetime
) -> None:
    """Requests to close hours that are closed now: nobody is to agree to what is done."""

    def is_moot(asked: Matter) -> bool:
        covers = since is None or (asked.since is not None and asked.since >= since)
        return asked.day == day and covers

    approvals.end_those(act=Act.CLOSE_DAY, office=office, is_moot=is_moot, officer=officer, now=now)


def _live_bookings(slots: list[Slot]) -> list[int]:
    """Read after the locks, as a new statement: it sees every claim that was waited for."""
    live = Seat.objects.filter(slot__in=slots, live_places__isnull=False)
    return list(
        live.order_by("live_places__booking_id")
        .values_list("live_places__booking_id", flat=True)
        .distinct()
    )


def _in_use(locked: LockedDay, slots: list[Slot]) -> int:
    return sum(seats.in_use(locked.seats[slot.pk]).total() for slot in slots)


def _people(locked: LockedDay, slots: list[Slot]) -> int:
    return sum(seat.taken for slot in slots for seat in locked.seats[slot.pk])


@transaction.atomic
def reopen_day(
    *, office: Office, day: date, why: Why, officer: User, now: datetime, is_approved: bool = False
) -> Fitted:
    """Open a closed day again, with the quota that its calendar gives now.

    Seats that were withdrawn come back, hours that have begun do not. People who were
    given another day keep that one. ``is_approved`` as in withdraw_day. Raises NotAllowed,
    ReasonNeeded, DayPast, DayNotClosed, DayNotInCalendar.
    """
    authority.require(officer=officer, act=Act.CLOSE_DAY, office=office, now=now)
    if not is_approved:
        reasons.check(Act.CLOSE_DAY, why)
    if day < office.today(now):
        raise errors.DayPast
    plan = offices.plan_of(office, day, day)[day]
    release = days.lock_release_of(office, day)
    locked = seats.lock_day(office, day)
    closed = [slot for slot in locked.slots if slot.closed_at and slot.starts_at > now]
    if release is None or not closed:
        raise errors.DayNotClosed
    if not plan.is_open:
        raise errors.DayNotInCalendar
    planned = days.hours_to_come(office, plan, now)
    days.reopen(slot for slot in closed if slot.starts_at in planned)
    fitted = days.refit(release, locked, plan, now)
    days.record("reopen_day", office, day, officer, fitted, why)
    return fitted
