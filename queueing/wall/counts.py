"""Numbers of the portal's state: counted when somebody asks, at most twice a minute for all.

The wall shows some of them, and /metrics (paspor.metrics) tells all.
"""

from dataclasses import dataclass

from django.db import connection

from paspor.kernel import sharing
from paspor.kernel.sharing import Age

# Half a minute in all.
STATE_AGE = Age(shared=20, copy=10.0, look=5.0)
LAYOUT = 1

type Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Question:
    """A number of the database's state, or one for each row of labels before it."""

    name: str
    description: str
    sql: str
    labels: tuple[str, ...] = ()
    counts_up: bool = False


QUESTIONS = [
    Question(
        "paspor_places",
        "Places by what became of them, since midnight UTC; begins anew each day.",
        """
        SELECT lower(seen.what), office.code, seen.n FROM offices_office office
        CROSS JOIN LATERAL (
            SELECT what, count(*) AS n FROM queueing_bookingevent
            WHERE stream = office.code AND at >= date_trunc('day', now() AT TIME ZONE 'UTC')
                  AT TIME ZONE 'UTC'
            GROUP BY what
        ) seen
        """,
        ("outcome", "office"),
        counts_up=True,
    ),
    Question(
        "paspor_seats_free",
        "Seats that can be booked now, by office and days ahead, of two weeks.",
        """
        SELECT office.code, ahead::text, sum(free.n) FROM offices_office office
        CROSS JOIN generate_series(0, 13) AS ahead
        JOIN queueing_slot slot ON slot.office_id = office.id AND slot.closed_at IS NULL
            AND slot.day = (now() AT TIME ZONE office.timezone)::date + ahead
            AND slot.starts_at > now()
        CROSS JOIN LATERAL (
            SELECT count(*) AS n FROM queueing_seat seat
            WHERE seat.slot_id = slot.id AND NOT seat.taken AND seat.visible_at <= now()
        ) free
        GROUP BY office.code, ahead
        """,
        ("office", "ahead"),
    ),
    Question(
        "paspor_holds",
        "Visits that are held and not confirmed.",
        "SELECT count(*) FROM queueing_booking WHERE held_until > now()",
    ),
    Question(
        "paspor_holds_overdue",
        "Holds that ended two minutes ago or more and that no sweep has ended.",
        """
        SELECT count(*) FROM queueing_booking
        WHERE held_until < now() - interval '2 minutes'
          AND EXISTS (SELECT FROM queueing_place place
                      WHERE place.booking_id = queueing_booking.id AND place.state = 'HELD')
        """,
    ),
    Question(
        "paspor_messages",
        "Messages that were due in the last day, by state.",
        """
        SELECT lower(state), count(*) FROM accounts_message
        WHERE due_at BETWEEN now() - interval '1 day' AND now() GROUP BY state
        """,
        ("state",),
    ),
    Question(
        "paspor_oldest_unsent_message_seconds",
        "For how long the message waits that should have gone first.",
        """
        SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM accounts_message
        WHERE state IN ('QUEUED', 'SENDING') AND due_at <= now()
        """,
    ),
    Question(
        "paspor_identity_checks_waiting",
        "Questions that the civil registry has not answered.",
        "SELECT count(*) FROM accounts_identitycheck WHERE outcome = 'PENDING'",
    ),
    Question(
        "paspor_oldest_identity_check_seconds",
        "For how long the oldest of them waits.",
        """
        SELECT coalesce(extract(epoch FROM now() - min(asked_at)), 0)
        FROM accounts_identitycheck WHERE outcome = 'PENDING'
        """,
    ),
    Question(
        "paspor_ledger_waiting",
        "Events that are not in their chain yet.",
        "SELECT count(*) FROM kernel_ledgerpending",
    ),
    Question(
        "paspor_oldest_ledger_event_seconds",
        "For how long the oldest of them waits.",
        """
        SELECT coalesce(extract(epoch FROM now() - min(event_at)), 0) FROM kernel_ledgerpending
        """,
    ),
    Question(
        "paspor_ledger_head_age_days",
        "Days since the last one whose heads were written down.",
        """
        SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date - max(day) FROM kernel_ledgerhead
        HAVING max(day) IS NOT NULL
        """,
    ),
    Question(
        "paspor_part_up",
        "Whether each part of the house answered when it was last looked at.",
        """
        SELECT DISTINCT ON (target) lower(target), is_up::int FROM offices_probeday
        WHERE is_up IS NOT NULL ORDER BY target, day DESC
        """,
        ("part",),
    ),
    Question(
        "paspor_oldest_transaction_seconds",
        "Age of the oldest open transaction: an old one slows every claim.",
        """
        SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
        """,
    ),
]


def state() -> dict[str, Rows]:
    """The answers by the name of their question, half a minute old at most."""
    return sharing.shared(f"metrics:{LAYOUT}", _ask, STATE_AGE)


def _ask() -> dict[str, Rows]:
    found = {}
    with connection.cursor() as cursor:
        for question in QUESTIONS:
            cursor.execute(question.sql)
            found[question.name] = cursor.fetchall()
    return found
