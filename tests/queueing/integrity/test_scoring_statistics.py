"""A run on a database that believes its tables to be empty: nothing loops over everything."""

from datetime import UTC, datetime

from django.db import connection, transaction

from queueing.integrity.models.scores import Cluster
from queueing.integrity.services import scoring
from tests.databases import owner_connection
from tests.queueing.integrity.crowd import TABLES, Crowd, Hand

NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)


def vacuum(database: str) -> None:
    """As autovacuum does after a bulk of work that is not committed yet, or was taken back."""
    with owner_connection(database) as owner:
        for table in TABLES:
            owner.execute(f"VACUUM {table}")


def test_a_run_does_not_rely_on_what_the_database_believes_of_its_tables(committed_db):
    with transaction.atomic():
        crowd = Crowd(NOW).make(honest=300, hands=[Hand(40, 3, 8)], visits=6, days=20)
        crowd.write()
        vacuum(committed_db)
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'queueing_booking'")
            assert cursor.fetchone() == (0,)
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() != ("0",)
        # A statement that loops over everything runs for many minutes: the database ends it.
        scoring.score_all(now=NOW)
    assert Cluster.objects.exists()
