"""What accounts share: a crowd's address is left out before anybody is counted by it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from queueing.integrity.rules.clusters import HubKind
from queueing.integrity.selectors import hubs
from queueing.integrity.selectors.facts import Window
from tests.queueing.integrity.crowd import Crowd, Hand

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
WINDOW = Window(since=NOW - timedelta(days=90), days=90, first=1, speed=5)
CAFE = "10.9.9.9"


@pytest.fixture
def hand():
    crowd = Crowd(NOW).make(
        honest=100, hands=[Hand(40, devices=3, addresses=8, cafe=True)], visits=3, days=20
    )
    crowd.write()
    return crowd.hands[0]


def shared_addresses(ids, most):
    found = hubs.came_from(WINDOW, ids, address_most=most)[HubKind.ADDRESS]
    return {hub.value: (hub.total, sorted(hub.accounts)) for hub in found}


def test_who_shares_an_address_is_counted_exactly_though_its_last_visits_were_looked_at(
    hand, monkeypatch
):
    exact = shared_addresses(hand, 1_000)
    assert CAFE in exact

    monkeypatch.setattr(hubs, "VISITS_LOOKED_AT", 5)

    assert shared_addresses(hand, 5) == {value: hub for value, hub in exact.items() if hub[0] <= 5}
    assert shared_addresses(hand, 1_000) == exact


def test_a_crowd_is_not_counted_to_its_end(hand):
    counted = []

    def note(execute, sql, params, many, context):
        counted.extend(params["values"] if "came AS" in sql else [])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        addresses = shared_addresses(hand, 10)

    assert addresses
    assert CAFE not in addresses
    assert CAFE not in counted
    assert set(addresses) <= set(counted)
