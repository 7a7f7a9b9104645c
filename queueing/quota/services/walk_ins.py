"""Seats of the counter that nobody came for flow back to online at an hour the office sets.

Off unless ``counter_back_minute`` is set. From that minute of the service day on, what is
free at the counter in hours that can still be booked online becomes ONLINE, and shows at a
random moment within minutes, so that waiting for the hour wins nothing. A seat freed later
that day goes to the counter as ever, and follows in the next run. Nothing is lost to
walk-ins: what stays free is theirs again once online booking of its hour has closed.
"""

from collections import Counter
from datetime import datetime, time, timedelta

from django.db import connection, transaction

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.services import figures
from offices.services.figures import FigureWish
from paspor.kernel import audit, policy
from paspor.kernel.models import PolicyValue
from queueing.quota import policies, rules
from queueing.quota.services import days

ACT = "return_counter_seats"
SHOWN_WITHIN = timedelta(minutes=10)

# Only the seats are locked, those that a claim or a planner holds are passed over, and what
# was free is looked at again under the lock: a seat is the walk-in's or goes online, never both.
RETURN_SEATS = """
WITH unused AS MATERIALIZED (
    SELECT seat.id FROM queueing_seat seat
    JOIN queueing_slot slot ON slot.id = seat.slot_id
    WHERE slot.office_id = %(office)s AND slot.day = %(day)s AND slot.closed_at IS NULL
      AND slot.starts_at > %(bookable_from)s
      AND seat.channel = 'COUNTER' AND NOT seat.taken AND seat.visible_at <= %(now)s
    ORDER BY seat.id
    FOR NO KEY UPDATE OF seat SKIP LOCKED
)
UPDATE queueing_seat seat
SET channel = 'ONLINE',
    visible_at = %(now)s + interval '1 minute'
        + random() * (%(shown_within)s - interval '1 minute')
FROM unused, queueing_slot slot
WHERE seat.id = unused.id AND slot.id = seat.slot_id
RETURNING slot.hour
"""


def set_hour(
    *, officer: User, office: Office, at: time | None, why: str, now: datetime
) -> PolicyValue:
    """From which hour of a day on unused seats go online at this office; None: never.

    Raises NotAllowed, BackHourOutOfRange and what ``figures.set_figure`` refuses.
    """
    wish = FigureWish(
        key=policies.COUNTER_BACK_MINUTE.key,
        value=rules.minute_back(at),
        office=office,
        valid_from=now,
        why=why,
    )
    return figures.set_figure(officer=officer, wish=wish, now=now)


def return_due(now: datetime) -> int:
    """Return what is due at every office; how many seats. Safe to repeat and to run twice."""
    return sum(return_unused(office=office, now=now) for office in _due(now))


def _due(now: datetime) -> list[Office]:
    return [
        office
        for office in Office.objects.filter(is_active=True).order_by("pk")
        if rules.is_past_minute(
            policies.COUNTER_BACK_MINUTE.at(now=now, scope=office.code), now, office.zone
        )
    ]


@transaction.atomic
def return_unused(*, office: Office, now: datetime) -> int:
    """Give the office's free counter seats of today to online; how many.

    Locks these seats alone. None while an incident lets people come without a booking:
    the counter needs them then.
    """
    if offices.opens_walk_in(office):
        return 0
    day = office.today(now)
    cutoff = policy.minutes(policies.BOOK_CUTOFF_MINUTES, now=now, scope=office.code)
    asked = {
        "office": office.pk,
        "day": day,
        "now": now,
        "bookable_from": now + cutoff + SHOWN_WITHIN,
        "shown_within": SHOWN_WITHIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(RETURN_SEATS, asked)
        hours = Counter(f"{hour:%H.%M}" for (hour,) in cursor.fetchall())
    if hours:
        audit.record(
            ACT,
            actor_id=None,
            subject=f"day:{days.subject_of(office, day)}",
            stream=office.code,
            detail={"seats": hours.total(), "hours": dict(sorted(hours.items()))},
        )
    return hours.total()
