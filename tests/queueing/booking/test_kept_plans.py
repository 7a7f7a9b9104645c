"""A booking's functions follow plans that are made once and read no table whole."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from paspor.kernel.models import StoredAnswer
from paspor.kernel.prepared.reading import Prepared
from queueing.booking.actors import Actor
from queueing.booking.services import holding
from queueing.quota.models import Slot
from tests.databases import owner_connection
from tests.factories import SlotFactory
from tests.queueing.booking.visits import account_of, family, wish

KEPT = (
    *("queueing_limits", "queueing_visit", "queueing_book", "queueing_claim_seats"),
    "queueing_confirm",
)
HOW = {"plan_cache_mode=force_generic_plan", "enable_seqscan=off"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", KEPT)
def test_newest_form_of_each_keeps_its_plan(name: str) -> None:
    """CREATE OR REPLACE, or a form with one argument more, forgets it (migration 0034)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proconfig FROM pg_proc WHERE proname = %s ORDER BY pronargs DESC LIMIT 1",
            [name],
        )
        (settings,) = cursor.fetchone()
    assert set(settings or ()) >= HOW


def test_one_visit_reads_no_more_rows_the_more_visits_there_are(committed_db: str) -> None:
    """Also by plans that were made while the planner knew that there was none."""
    with owner_connection(committed_db) as owner:
        owner.execute("VACUUM ANALYZE queueing_booking, queueing_place")
    slot = SlotFactory(capacity=41)
    read = [rows_read_by_a_visit(slot) for _time in range(41)]
    assert max(read[-10:]) <= max(read[1:11])


def test_a_question_looks_up_what_was_nearly_empty_when_its_plan_was_made(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Prepared[tuple[str]] = Prepared(
        lambda user: StoredAnswer.objects.filter(user_id=user).values_list("key")
    )
    _answers(1)
    with owner_connection(committed_db) as owner:
        owner.execute("VACUUM ANALYZE kernel_storedanswer")
    monkeypatch.setitem(connection.settings_dict, "PREPARES", True)
    connection.close()
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", 0)

    with transaction.atomic():
        for user in range(10):
            asked(user)
        assert answers_read_in_a_row() == 0


def _answers(count: int) -> None:
    StoredAnswer.objects.bulk_create(
        StoredAnswer(
            user_id=user, key="k", fingerprint="", status=200, body={}, created_at=timezone.now()
        )
        for user in range(count)
    )


def answers_read_in_a_row() -> int:
    """And not looked up by an index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read::int FROM pg_stat_xact_user_tables"
            " WHERE relname = 'kernel_storedanswer'"
        )
        (count,) = cursor.fetchone()
    return count


def rows_read_by_a_visit(slot: Slot) -> int:
    """Of bookings and places."""
    people = family()
    with transaction.atomic():
        before = rows_read()
        account = account_of(people)
        holding.hold(
            account=account,
            wish=wish(slot, people),
            actor=Actor.citizen(account),
            now=timezone.now(),
        )
        return rows_read() - before


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch)::int FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('queueing_booking', 'queueing_place')"
        )
        (count,) = cursor.fetchone()
    return count
