"""The list of clusters and the page of one, on a phone and on a desk: axe, nothing sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone

from queueing.integrity.models.scores import Cluster
from queueing.integrity.services import scoring
from tests.browser.visitor import IN_TURN, Visitor
from tests.factories import AccountScoreFactory, ClusterFactory, OfficerPostFactory
from tests.offices.admin_pages import address
from tests.queueing.integrity.crowd import Crowd, Hand


@pytest.fixture
def found(portal) -> list[Cluster]:
    """Two hands of many and of few, and one account that stands alone."""
    now = timezone.now()
    hands = [Hand(200, devices=3, addresses=40), Hand(5, devices=1, addresses=2)]
    Crowd(now).make(honest=20, hands=hands, visits=2, days=30).write()
    scoring.score_all(now=now)
    AccountScoreFactory(cluster=ClusterFactory(size=1, first_seen_at=now - timedelta(days=3)))
    return list(Cluster.objects.order_by("-size"))


@pytest.fixture
def enter(visit, portal):
    def enter(**how: object) -> Visitor:
        user = OfficerPostFactory(office=None, role="SISTIK").user
        return visit(officer=user, **how)

    return enter


@pytest.mark.parametrize("first", IN_TURN)
def test_clusters_are_read_on_a_phone_and_in_the_dark(enter, found, first):
    visitor = enter()
    visitor.tour([address(found[0], "changelist"), "/petugas/email/"], first=first)
    for look, cluster in enumerate(found, first):
        visitor.take(look)
        visitor.page.goto(address(cluster, "change", cluster.code))
        for summary in visitor.page.locator(".disclosure > summary").all():
            summary.click()
        visitor.check()
