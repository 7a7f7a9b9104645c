"""A whole service day whose slots and seats the caller has locked (services/seats.py)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, time

from accounts.models import User
from offices.models import Office
from offices.reasons import NO_REASON, Why
from offices.rules import DayPlan, channels_of
from paspor.kernel import audit
from queueing.quota import rules
from queueing.quota.models import WITHDRAWN, Release, Seat, Slot
from queueing.quota.rules import HourPlan
from queueing.quota.services import releases, seats
from queueing.quota.services.seats import Fitted, LockedDay

LONGEST_WHY = 200


def subject_of(office: Office, day: date) -> str:
    """How a request for a second officer's yes names a day."""
    return f"{office.code}:{day}"


def lock_release_of(office: Office, day: date) -> Release | None:
    """The release that covers the day, locked; preparing it at the same time waits.

    The office's row first: which release covers a day changes under it alone, and whoever
    waited for a release that has lost the day meanwhile would find none.
    """
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    return (
        office.releases.select_for_update(no_key=True)
        .filter(first_day__lte=day, last_day__gte=day)
        .first()
    )


def hours_to_come(office: Office, plan: DayPlan, now: datetime) -> dict[datetime, HourPlan]:
    """The hours of the plan that have not begun, by the instant of their beginning."""
    hours = rules.hours_planned(plan, office.zone, channels_of(office.kind))
    return {hour.starts_at: hour for hour in hours if hour.starts_at > now}


def refit(release: Release, locked: LockedDay, plan: DayPlan, now: datetime) -> Fitted:
    """Give each hour of the plan its seats; hours that were closed or have begun stay.

    An hour that the plan no longer has closes, also with people in it: booking follows
    them as after any closing. So does an hour with people that would end earlier: nobody's
    time is cut. It serves again where a later plan brings it back.
    What is added is visible at once, or from the opening where that is still to come.
    An hour that an officer gave other seats keeps them, as long as the plan has it. One
    with more people in a channel than it should have sells that many fewer in the others.
    """
    planned = hours_to_come(release.office, plan, now)
    visible_at = max(now, release.opens_at)
    result = Fitted()
    for slot in locked.slots:
        hour = _unless_cut(slot, locked.seats[slot.pk], planned.pop(slot.starts_at, None))
        if hour is not None and slot.closed_why in rules.BY_CALENDAR:
            reopen([slot])
        if slot.closed_at is None and slot.starts_at > now:
            result += _refit_hour(slot, locked.seats[slot.pk], hour, visible_at)
            if hour is None:
                withdraw([slot], rules.HOUR_GONE, now)
    made = releases.make_hours(release, [(plan.day, list(planned.values()))], visible_at)
    return result + Fitted(added=made)


def _unless_cut(slot: Slot, own: list[Seat], hour: HourPlan | None) -> HourPlan | None:
    """The hour of the plan, but none where it ends too early for people who are booked."""
    is_cut = hour is not None and hour.ends_at < slot.ends_at
    return None if is_cut and any(seat.taken for seat in own) else hour


def _refit_hour(slot: Slot, own: list[Seat], hour: HourPlan | None, visible_at: datetime) -> Fitted:
    fitted = Fitted()
    if hour is None or slot.by_hand_at is None:
        wanted = dict.fromkeys(seats.in_use(own), 0) | dict(hour.seats if hour else {})
        fitted = seats.fit(slot, own, rules.settled(wanted, seats.taken(own)), visible_at)
    if hour is not None and slot.ends_at != hour.ends_at:
        slot.ends_at = hour.ends_at
        slot.save(update_fields=["ends_at"])
    return fitted


def withdraw(slots: Iterable[Slot], why: str, now: datetime) -> Fitted:
    """Close slots: no free seat of theirs can be claimed any more, taken ones stay taken."""
    ids = [slot.pk for slot in slots]
    free = Seat.objects.filter(slot_id__in=ids, taken=False, visible_at__lt=WITHDRAWN)
    withdrawn = free.update(visible_at=WITHDRAWN)
    Slot.objects.filter(pk__in=ids).update(
        closed_at=now, closed_why=why.strip()[:LONGEST_WHY], by_hand_at=None
    )
    return Fitted(withdrawn=withdrawn)


def reopen(slots: Iterable[Slot]) -> None:
    for slot in slots:
        slot.closed_at, slot.closed_why = None, ""
        slot.save(update_fields=["closed_at", "closed_why"])


def record(  # noqa: PLR0913  # an entry in the log has that many columns
    act: str,
    office: Office,
    day: date,
    officer: User,
    fitted: Fitted,
    why: Why = NO_REASON,
    since: time | None = None,
) -> None:
    audit.record(
        act,
        actor_id=officer.pk,
        subject=f"day:{subject_of(office, day)}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
        detail=asdict(fitted) | ({"since": f"{since:%H.%M}"} if since else {}),
    )
