"""Opening quota: planning releases, and making their slots and seats before they open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched

from django.db import connection, transaction
from django.db.models import Max, Prefetch, QuerySet

from accounts.models import User
from offices import reasons
from offices import selectors as offices
from offices.models import Office
from offices.reasons import NO_REASON, Why
from offices.rules import Act, channels_of
from offices.services import authority
from paspor.kernel import audit, policy
from queueing.quota import errors, policies, rules, snapshots
from queueing.quota.models import Release, Slot, new_slot_code
from queueing.quota.rules import HourPlan
from queueing.quota.services import seats

# Days of one office, all hours and seats, in one statement. What stands already stays as it
# is, so a run that was cut off may be repeated.
MAKE_HOURS = """
WITH made AS (
    INSERT INTO queueing_slot
        (code, office_id, release_id, day, hour, starts_at, ends_at, closed_why)
    SELECT hours.code, %(office)s, %(release)s, hours.day, hours.hour, hours.starts_at,
           hours.ends_at, ''
    FROM unnest(%(codes)s::text[], %(days)s::date[], %(hours)s::time[],
                %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        AS hours(code, day, hour, starts_at, ends_at)
    ORDER BY hours.starts_at
    ON CONFLICT (office_id, starts_at) DO NOTHING
    RETURNING id, starts_at
)
INSERT INTO queueing_seat (slot_id, number, channel, taken, visible_at)
SELECT made.id, row_number() OVER (PARTITION BY made.id ORDER BY lots.nth), lots.channel,
       false, %(visible_at)s
FROM made
JOIN unnest(%(lot_starts)s::timestamptz[], %(lot_channels)s::text[], %(lot_counts)s::int[])
    WITH ORDINALITY AS lots(starts_at, channel, count, nth) ON lots.starts_at = made.starts_at
CROSS JOIN generate_series(1, lots.count)
"""


# As many as make no lock of a second.
DAYS_AT_ONCE = 15

type PlannedDay = tuple[date, list[HourPlan]]


@dataclass(frozen=True)
class Opening:
    """Which days open, both ends included, and when (aware; a past moment means now)."""

    first_day: date
    last_day: date
    opens_at: datetime


@transaction.atomic
def plan_release(
    *, office: Office, opening: Opening, officer: User | None, now: datetime, why: Why = NO_REASON
) -> Release:
    """Announce an opening. ``officer`` None is the periodic task; an officer says why.

    Locks the office's row, so two plans for the same days meet here. Raises NotAllowed,
    ReasonNeeded, DaysOutOfOrder, DayPast, DayTooFar, DaysAlreadyReleased.
    """
    if officer is not None:
        authority.require(officer=officer, act=Act.OPEN_RELEASE, office=office, now=now)
        reasons.check(Act.OPEN_RELEASE, why)
    _check_days(office, opening, now)
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    if office.releases.filter(
        first_day__lte=opening.last_day, last_day__gte=opening.first_day
    ).exists():
        raise errors.DaysAlreadyReleased
    release = Release.objects.create(
        office=office,
        first_day=opening.first_day,
        last_day=opening.last_day,
        opens_at=max(opening.opens_at, now),
        made_by=officer,
    )
    record("plan_release", release, officer, why)
    return release


def _check_days(office: Office, opening: Opening, now: datetime) -> None:
    today, farthest = rules.window(office.today(now))
    if opening.last_day < opening.first_day:
        raise errors.DaysOutOfOrder(fields={"last_day": [errors.DaysOutOfOrder.message]})
    if opening.first_day < today:
        raise errors.DayPast(fields={"first_day": [errors.DayPast.message]})
    if opening.last_day > farthest:
        raise errors.DayTooFar(
            fields={"last_day": [errors.DayTooFar.message]}, last=f"{farthest:%d-%m-%Y}"
        )


def plan_due(now: datetime) -> list[Release]:
    """Plan what the next opening of every office still lacks; safe to repeat.

    Days that a release made by hand has left between open then as well.
    """
    return [release for office in _serving(now) for release in _plan_next(office, now)]


def _serving(now: datetime) -> QuerySet[Office]:
    coming = Release.objects.filter(last_day__gte=now.date())
    serving = Office.objects.filter(is_active=True)
    return serving.prefetch_related(Prefetch("releases", coming, to_attr="coming"))


def _plan_next(office: Office, now: datetime) -> Iterator[Release]:
    rhythm = snapshots.rhythm_of(office, now)
    opens_at = rules.next_opening(now, rhythm, office.zone)
    released = [(release.first_day, release.last_day) for release in office.coming]
    for days in rules.days_opened(opens_at, released, rhythm, office.zone):
        opening = Opening(*days, opens_at)
        try:
            yield plan_release(office=office, opening=opening, officer=None, now=now)
        except errors.DaysAlreadyReleased:  # by another run at this same moment
            continue


@dataclass(frozen=True)
class LeftBetween:
    """Days before a release that no other covers, and when they will open; None: never."""

    first_day: date
    last_day: date
    opens_at: datetime | None


def left_between(release: Release, now: datetime) -> list[LeftBetween]:
    """What a release made by hand has passed over, for whoever made it to know."""
    office = release.office
    first, last = office.today(now), release.first_day - timedelta(days=1)
    others = office.releases.filter(last_day__gte=first).values_list("first_day", "last_day")
    rhythm = snapshots.rhythm_of(office, now)
    return [
        LeftBetween(*days, rules.opening_for(days[1], now, rhythm, office.zone))
        for days in rules.days_between(first, last, others)
    ]


def open_now(*, office: Office, days: int, now: datetime) -> Release | None:
    """Open at once what the coming ``days`` days still lack, today included.

    For setting up and for making good; an ordinary week is plan_due's. None where
    earlier releases reach that far already. The caller prepares what it gets.
    """
    today = office.today(now)
    last_released = office.releases.aggregate(last=Max("last_day"))["last"]
    first = max(today, last_released + timedelta(days=1)) if last_released else today
    last = today + timedelta(days=days)
    if first > last:
        return None
    opening = Opening(first, last, now)
    return plan_release(office=office, opening=opening, officer=None, now=now)


def due(now: datetime) -> list[Release]:
    """Releases that open soon and whose seats do not all stand yet, the nearest first."""
    return [release for release in _unprepared() if _ready_from(release, now) <= now]


def _unprepared() -> QuerySet[Release]:
    releases = Release.objects.filter(prepared_at=None, office__is_active=True)
    return releases.select_related("office").order_by("opens_at", "pk")


def _ready_from(release: Release, now: datetime) -> datetime:
    hours = policies.PREPARE_AHEAD_HOURS.at(now=now, scope=release.office.code)
    return release.opens_at - timedelta(hours=hours)


def prepare(*, release: Release, now: datetime) -> int:
    """Make the slots and seats of a release, visible from its opening; how many seats.

    Every DAYS_AT_ONCE are a transaction of their own, which locks the release, so the work
    may stop anywhere and be repeated, also by two at once: what stands is left alone.
    Afterwards, before the opening, first rights are served (queueing.booking).
    """
    parts = batched(_days_of(release, now), DAYS_AT_ONCE, strict=False)
    made = sum(_make_days(release, days) for days in parts)
    with transaction.atomic():
        locked = seats.lock_release(release.pk)
        if locked.prepared_at is None:
            locked.prepared_at = now
            locked.save(update_fields=["prepared_at"])
            record("prepare_release", locked, None, seats=made)
    release.prepared_at = locked.prepared_at
    return made


def _days_of(release: Release, now: datetime) -> Iterator[PlannedDay]:
    """The days that are still to come, with the hours that the calendar gives them."""
    office = release.office
    first = max(release.first_day, office.today(now))
    for day, plan in offices.plan_of(office, first, release.last_day).items():
        hours = rules.hours_planned(plan, office.zone, channels_of(office.kind))
        if hours:
            yield day, hours


@transaction.atomic
def _make_days(release: Release, days: Iterable[PlannedDay]) -> int:
    """Days that have got a release of their own meanwhile are left to it."""
    locked = seats.lock_release(release.pk)
    own = [day for day in days if locked.first_day <= day[0] <= locked.last_day]
    return make_hours(locked, own, visible_at=locked.opens_at)


def make_hours(release: Release, planned: Iterable[PlannedDay], visible_at: datetime) -> int:
    """Insert slots that do not stand yet, with their seats; how many seats.

    The caller holds the release's row.
    """
    dated = [(day, hour) for day, hours in planned for hour in hours]
    hours = [hour for _day, hour in dated]
    lots = [(hour.starts_at, *lot) for hour in hours for lot in hour.seats.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            MAKE_HOURS,
            {
                "office": release.office_id,
                "release": release.pk,
                "days": [day for day, _hour in dated],
                "codes": [new_slot_code() for _ in hours],
                "hours": [hour.hour for hour in hours],
                "starts": [hour.starts_at for hour in hours],
                "ends": [hour.ends_at for hour in hours],
                "visible_at": visible_at,
                "lot_starts": [lot[0] for lot in lots],
                "lot_channels": [lot[1] for lot in lots],
                "lot_counts": [lot[2] for lot in lots],
            },
        )
        return cursor.rowcount


def prepare_due(now: datetime) -> list[Release]:
    """Prepare every release that opens soon, and return those.

    One whose moment has passed before its seats stood opens a little later than said, so
    that first rights still come first and nobody finds the door open by luck.
    """
    prepared = []
    for release in due(now):
        if release.opens_at <= now:
            _put_off(release, now)
        prepare(release=release, now=now)
        prepared.append(release)
    return prepared


@transaction.atomic
def _put_off(release: Release, now: datetime) -> None:
    """Where some of its seats are visible already, the moment stays."""
    locked = seats.lock_release(release.pk)
    if locked.prepared_at is not None or Slot.objects.filter(release=locked).exists():
        return
    late = policy.minutes(policies.LATE_OPENING_MINUTES, now=now, scope=release.office.code)
    locked.opens_at = release.opens_at = now + late
    locked.save(update_fields=["opens_at"])
    record("put_off_release", locked, None)


def record(
    act: str, release: Release, officer: User | None, why: Why = NO_REASON, **detail: int
) -> None:
    audit.record(
        act,
        actor_id=officer.pk if officer else None,
        subject=f"release:{release.pk}",
        stream=release.office.code,
        reason=why.reason,
        note=why.note,
        detail={
            "first_day": release.first_day.isoformat(),
            "last_day": release.last_day.isoformat(),
            "opens_at": release.opens_at.isoformat(),
            **detail,
        },
    )
