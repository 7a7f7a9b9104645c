"""Who sees which cluster and what of it, and that each look is logged."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from paspor.kernel.models import AuditEvent
from queueing.integrity.models.scores import Cluster
from tests.factories import (
    AccountScoreFactory,
    BookingFactory,
    ClusterFactory,
    ClusterLinkFactory,
    ClusterOfficeFactory,
    OfficeFactory,
    PlaceFactory,
    ReleaseFactory,
    SlotFactory,
)
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in

pytestmark = pytest.mark.django_db
LIST = reverse("admin:queueing_cluster_changelist")


def page(cluster):
    return reverse("admin:queueing_cluster_change", args=[cluster.code])


@pytest.fixture
def office():
    return OfficeFactory(name="Kantor Imigrasi Uji Sini")


@pytest.fixture
def elsewhere():
    return OfficeFactory(name="Kantor Imigrasi Uji Sana")


def member(cluster, office, email):
    """An account of the cluster that holds a seat at the office."""
    score = AccountScoreFactory(cluster=cluster, account__email=email)
    slot = SlotFactory(release=ReleaseFactory(office=office))
    PlaceFactory(booking=BookingFactory(account=score.account, slot=slot))
    return score.account


@pytest.fixture
def cluster(office, elsewhere):
    """Two accounts of one hand, one at each office."""
    cluster = ClusterFactory(office=office, seats_held=4)
    ClusterOfficeFactory(cluster=cluster, office=elsewhere)
    here = member(cluster, office, "sini@contoh.test")
    there = member(cluster, elsewhere, "luar@contoh.test")
    ClusterLinkFactory(cluster=cluster, label="3F2A9C", members=[here.pk, there.pk], total=7)
    return cluster


@pytest.fixture
def head(officer, office, sign_in):
    return sign_in(officer("HEAD", office))


@pytest.fixture
def sistik(officer, sign_in):
    return sign_in(officer("SISTIK"))


def test_who_holds_most_comes_first_and_what_is_gone_last(sistik):
    small = ClusterFactory(seats_held=2, size=90)
    gone = ClusterFactory(seats_held=0, state=Cluster.State.GONE, size=900)
    large = ClusterFactory(seats_held=200)

    response = sistik.get(LIST)

    assert list(response.context["cl"].result_list) == [large, small, gone]


def test_the_list_gives_its_reasons_in_words(head, cluster):
    text = head.get(LIST).content.decode()
    assert "2 akun memesan lebih cepat daripada tangan manusia" in text
    assert "Kantor Imigrasi Uji Sini" in text
    assert "Kantor Imigrasi Uji Sana" not in text


def test_a_cluster_that_did_nothing_here_is_not_seen(head, elsewhere):
    ClusterFactory(office=elsewhere)
    assert list(head.get(LIST).context["cl"].result_list) == []


def test_a_head_sees_branches_too(head, office):
    branch = OfficeFactory(kind="ULP", grade="", parent=office)
    cluster = ClusterFactory(office=branch)
    assert list(head.get(LIST).context["cl"].result_list) == [cluster]


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_others_see_neither_the_list_nor_the_way_to_it(officer, office, sign_in, cluster, role):
    client = sign_in(officer(role, office))

    assert client.get(LIST).status_code == 403
    assert client.get(page(cluster)).status_code == 403
    assert LIST not in client.get(reverse("admin:index")).content.decode()


def test_the_first_page_leads_there(head):
    assert LIST in head.get(reverse("admin:index")).content.decode()


def test_headquarters_sees_every_account_with_its_mail_masked(sistik, cluster):
    text = sistik.get(page(cluster)).content.decode()
    assert "s•••@contoh.test" in text
    assert "l•••@contoh.test" in text
    assert "sini@" not in text
    assert "Perangkat: 1 buah, dipakai 2 akun" in text


def test_a_head_sees_only_rows_of_the_own_office(head, cluster):
    response = head.get(page(cluster))

    text = response.content.decode()
    assert "s•••@contoh.test" in text
    assert "l•••@contoh.test" not in text
    assert "Uji Sana" not in text
    assert "Perangkat: 1 buah, dipakai 1 akun" in text
    assert [each["counts"] for each in rows_of(response)] == [[1, 1, 1, 0]]


def rows_of(response):
    """The table behind the timeline, as numbers."""
    table = response.context["timeline_table"]
    return [{"counts": [cell["count"] for cell in row["cells"]]} for row in table]


def test_each_look_is_logged_and_the_list_is_not(head, sistik, cluster, office):
    head.get(LIST)
    head.get(page(cluster))
    sistik.get(page(cluster))

    looks = AuditEvent.objects.filter(act="cluster.read").order_by("id")
    assert [(look.subject, look.stream) for look in looks] == [
        (f"cluster:{cluster.code}", office.code),
        (f"cluster:{cluster.code}", "NATIONAL"),
    ]


def test_a_cluster_that_went_elsewhere_leads_there(sistik, cluster):
    gone = ClusterFactory(state=Cluster.State.GONE, merged_into=cluster)
    assert page(cluster) in sistik.get(page(gone)).content.decode()


def test_nothing_is_changed_on_the_page(sistik, cluster):
    assert sistik.post(page(cluster), {"score": "0"}).status_code == 403


def test_a_large_cluster_takes_no_more_queries_than_a_small_one(sistik, cluster):
    sistik.get(page(cluster))
    with CaptureQueriesContext(connection) as small:
        sistik.get(page(cluster))
    for n in range(60):
        AccountScoreFactory(cluster=cluster, account__email=f"n{n}@contoh.test")

    with CaptureQueriesContext(connection) as large:
        response = sistik.get(page(cluster))

    assert len(response.context["account_rows"]) == 25
    assert "1 dari 3" in response.content.decode()
    assert len(large) == len(small) <= 26
