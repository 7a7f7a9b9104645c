"""A database that is used again is as empty and as whole as a new one."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from paspor.kernel import audit, ledger
from paspor.kernel.models import AuditEvent, LedgerEntry
from queueing.models import Booking, Slot
from tests.databases import owner_connection, used_meanwhile
from tests.factories import PlaceFactory
from tests.reused_database import Reused

CHANGES = {
    "a constraint less": "ALTER TABLE queueing_place DROP CONSTRAINT place_one_live_per_seat",
    "an index less": "DROP INDEX restriction_one_live_per_kind",
    "a column more": "ALTER TABLE queueing_place ADD colour text",
    "a default": "ALTER TABLE queueing_place ALTER COLUMN kind SET DEFAULT 'x'",
    "a table more": "CREATE TABLE more (id int)",
    "a part of a log less": "DROP TABLE kernel_auditevent_rest",
    "a silent log": "ALTER TABLE kernel_auditevent_rest DISABLE TRIGGER USER",
    "another function": "CREATE OR REPLACE FUNCTION queueing_more() RETURNS int"
    " LANGUAGE sql AS 'SELECT 1'",
    "a right more": "GRANT DELETE ON kernel_auditevent TO PUBLIC",
    "a right of a column": "GRANT UPDATE (code) ON queueing_booking TO PUBLIC",
    "statistics": "INSERT INTO django_session VALUES ('a', 'b', now()); ANALYZE django_session",
    "a migration less": "DELETE FROM django_migrations",
}


@pytest.fixture
def owner(committed_db: str) -> Iterator[psycopg.Connection]:
    with owner_connection(committed_db) as connection:
        yield connection


def number_of(owner: psycopg.Connection) -> int:
    asked = "SELECT oid FROM pg_database WHERE datname = current_database()"
    return owner.execute(asked).fetchone()[0]


def test_what_was_committed_is_gone_and_numbers_start_anew(
    django_db_setup: None, reused: Reused, django_db_blocker
):
    with django_db_blocker.unblock():
        seen = []
        for _ in range(3):
            with used_meanwhile(reused.renew()), owner_connection(reused.name) as owner:
                assert not Booking.objects.exists()
                assert not Slot.objects.exists()
                assert not AuditEvent.objects.exists()
                assert not LedgerEntry.objects.exists()
                booking = PlaceFactory().booking
                audit.record("calendar.change", actor_id=7, subject="day", stream="office:1")
                ledger.sequence(timezone.now())
                assert LedgerEntry.objects.exists()
                seen.append((number_of(owner), booking.pk))
        assert len(set(seen)) == 1


def test_who_is_still_connected_is_cut_off(committed_db: str, reused: Reused):
    connection.ensure_connection()

    assert reused.renew() == committed_db

    with pytest.raises(Exception, match="terminat"):
        Booking.objects.exists()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_more_than_rows_is_seen(owner, reused: Reused, change: str):
    assert reused.is_as_made(owner)

    with owner.transaction(force_rollback=True):
        owner.execute(change)
        assert not reused.is_as_made(owner)


def test_a_database_that_was_changed_is_made_anew(owner, committed_db: str, reused: Reused):
    before = number_of(owner)
    owner.execute("CREATE TABLE more (id int)")

    with owner_connection(reused.renew()) as again:
        assert number_of(again) != before
        assert again.execute("SELECT to_regclass('more')").fetchone() == (None,)
