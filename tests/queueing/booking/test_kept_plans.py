"""A booking's functions follow plans that are made once and read no table whole."""

import pytest
from django.db import connection

KEPT = ("queueing_limits", "queueing_visit", "queueing_book", "queueing_claim_seats")
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
