"""How long a run takes, and how much memory; docs/performance.md has the figures.

SCORING_ACCOUNTS=100000 make test ARGS="tests/queueing/integrity/test_scoring_at_scale.py -n 0 -s"
plays 100,000 accounts with 1,000,000 places; the suite plays a fiftieth of it.
"""

import os
import tracemalloc
from datetime import UTC, datetime
from time import monotonic

import pytest
from django.db import connections

from queueing.booking.models import Place
from queueing.integrity.models.scores import AccountScore, Cluster, ScoringRun
from queueing.integrity.services import scoring
from tests.queueing.integrity.crowd import Crowd, Hand

NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
ACCOUNTS = int(os.environ.get("SCORING_ACCOUNTS", "2000"))
# One in fifty accounts is of a hand, 200 accounts a hand.
HANDS = [
    Hand(200, devices=3, addresses=40, fast=n % 2 == 0) for n in range(max(1, ACCOUNTS // 10_000))
]
SECONDS = 120
# A statement of this long would be an old snapshot that every claim walks over.
LONGEST = 5


@pytest.mark.usefixtures("committed_db")
def test_a_run_takes_less_than_two_minutes_and_finds_every_hand():
    honest = ACCOUNTS - sum(hand.accounts for hand in HANDS)
    Crowd(NOW).make(honest=honest, hands=HANDS, visits=5).write()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    longest = Longest()

    started = monotonic()
    with connections["default"].execute_wrapper(longest):
        scoring.score_all(now=NOW)
    seconds = monotonic() - started
    tracemalloc.start()
    scoring.score_all(now=NOW)
    megabytes = tracemalloc.get_traced_memory()[1] // 2**20
    tracemalloc.stop()

    print(  # noqa: T201  # read by whoever measures
        f"\n{ACCOUNTS} accounts, {Place.objects.count()} places: {seconds:.1f} s, "
        f"longest statement {longest.seconds:.1f} s ({longest.sql}), {megabytes} MB at most, "
        f"{AccountScore.objects.count()} scores, {Cluster.objects.count()} clusters"
    )
    assert seconds < SECONDS
    assert longest.seconds < LONGEST
    assert Cluster.objects.filter(size=200).count() == len(HANDS)


class Longest:
    seconds = 0.0
    sql = ""

    def __call__(self, execute, sql, params, many, context):
        started = monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            took = monotonic() - started
            if took > self.seconds:
                self.seconds, self.sql = took, " ".join(sql.split())[:60]


@pytest.mark.usefixtures("committed_db")
def test_a_run_that_fails_is_over_too(monkeypatch):
    monkeypatch.setattr("queueing.integrity.selectors.facts.NAMES", "SELECT no_such_column")

    with pytest.raises(Exception, match="no_such_column"):
        scoring.score_all(now=NOW)

    assert not ScoringRun.objects.filter(is_running=True).exists()
