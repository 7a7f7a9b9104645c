"""What every reader of availability shares: one picture of an office, two seconds old at most.

A picture is taken by one query over slots and seats. It lives one second in the cache and
one more in the process that read it; nobody sees an older one. Where the cache is away
each process takes its own, once a second. One process at a time takes a new picture
(a key in the cache is the lock); meanwhile the others go on with theirs, while it is young
enough, else they wait for the new one. Claims never look here.

The calendar of the days without quota changes seldom and is dear to derive: a copy of it
serves CALENDAR_SECONDS. A closing of a day with quota is in the picture, not there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from time import monotonic, sleep
from typing import Any

from django.core.cache import cache
from django.db import connection

from offices import selectors as offices
from offices.models import Office
from offices.rules import DayPlan, channels_of
from queueing.quota import policies, rules
from queueing.quota.models import Release
from queueing.quota.rules import DayFacts, HourFacts, Rhythm

SHARED_SECONDS = 1
COPY_SECONDS = 1.0
# From this age on a process looks for a newer picture, and keeps serving its own meanwhile.
LOOK_SECONDS = 0.5
CALENDAR_SECONDS = 20
OFFICE_SECONDS = 5.0
LOCK_SECONDS = 5
WAIT_STEP = 0.02
WAIT_SECONDS = 1.0
# Counts up with each change of what a picture holds: old and new code share a cache.
LAYOUT = 2
MOST_COPIES = 1000

# Each slot looks up its own free seats in the index of those; a join over all seats
# would be tempting for the planner and slow.
PICTURE = """
SELECT slot.day, slot.code, slot.starts_at, slot.ends_at, release.opens_at, slot.closed_why,
       slot.closed_at IS NOT NULL, free.channels, free.counts, now()
FROM queueing_slot slot
JOIN queueing_release release ON release.id = slot.release_id
LEFT JOIN LATERAL (
    SELECT array_agg(channel) AS channels, array_agg(n) AS counts
    FROM (
        SELECT channel, count(*) AS n FROM queueing_seat
        WHERE slot_id = slot.id AND NOT taken AND visible_at <= now()
        GROUP BY channel
    ) by_channel
) free ON true
WHERE slot.office_id = %s AND slot.day BETWEEN %s AND %s
ORDER BY slot.starts_at
"""


@dataclass(frozen=True)
class Picture:
    """One office at one instant of the database's clock."""

    as_of: datetime
    days: dict[date, DayFacts]


def rhythm_of(office: Office, now: datetime) -> Rhythm:
    """The policy of this office in force at ``now``."""
    return Rhythm(
        weekday=policies.OPENING_WEEKDAY.at(now=now, scope=office.code),
        minute=policies.OPENING_MINUTE.at(now=now, scope=office.code),
        horizon_days=policies.HORIZON_DAYS.at(now=now, scope=office.code),
    )


def window(office: Office, now: datetime) -> tuple[date, date]:
    """The first and last day that may be asked for."""
    today = office.today(now)
    return today, today + timedelta(days=rules.FARTHEST_DAYS)


# --- Taking a picture ----------------------------------------------------------------


def _hours_by_day(office: Office, first: date, last: date) -> tuple[datetime | None, dict]:
    by_day: dict[date, list[HourFacts]] = {}
    as_of = None
    with connection.cursor() as cursor:
        cursor.execute(PICTURE, [office.pk, first, last])
        for day, code, starts, ends, opens, why, closed, channels, counts, at in cursor:
            free = dict(zip(channels or (), counts or (), strict=True))
            hour = HourFacts(code, starts, ends, opens, why if closed else "", free)
            by_day.setdefault(day, []).append(hour)
            as_of = at
    return as_of, by_day


def _day_facts(plan: DayPlan, office: Office, opens_at: datetime | None) -> DayFacts:
    """What the calendar alone says of a day."""
    hours = rules.hours_planned(plan, office.zone, channels_of(office.kind))
    return DayFacts(
        day=plan.day,
        is_open=plan.is_open,
        opens_at=opens_at,
        why=rules.WHY_CLOSED[plan.why] if plan.why else None,
        note=plan.note,
        place=plan.place,
        channels=frozenset(channel for hour in hours for channel in hour.seats),
    )


def _opening_of(
    day: date, office: Office, planned: list[Release], now: datetime
) -> datetime | None:
    """When a day without seats opens: with its release, else as the rhythm will plan it."""
    for release in planned:
        if release.first_day <= day <= release.last_day:
            return release.opens_at if release.opens_at > now else None
    return rules.opening_for(day, now, rhythm_of(office, now), office.zone)


def _calendar(office: Office, now: datetime) -> dict[date, DayFacts]:
    first, last = window(office, now)
    key = f"quota:calendar:{LAYOUT}:{office.pk}:{first}"
    facts = cache.get(key)
    if facts is None:
        planned = list(office.releases.filter(last_day__gte=first))
        facts = {
            day: _day_facts(plan, office, _opening_of(day, office, planned, now))
            for day, plan in offices.plan_of(office, first, last).items()
        }
        cache.set(key, facts, CALENDAR_SECONDS)
    return facts


def take(office: Office, now: datetime) -> Picture:
    """A picture of this instant, from the database."""
    calendar = _calendar(office, now)
    as_of, hours = _hours_by_day(office, *window(office, now))
    days = {day: replace(facts, hours=tuple(hours.get(day, ()))) for day, facts in calendar.items()}
    return Picture(as_of or now, days)


# --- Sharing it ----------------------------------------------------------------------


class _Copies[Thing]:
    """What this process has read, each with the moment of reading."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looking: dict[str, Lock] = {}
        self._copies: dict[str, tuple[float, Thing]] = {}

    def within(self, key: str, seconds: float) -> Thing | None:
        read_at, thing = self._copies.get(key, (0.0, None))
        return thing if thing is not None and monotonic() - read_at < seconds else None

    def keep(self, key: str, thing: Thing) -> Thing:
        with self._lock:
            if len(self._copies) > MOST_COPIES:
                self._copies.clear()
            self._copies[key] = (monotonic(), thing)
        return thing

    def lock_of(self, key: str) -> Lock:
        with self._lock:
            if len(self._looking) > MOST_COPIES:
                # Those in use stay; at worst two threads look for the same thing once.
                held = {name: lock for name, lock in self._looking.items() if lock.locked()}
                self._looking = held
            return self._looking.setdefault(key, Lock())

    def forget(self) -> None:
        with self._lock:
            self._copies.clear()


_copies: _Copies[Any] = _Copies()
_offices: _Copies[Office] = _Copies()


def forget() -> None:
    """Let this process look anew; what the cache holds lapses by itself."""
    _copies.forget()
    _offices.forget()


def office_by_code(code: str) -> Office:
    """An office that serves, read anew every few seconds; raises OfficeUnknown."""
    key = cache.make_key(f"quota:office:{code}")
    return _offices.within(key, OFFICE_SECONDS) or _offices.keep(key, offices.office_by_code(code))


def of(office: Office, now: datetime) -> Picture:
    """The shared picture of an office on its service day at ``now``."""
    key = f"quota:picture:{LAYOUT}:{office.pk}:{office.today(now)}"
    return shared(key, lambda: take(office, now))


def shared[Thing](key: str, make: Callable[[], Thing]) -> Thing:
    """What all processes share under this key, two seconds old at most; ``make`` asks anew."""
    own = cache.make_key(key)
    thing = _copies.within(own, LOOK_SECONDS)
    if thing is not None:
        return thing
    looking = _copies.lock_of(own)
    young = _copies.within(own, COPY_SECONDS)
    # One thread looks for a newer one; who has none yet waits for that thread.
    if not looking.acquire(blocking=young is None):
        return young
    try:
        thing = _copies.within(own, LOOK_SECONDS)
        if thing is None:
            thing = _newer(key, young, make)
        # Its own young one again must not grow younger by being kept anew.
        return thing if thing is young else _copies.keep(own, thing)
    finally:
        looking.release()


def _newer[Thing](key: str, young: Thing | None, make: Callable[[], Thing]) -> Thing:
    """The shared one, or a new one that this process makes, or the young one of its own."""
    found = cache.get(key)
    if found is not None:
        return found
    if cache.add(f"{key}:taking", 1, LOCK_SECONDS):
        try:
            return _share(key, make())
        finally:
            cache.delete(f"{key}:taking")
    return young or _awaited(key) or _share(key, make())


def _share[Thing](key: str, thing: Thing) -> Thing:
    cache.set(key, thing, SHARED_SECONDS)
    return thing


def _awaited(key: str) -> Any:
    """What another process is taking; None where it does not come."""
    until = monotonic() + WAIT_SECONDS
    while monotonic() < until:
        sleep(WAIT_STEP)
        found = cache.get(key)
        if found is not None:
            return found
    return None
