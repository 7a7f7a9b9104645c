"""Questions about one day of the whole country read that day, not the history."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from offices.ports import Span
from queueing.booking.services import reminding
from queueing.quota.services import following
from tests.factories import ApplicantFactory, OfficeFactory, ReleaseFactory, SeatFactory

TODAY = datetime(2030, 1, 6, 3, tzinfo=UTC)
TOMORROW = date(2030, 1, 7)
JAKARTA = ZoneInfo("Asia/Jakarta")
DAYS, HOURS, PEOPLE = 500, 8, 4

HISTORY = """
WITH hours AS (
    INSERT INTO queueing_slot
        (code, office_id, release_id, day, hour, starts_at, ends_at, closed_why)
    SELECT 'S' || office || '-' || n || '-' || h, office, %(release)s, %(last)s::date - n,
           make_time(h, 0, 0), (%(last)s::date - n + make_time(h, 0, 0)) AT TIME ZONE 'UTC',
           (%(last)s::date - n + make_time(h + 1, 0, 0)) AT TIME ZONE 'UTC', ''
    FROM unnest(%(offices)s::bigint[]) office, generate_series(%(days)s, 0, -1) n,
         generate_series(1, %(hours)s) h
    RETURNING id
), bookings AS (
    INSERT INTO queueing_booking
        (code, account_id, slot_id, channel, moves_used, no_fault, reason, created_at)
    SELECT 'B' || hours.id || '-' || n, %(account)s, hours.id, 'ONLINE', 0, false, '',
           '2020-01-01'
    FROM hours, generate_series(1, %(people)s) n
    RETURNING id
)
INSERT INTO queueing_place
    (booking_id, applicant_id, person_id, seat_id, state, kind, passport_type, entitlement, reason,
     created_at, booked_at, ended_at)
SELECT id, %(applicant)s, %(person)s, %(seat)s, 'SERVED', 'NEW', 'REGULAR', '', '',
       '2020-01-01', '2020-01-01', '2020-01-01'
FROM bookings
"""


@pytest.fixture
def history(committed_db: None) -> None:
    """Two offices with every day of the last 500, the last of them tomorrow."""
    applicant = ApplicantFactory()
    facts = {
        "release": ReleaseFactory().pk,
        "offices": [OfficeFactory().pk, OfficeFactory().pk],
        "account": applicant.account_id,
        "applicant": applicant.pk,
        "person": applicant.person_id,
        "seat": SeatFactory().pk,
        "last": TOMORROW,
        "days": DAYS,
        "hours": HOURS,
        "people": PEOPLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, facts)
    with connections["owner"].cursor() as owner:
        owner.execute("ANALYZE queueing_slot, queueing_booking, queueing_place")


def scans(rows: QuerySet, table: str) -> set[str]:
    """How a table is read: by which indexes, "" where from end to end."""
    with connection.cursor() as cursor:
        sql, values = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
        [[found]] = cursor.fetchall()
    return {index for name, index in _scans(found[0]["Plan"]) if name == table}


def _scans(node: dict) -> Iterator[tuple[str, str]]:
    below = node.get("Plans", [])
    if node["Node Type"] == "Bitmap Heap Scan":
        yield node["Relation Name"], below[0].get("Index Name", "")
    elif "Relation Name" in node:
        yield node["Relation Name"], node.get("Index Name", "") * ("Index Cond" in node)
    for each in below:
        yield from _scans(each)


def test_reminders_read_tomorrow_by_its_index(history: None) -> None:
    slots = reminding._slots_of(JAKARTA, TOMORROW)
    due = reminding._due(list(slots)[: reminding.BATCH], TODAY.date(), JAKARTA)

    assert scans(slots, "queueing_slot") == {"slot_day"}
    indexes = scans(due, "queueing_booking")
    assert "" not in indexes
    assert any(index.startswith("queueing_booking_slot_id") for index in indexes)


def test_a_national_holiday_counts_the_people_of_its_day_by_it(history: None) -> None:
    day = following._slots(Span(None, TOMORROW, TOMORROW))

    assert scans(day, "queueing_slot") == {"slot_day"}
