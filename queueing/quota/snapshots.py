"""What every reader of availability shares: one picture of an office, two seconds old at most.

A picture is taken by one query over slots and seats, by one process at a time, and shared
by all (paspor.kernel.sharing). Claims never look here.

The calendar of the days without quota changes seldom and is dear to derive: a copy of it
serves CALENDAR_SECONDS. A closing of a day with quota is in the picture, not there.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.cache import cache
from django.db import connection

from offices import selectors as offices
from offices.models import Office
from offices.rules import DayPlan, channels_of
from paspor.kernel.sharing import shared
from queueing.quota import policies, rules
from queueing.quota.models import Release
from queueing.quota.rules import DayFacts, HourFacts, Rhythm

CALENDAR_SECONDS = 20
# Counts up with each change of what a picture holds: old and new code share a cache.
LAYOUT = 3

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
    return DayFacts(
        day=plan.day,
        is_open=plan.is_open,
        opens_at=opens_at,
        why=rules.WHY_CLOSED[plan.why] if plan.why else None,
        note=plan.note,
        place=plan.place,
        holiday=plan.holiday,
        channels=rules.channels_planned(plan, channels_of(office.kind)),
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
    first, last = rules.window(office.today(now))
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
    as_of, hours = _hours_by_day(office, *rules.window(office.today(now)))
    days = {day: replace(facts, hours=tuple(hours.get(day, ()))) for day, facts in calendar.items()}
    return Picture(as_of or now, days)


def current_picture(office: Office, now: datetime) -> Picture:
    """The shared picture of an office on its service day at ``now``."""
    key = f"quota:picture:{LAYOUT}:{office.pk}:{office.today(now)}"
    return shared(key, lambda: take(office, now), by_value=True)
