"""Counting what officers did, for all of them at once, and the acts behind one row.

One query for each signal, grouped by officer and office: the number of officers does not
matter. Places that came by a move are left out, since they were not booked anew.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from offices import reasons
from offices.rules import Act
from paspor.kernel.models import NATIONAL, AuditEvent
from queueing.booking.models import Booking, BookingEvent
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.policies import insiders
from queueing.integrity.rules.officers import Count, Key, with_usual

# Acts that ought to happen while the office is open. Closing a day at night is prudence.
IN_HOURS = ("book_for", "issue_referral", "nik.read", "change_capacity", "plan_release")
SIGN_INS = (
    *("sign_in.refused", "sign_in.new_device"),
    *("second_factor.refused", "second_factor.removed", "second_factor.reset"),
)
# Who takes the tickets of more people than one visit has comes back to this officer, and so
# does who takes this many tickets: a family comes with one.
FAMILY = 5
TICKETS = 3
LISTED = 200

MADE = """
    SELECT b.made_by_id AS officer, o.code AS stream, b.account_id, p.created_at, p.seat_id,
           a.person_id, b.id AS booking_id, b.created_at AS made_at, p.state, b.channel,
           p.entitlement,
           s.day > (b.created_at AT TIME ZONE o.timezone)::date AS is_ahead
    FROM queueing_place p
    JOIN queueing_booking b ON b.id = p.booking_id
    JOIN queueing_slot s ON s.id = b.slot_id
    JOIN offices_office o ON o.id = s.office_id
    JOIN accounts_applicant a ON a.id = p.applicant_id
    WHERE b.made_by_id IS NOT NULL AND b.created_at > %(since)s
      AND NOT EXISTS (SELECT FROM queueing_place old WHERE old.moved_to_id = p.id)
"""
QUERIES = {
    "one_account": f"""
        SELECT officer, stream, max(n), 0 FROM (
            SELECT officer, stream, count(*) AS n FROM ({MADE}) made
            WHERE account_id IS NOT NULL GROUP BY officer, stream, account_id
        ) each GROUP BY officer, stream""",  # noqa: S608  # our own text
    "one_hand": f"""
        SELECT officer, stream, max(n), 0 FROM (
            SELECT officer, stream, count(DISTINCT person_id) AS n FROM ({MADE}) made
            JOIN accounts_user u ON u.id = made.account_id
            LEFT JOIN queueing_accountscore score ON score.account_id = u.id
            CROSS JOIN LATERAL (VALUES ('phone ' || nullif(u.phone, '')),
                                       ('cluster ' || score.cluster_id)) AS shared (hand)
            WHERE hand IS NOT NULL
            GROUP BY officer, stream, hand HAVING count(DISTINCT made.account_id) > 1
        ) each GROUP BY officer, stream""",  # noqa: S608
    "few_accounts": f"""
        SELECT officer, stream, sum(n)::int, 0 FROM (
            SELECT officer, stream, count(DISTINCT person_id) AS n,
                   count(DISTINCT booking_id) AS tickets FROM ({MADE}) made
            WHERE account_id IS NOT NULL GROUP BY officer, stream, account_id
        ) each WHERE n > %(family)s OR tickets >= %(tickets)s
        GROUP BY officer, stream""",  # noqa: S608
    "same_person": f"""
        SELECT officer, stream, max(n), 0 FROM (
            SELECT officer, stream, count(*) AS n FROM ({MADE}) made
            GROUP BY officer, stream, person_id
        ) each GROUP BY officer, stream""",  # noqa: S608
    "quick_seats": f"""
        SELECT officer, stream, count(*), 0 FROM ({MADE}) made
        JOIN queueing_seat seat ON seat.id = made.seat_id
        WHERE made.created_at BETWEEN seat.visible_at AND seat.visible_at + %(quick)s
        GROUP BY officer, stream""",  # noqa: S608
    "in_a_row": f"""
        SELECT officer, stream, count(*), 0 FROM (
            SELECT officer, stream,
                   made_at - lag(made_at) OVER (PARTITION BY officer ORDER BY made_at) AS since
            FROM (SELECT DISTINCT officer, stream, booking_id, made_at FROM ({MADE}) made) visit
        ) each WHERE since < %(in_a_row)s GROUP BY officer, stream""",  # noqa: S608
    # Everybody who booked anyone is a row, or what is usual would be told by those who do it.
    "paper_ahead": f"""
        SELECT officer, stream, count(*) FILTER (WHERE is_ahead AND account_id IS NULL), 0
        FROM ({MADE}) made GROUP BY officer, stream""",  # noqa: S608
    "absent": f"""
        SELECT officer, stream, count(*) FILTER (WHERE state = 'NO_SHOW'), count(*)
        FROM ({MADE}) made
        WHERE state IN ('NO_SHOW', 'CHECKED_IN', 'SERVED', 'TURNED_AWAY')
        GROUP BY officer, stream""",  # noqa: S608
    "verified": """
        SELECT actor_id, stream, count(*), 0 FROM kernel_auditevent
        WHERE act = 'verify_account' AND at > %(since)s GROUP BY actor_id, stream""",
    "ktp_seen": """
        SELECT actor_id, stream, count(*), 0 FROM kernel_auditevent
        WHERE act = 'see_identity' AND at > %(since)s GROUP BY actor_id, stream""",
    "unproven": """
        SELECT actor_id, stream, count(*), 0 FROM kernel_auditevent
        WHERE act = 'book_for' AND at > %(since)s
          AND detail ->> 'channel' = 'PRIORITY' AND detail ->> 'proof' = 'false'
        GROUP BY actor_id, stream""",
    # Age is checked against the birth date; of the others only the officer has seen a proof.
    "not_of_age": f"""
        SELECT officer, stream, count(*) FILTER (WHERE NOT of_age), count(*) FROM (
            SELECT officer, stream, bool_or(entitlement IN ('ELDERLY', 'UNDER_FIVE')) AS of_age
            FROM ({MADE}) made WHERE channel = 'PRIORITY' GROUP BY officer, stream, booking_id
        ) each GROUP BY officer, stream""",  # noqa: S608
    "other_reason": """
        SELECT actor_id, stream, count(*) FILTER (WHERE reason = %(other)s), count(*)
        FROM kernel_auditevent WHERE act = 'book_for' AND at > %(since)s
        GROUP BY actor_id, stream""",
    "nik_unseen": """
        SELECT e.actor_id, e.stream, count(*), 0
        FROM kernel_auditevent e JOIN offices_office o ON o.code = e.stream
        WHERE e.act = 'nik.read' AND e.at > %(since)s AND NOT EXISTS (
            SELECT FROM accounts_applicant a
            JOIN queueing_place p ON p.applicant_id = a.id
            JOIN queueing_booking b ON b.id = p.booking_id
            JOIN queueing_slot s ON s.id = b.slot_id
            WHERE 'applicant:' || a.code = e.subject AND s.office_id = o.id
              AND s.day = (e.at AT TIME ZONE o.timezone)::date)
        GROUP BY e.actor_id, e.stream""",
    "sign_ins": """
        SELECT coalesce(e.actor_id, u.id), e.stream, count(*), 0 FROM kernel_auditevent e
        LEFT JOIN accounts_user u ON e.actor_id IS NULL AND u.code = substr(e.subject, 6)
        WHERE e.act = ANY(%(sign_ins)s) AND e.at > %(since_sign_in)s
          -- A stranger's failures are no sign of the officer: only those from a device of theirs.
          AND (e.act <> 'sign_in.refused' OR e.detail ->> 'device' <> '')
        GROUP BY 1, 2""",
    "grants": """
        SELECT actor_id, stream, count(*), 0 FROM kernel_auditevent
        WHERE act IN ('appoint', 'end_post') AND at > %(since)s AND actor_id IS NOT NULL
        GROUP BY actor_id, stream""",
    "off_hours": """
        WITH open AS (
            SELECT office_id, day, min(starts_at) AS opens, max(ends_at) AS closes
            FROM queueing_slot WHERE starts_at > %(since)s - interval '2 days'
            GROUP BY office_id, day)
        SELECT e.actor_id, e.stream, count(*), 0
        FROM kernel_auditevent e JOIN offices_office o ON o.code = e.stream
        LEFT JOIN open ON open.office_id = o.id
            AND open.day = (e.at AT TIME ZONE o.timezone)::date
        WHERE e.act = ANY(%(in_hours)s) AND e.at > %(since)s AND e.actor_id IS NOT NULL
          AND (open.day IS NULL OR e.at < open.opens - %(margin)s
               OR e.at > open.closes + %(margin)s)
        GROUP BY e.actor_id, e.stream""",
    "no_show_undone": """
        SELECT e.actor_id, e.stream, count(*), 0 FROM queueing_bookingevent e
        WHERE e.actor_kind = 'OFFICER' AND e.reason = 'undone' AND e.what = 'BOOKED'
          AND e.at > %(since)s AND EXISTS (
            SELECT FROM queueing_bookingevent was
            WHERE was.booking_id = e.booking_id AND was.place_id = e.place_id
              AND was.id < e.id AND was.what = 'NO_SHOW')
        GROUP BY e.actor_id, e.stream""",
    "late_arrivals": """
        SELECT actor_id, stream, count(*), 0 FROM queueing_bookingevent
        WHERE actor_kind = 'OFFICER' AND what = 'CHECKED_IN' AND reason = ANY(%(late)s)
          AND at > %(since)s
        GROUP BY actor_id, stream""",
}


def counts(now: datetime) -> dict[Key, dict[str, Count]]:
    """What each officer did at each office within the window, by the signals' codes."""
    found: dict[Key, dict[str, Count]] = defaultdict(dict)
    asked = {
        "since": window_start(now),
        "since_sign_in": now - timedelta(days=insiders.SIGN_IN_DAYS.at(now=now)),
        "quick": timedelta(seconds=insiders.QUICK_SECONDS.at(now=now)),
        "margin": timedelta(hours=insiders.MARGIN_HOURS.at(now=now)),
        "other": reasons.OTHER,
        "late": list(reasons.REASONS[Act.CHECK_IN]),
        "family": FAMILY,
        "tickets": TICKETS,
        "in_a_row": timedelta(seconds=insiders.IN_A_ROW_SECONDS.at(now=now)),
        "in_hours": list(IN_HOURS),
        "sign_ins": list(SIGN_INS),
    }
    with connection.cursor() as cursor:
        for code, query in QUERIES.items():
            cursor.execute(query, asked)
            counted = {(officer, stream): Count(n, of) for officer, stream, n, of in cursor}
            if code in insiders.COMPARED:
                counted = with_usual(counted)
            for key, count in counted.items():
                found[key][code] = count
    return found


def window_start(now: datetime) -> datetime:
    return now - timedelta(days=insiders.WINDOW_DAYS.at(now=now))


@dataclass(frozen=True)
class Deed:
    """One act of an officer. ``booking_id`` and ``booking_code`` where it is about a visit."""

    at: datetime
    what: str
    reason: str
    booking_id: int | None = None
    booking_code: str = ""


def deeds_of(row: OfficerScore, now: datetime) -> list[Deed]:
    """What the officer did at the row's office within the window, the latest first."""
    stream = row.office.code if row.office else NATIONAL
    found = [*_audited(row, stream, now), *_at_the_counter(row, stream, now)]
    return sorted(found, key=lambda deed: deed.at, reverse=True)[:LISTED]


def _audited(row: OfficerScore, stream: str, now: datetime) -> Iterator[Deed]:
    by_them = Q(actor_id=row.officer_id)
    refused = Q(act="sign_in.refused", subject=f"user:{row.officer.code}", detail__has_key="device")
    events = AuditEvent.objects.filter(
        by_them | refused, stream=stream, at__gt=window_start(now)
    ).order_by("-at", "-id")[:LISTED]
    codes = {event.subject.removeprefix("booking:") for event in events}
    ids = dict(Booking.objects.filter(code__in=codes).values_list("code", "pk"))
    for event in events:
        code = event.subject.removeprefix("booking:")
        known = ids.get(code)
        yield Deed(event.at, event.act, event.reason, known, code if known else "")


def _at_the_counter(row: OfficerScore, stream: str, now: datetime) -> Iterator[Deed]:
    """Arrivals and absences with a reason; the ordinary ones would bury what matters."""
    events = BookingEvent.objects.filter(
        actor_kind="OFFICER",
        actor_id=row.officer_id,
        stream=stream,
        what__in=["CHECKED_IN", "BOOKED"],
        reason__in=[*reasons.REASONS[Act.CHECK_IN], "undone"],
        at__gt=window_start(now),
    ).order_by("-at", "-id")[:LISTED]
    codes = dict(
        Booking.objects.filter(pk__in={event.booking_id for event in events}).values_list(
            "pk", "code"
        )
    )
    for event in events:
        code = codes.get(event.booking_id, "")
        yield Deed(event.at, event.what, event.reason, event.booking_id, code)
