"""How long people waited, from their check-in to the first call of their number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Min

from offices import selectors as offices
from offices.models import Office
from queueing.booking.models import Place
from queueing.desk.models import QueueNumber

KEPT_SECONDS = 60

# One number in two was called within the first, nine in ten within the second. A wait that
# somebody had, and rounded up: so the sentence is true as it stands.
MEASURED = """
    count(*) FILTER (WHERE queued.state = 'DONE'),
    count(*) FILTER (WHERE queued.state = 'GONE'),
    count(*),
    ceil(percentile_disc(0.5) WITHIN GROUP (ORDER BY waited.seconds) / 60)::int,
    ceil(percentile_disc(0.9) WITHIN GROUP (ORDER BY waited.seconds) / 60)::int
"""
# Only what was called. The clocks of two servers may differ by a blink.
WAITED = """
    CROSS JOIN LATERAL (
        SELECT greatest(0, extract(epoch FROM queued.called_at - queued.arrived_at)) AS seconds
    ) waited
    WHERE queued.called_at IS NOT NULL AND
"""
OF_OFFICE = f"""
SELECT grouping(slot.hour), grouping(queued.counter), grouping(queued.day),
    slot.hour, queued.counter, queued.day, {MEASURED}
FROM queueing_queuenumber queued
JOIN queueing_booking booking ON booking.id = queued.booking_id
JOIN queueing_slot slot ON slot.id = booking.slot_id {WAITED}
    queued.office_id = %(office)s AND queued.day BETWEEN %(first)s AND %(last)s
GROUP BY GROUPING SETS ((), (slot.hour), (queued.counter), (queued.day))
ORDER BY slot.hour, queued.counter, queued.day
"""  # noqa: S608  # only names of ours
OF_DAYS = f"""
SELECT {MEASURED} FROM queueing_queuenumber queued {WAITED}
    queued.office_id = %(office)s AND queued.day = ANY(%(days)s)
"""  # noqa: S608  # only names of ours
OF_OFFICES = f"""
SELECT queued.office_id, {MEASURED} FROM queueing_queuenumber queued {WAITED}
    queued.office_id = ANY(%(offices)s) AND queued.day BETWEEN %(first)s AND %(last)s
GROUP BY GROUPING SETS ((), (queued.office_id))
"""  # noqa: S608  # only names of ours


@dataclass(frozen=True)
class Wait:
    """Of the numbers that were called. Minutes, rounded up; None where nobody was called."""

    done: int = 0
    gone: int = 0
    called: int = 0
    half: int | None = None
    nine_in_ten: int | None = None


NOBODY = Wait()


@dataclass(frozen=True)
class Waits:
    """``by_hour`` is the hour of the visit; ``by_counter`` the counter of the last call.

    A number that was put aside and never called again has no counter.
    """

    total: Wait = NOBODY
    by_hour: dict[time, Wait] = field(default_factory=dict)
    by_counter: dict[int, Wait] = field(default_factory=dict)
    by_day: dict[date, Wait] = field(default_factory=dict)


@dataclass(frozen=True)
class WaitingNow:
    """Who has not been called yet, and since when the first of them has been here.

    One number is of one party: ``people`` of them are here.
    """

    numbers: int
    people: int
    since: datetime | None


def waits_of(office: Office, first: date, last: date) -> Waits:
    """The waits at an office on some days, both ends included; one statement."""
    rows = _ask(OF_OFFICE, office=office.pk, first=first, last=last)
    measured = [(*row[:6], Wait(*row[6:])) for row in rows]
    return Waits(
        total=next((row[6] for row in measured if row[:3] == (1, 1, 1)), NOBODY),
        by_hour={row[3]: row[6] for row in measured if not row[0]},
        by_counter={row[4]: row[6] for row in measured if not row[1] and row[4] is not None},
        by_day={row[5]: row[6] for row in measured if not row[2]},
    )


def waits_on(office: Office, days: Iterable[date]) -> Wait:
    """All waits of some days taken together."""
    asked = list(days)
    if not asked:
        return NOBODY
    ((*numbers,),) = _ask(OF_DAYS, office=office.pk, days=asked)
    return Wait(*numbers)


def waits_of_nation(first: date, last: date) -> dict[int | None, Wait]:
    """By the id of the office, and under None of all that serve; at most a minute old."""
    key = f"desk:waits:{first}:{last}"
    found = cache.get(key)
    if found is None:
        ids = [office.pk for office in offices.public_offices()]
        rows = _ask(OF_OFFICES, offices=ids, first=first, last=last)
        found = {office_id: Wait(*numbers) for office_id, *numbers in rows}
        cache.set(key, found, KEPT_SECONDS)
    return found


def waiting_now(office: Office, *, now: datetime) -> WaitingNow:
    waiting = QueueNumber.objects.filter(
        office=office, day=office.today(now), state=QueueNumber.State.WAITING
    )
    counted = waiting.aggregate(numbers=Count("pk"), since=Min("arrived_at"))
    people = Place.objects.filter(
        booking__queue_numbers__in=waiting, state=Place.State.CHECKED_IN
    ).count()
    return WaitingNow(**counted, people=people)


def _ask(statement: str, **asked: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()
