"""A played attack, and what is found in it. The crowd is small here; docs/performance.md."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from queueing.integrity.models.cases import Case
from queueing.integrity.models.scores import AccountScore, Cluster, ScoringRun
from queueing.integrity.policies.scoring import SCORE_HIGH
from queueing.integrity.services import scoring
from tests.factories import (
    AccountScoreFactory,
    CaseFactory,
    ClusterFactory,
    ClusterLinkFactory,
)
from tests.queueing.integrity.crowd import Crowd, Hand

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
# Half of it sits in the café where thirty honest people sit too.
ATTACK = Hand(accounts=40, devices=3, addresses=8, cafe=True)


def play(*hands, honest=300):
    crowd = Crowd(NOW).make(honest=honest, hands=list(hands), visits=3, days=20)
    crowd.write()
    return crowd


def members(cluster):
    return set(AccountScore.objects.filter(cluster=cluster).values_list("account_id", flat=True))


def scores():
    return {row.account_id: (row.score, row.computed_at) for row in AccountScore.objects.all()}


def test_an_attack_is_one_row_and_no_honest_account_is_suspected():
    crowd = play(ATTACK)

    scoring.score_all(now=NOW)

    cluster = Cluster.objects.get()
    assert members(cluster) == set(crowd.hands[0])
    assert (cluster.size, cluster.seats_held) == (40, 40)
    assert cluster.score >= 80
    honest = AccountScore.objects.filter(account_id__in=crowd.honest)
    assert not honest.filter(score__gte=SCORE_HIGH.default).exists()


def test_a_slow_hand_and_a_fast_one_are_two_rows():
    slow = Hand(accounts=30, devices=2, addresses=5, fast=False)
    crowd = Crowd(NOW).make(honest=60, hands=[ATTACK, slow], visits=6, days=20)
    crowd.write()

    scoring.score_all(now=NOW)

    found = {frozenset(members(cluster)) for cluster in Cluster.objects.all()}
    assert found == {frozenset(hand) for hand in crowd.hands}


def test_a_second_run_leaves_everything_as_it_is():
    play(ATTACK, honest=30)
    scoring.score_all(now=NOW)
    [code], before = Cluster.objects.values_list("code", flat=True), scores()
    links = set(Cluster.objects.get().links.values_list("pk", flat=True))

    later = NOW + timedelta(minutes=5)
    scoring.score_all(now=later)

    cluster = Cluster.objects.get()
    assert (cluster.code, scores()) == (code, before)
    assert (cluster.first_seen_at, cluster.last_seen_at) == (NOW, later)
    assert set(cluster.links.values_list("pk", flat=True)) == links


def test_rows_that_became_one_go_on_under_the_code_of_the_larger():
    crowd = play(ATTACK, honest=0)
    larger, smaller = ClusterFactory.create_batch(2, last_seen_at=NOW)
    for number, account in enumerate(crowd.hands[0]):
        cluster = smaller if number < 10 else larger
        AccountScoreFactory(account_id=account, cluster=cluster)

    scoring.score_all(now=NOW)

    assert members(larger) == set(crowd.hands[0])
    smaller.refresh_from_db()
    assert (smaller.state, smaller.merged_into) == (Cluster.State.GONE, larger)


def test_what_is_long_over_is_let_go_and_then_forgotten():
    play(ATTACK, honest=0)
    scoring.score_all(now=NOW)
    code = Cluster.objects.get().code

    scoring.score_all(now=NOW + timedelta(days=120))

    assert not AccountScore.objects.exists()
    assert Cluster.objects.get(code=code).state == Cluster.State.GONE
    scoring.score_all(now=NOW + timedelta(days=120 + 366))
    assert not Cluster.objects.exists()


def test_what_an_open_case_speaks_of_stands():
    play(ATTACK, honest=0)
    scoring.score_all(now=NOW)
    code = Cluster.objects.get().code
    case = CaseFactory(about=Case.About.CLUSTER, cluster_code=code)

    scoring.score_all(now=NOW + timedelta(days=120 + 366))
    assert Cluster.objects.get().code == code

    Case.objects.filter(pk=case.pk).update(
        state="CLOSED", decision="UNPROVEN", decided_at=NOW, closed_at=NOW
    )
    scoring.score_all(now=NOW + timedelta(days=120 + 367))
    assert not Cluster.objects.exists()


def test_only_one_run_at_a_time():
    ScoringRun.objects.create(started_at=NOW)

    assert scoring.score_all(now=NOW + timedelta(minutes=9)) is None


def test_a_run_that_a_killed_worker_left_is_taken_over():
    ScoringRun.objects.create(started_at=NOW)

    run = scoring.score_all(now=NOW + timedelta(minutes=11))

    run.refresh_from_db()
    assert run.is_running is None
    assert run.finished_at is not None
    assert not ScoringRun.objects.filter(is_running=True).exists()


def test_labels_tell_no_number_or_address():
    play(ATTACK, honest=0)
    scoring.score_all(now=NOW)

    labels = list(Cluster.objects.get().links.values_list("kind", "label"))

    addresses = [label for kind, label in labels if kind == "ADDRESS"]
    assert {label.split()[0] for label in addresses} == {"10.30.•.•", "10.9.•.•"}
    assert len(addresses) == 5
    others = [label for kind, label in labels if kind not in {"ADDRESS", "PHONE"}]
    assert others
    assert all(re.fullmatch("[0-9A-F]{6}", label) for label in others)


def test_erasing_takes_a_member_out_of_links():
    row = AccountScoreFactory(cluster=ClusterFactory())
    link = ClusterLinkFactory(cluster=row.cluster, members=[row.pk, 0])

    scoring.score_rows.forget(row.account)

    link.refresh_from_db()
    assert link.members == [0]
    assert not AccountScore.objects.exists()
