"""Changing quota that stands already: one channel of one hour, or a whole day anew."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from offices import reasons
from offices import selectors as offices
from offices.approval_rules import Matter
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act, DayPlan, Extent, channels_of
from offices.services import approvals, authority, raises
from paspor.kernel import audit
from paspor.kernel.models import AuditEvent
from queueing.quota import errors, rules, selectors
from queueing.quota.models import Slot
from queueing.quota.services import days, seats
from queueing.quota.services.seats import Fitted


@dataclass(frozen=True)
class SeatsWanted:
    """How many seats an hour should have in a channel, and why."""

    slot_code: str
    channel: str
    seats: int
    why: Why


@dataclass(frozen=True)
class Changed:
    """What came of it. ``remain`` is above ``asked`` where more are taken already."""

    before: int
    asked: int
    remain: int


@transaction.atomic
def change_capacity(*, wanted: SeatsWanted, officer: User, now: datetime) -> Changed:
    """Give one channel of one hour another number of seats.

    Locks the day's slots and all their seats. Where the day's quota grows to a quarter
    more than its calendar gives (so many small steps count as one), it takes a second
    officer's yes. Raises SlotUnknown, NotAllowed, NeedsApproval, SeatsOutOfRange,
    ChannelNotHere, ReasonNeeded, DayPast, SlotWithdrawn.
    """
    slot = selectors.slot_by_code(wanted.slot_code)
    authority.require(officer=officer, act=Act.CHANGE_CAPACITY, office=slot.office, now=now)
    _check_wanted(wanted, slot, now)
    locked = seats.lock_day(slot.office, slot.day)
    if any(each.closed_at for each in locked.slots if each.pk == slot.pk):
        raise errors.SlotWithdrawn
    own = locked.seats[slot.pk]
    before = seats.in_use(own)[wanted.channel]
    if wanted.seats > before:
        after = locked.in_use + wanted.seats - before
        request = approvals.Request(
            Act.CHANGE_CAPACITY,
            f"{slot.code}:{wanted.channel}:{wanted.seats}",
            slot.office,
            Matter(slot=slot.code, channel=wanted.channel, seats=wanted.seats),
            seats=(locked.in_use, after),
        )
        extent = Extent(
            quota_before=raises.quota_of_day(slot.office, slot.day) or locked.in_use,
            quota_after=after,
        )
        approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    fitted = seats.fit(
        slot, own, {wanted.channel: wanted.seats}, visible_at=max(now, slot.release.opens_at)
    )
    changed = Changed(before, wanted.seats, wanted.seats + fitted.beyond)
    event = _record_change(slot, wanted, changed, officer)
    Slot.objects.filter(pk=slot.pk).update(
        by_hand_at=now, by_hand_reason=wanted.why.reason, by_hand_note_id=event.note_id
    )
    return changed


def _check_wanted(wanted: SeatsWanted, slot: Slot, now: datetime) -> None:
    if not 0 <= wanted.seats <= rules.MOST_SEATS:
        raise errors.SeatsOutOfRange(
            fields={"seats": [errors.SeatsOutOfRange.message]}, most=rules.MOST_SEATS
        )
    if wanted.channel not in channels_of(slot.office.kind):
        raise errors.ChannelNotHere(fields={"channel": [errors.ChannelNotHere.message]})
    reasons.check(Act.CHANGE_CAPACITY, wanted.why)
    if slot.starts_at <= now:
        raise errors.DayPast


def _record_change(slot: Slot, wanted: SeatsWanted, changed: Changed, officer: User) -> AuditEvent:
    return audit.record(
        "change_capacity",
        actor_id=officer.pk,
        subject=f"slot:{slot.code}",
        stream=slot.office.code,
        reason=wanted.why.reason,
        note=wanted.why.note,
        detail={
            "channel": wanted.channel,
            "before": changed.before,
            "asked": changed.asked,
            "remain": changed.remain,
        },
    )


@transaction.atomic
def apply_calendar(*, office: Office, day: date, officer: User, now: datetime) -> Fitted:
    """Bring a coming day in line with its hours, special days and holidays.

    Does nothing where the day has no quota yet (its release will read the calendar) and
    where an officer has closed it (reopen_day). Taken seats stay and are counted in
    ``beyond``; an hour that is gone closes, and booking gives its people another. A second
    officer's yes is asked for by the change of the calendar, not again here. Hours whose
    seats an officer has set by hand keep them (offices.ports.let_follow undoes that).
    Locks the release, the day's slots and all their seats. Raises NotAllowed, DayPast
    (also for today), PeopleStillBooked where the calendar closes a day that has bookings:
    that is a closing, with alternatives.
    """
    authority.require(officer=officer, act=Act.HOURS, office=office, now=now)
    if day <= office.today(now):
        raise errors.DayPast
    release = days.lock_release_of(office, day)
    if release is None or release.prepared_at is None:
        return Fitted()
    locked = seats.lock_day(office, day)
    if locked.slots and all(_closed_by_hand(slot) for slot in locked.slots):
        return Fitted()
    plan = offices.plan_of(office, day, day)[day]
    _check_calendar(office, plan, locked)
    if not plan.is_open:
        fitted = days.withdraw(locked.slots, plan.note or rules.DAY_GONE, now)
    else:
        fitted = days.refit(release, locked, plan, now)
    days.record("apply_calendar", office, day, officer, fitted)
    return fitted


def _closed_by_hand(slot: Slot) -> bool:
    return slot.closed_at is not None and slot.closed_why not in rules.BY_CALENDAR


def _check_calendar(office: Office, plan: DayPlan, locked: seats.LockedDay) -> None:
    taken = any(seat.taken for own in locked.seats.values() for seat in own)
    if not plan.is_open and taken:
        raise errors.PeopleStillBooked
