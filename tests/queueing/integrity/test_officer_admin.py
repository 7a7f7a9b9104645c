"""Who sees what was noticed about whom; and that looking is itself seen."""

import pytest
from django.urls import reverse

from offices.models import Office
from paspor.kernel import audit
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.services import officers
from tests.factories import BookingFactory, OfficeFactory, OfficerScoreFactory, SlotFactory
from tests.offices.conftest import NOW
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in

pytestmark = pytest.mark.django_db
LIST = reverse("admin:queueing_officerscore_changelist")


@pytest.fixture
def office() -> Office:
    return OfficeFactory()


@pytest.fixture
def row(office, officer) -> OfficerScore:
    return OfficerScoreFactory(office=office, officer=officer("COUNTER", office))


def page(row: OfficerScore) -> str:
    return reverse("admin:queueing_officerscore_change", args=[row.pk])


def listed(client) -> set[int]:
    response = client.get(LIST)
    if response.status_code == 403:
        return set()
    return {found.pk for found in response.context["cl"].result_list}


def test_heads_see_their_office_and_its_branches_and_sistik_the_nation(
    office, row, officer, sign_in
):
    branch = OfficerScoreFactory(office=OfficeFactory(kind="ULP", grade="", parent=office))
    other = OfficerScoreFactory()
    nation = OfficerScoreFactory(office=None)

    assert listed(sign_in(officer("HEAD", office))) == {row.pk, branch.pk}
    assert listed(sign_in(officer("HEAD", other.office))) == {other.pk}
    assert listed(sign_in(officer("SISTIK"))) == {row.pk, branch.pk, other.pk, nation.pk}


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_counters_and_planners_see_no_signals(office, row, officer, sign_in, role):
    client = sign_in(officer(role, office))

    assert client.get(LIST).status_code == 403
    assert client.get(page(row)).status_code == 403
    assert LIST not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["HEAD", "SISTIK"])
def test_nobody_sees_a_row_about_themselves(office, officer, sign_in, role):
    own = officer(role, office if role == "HEAD" else None)
    row = OfficerScoreFactory(office=office, officer=own)
    client = sign_in(own)

    assert listed(client) == set()
    assert client.get(page(row)).status_code == 302
    with pytest.raises(NotAllowed):
        officers.look(row=row, viewer=own, now=NOW)


def test_a_row_says_why_in_words_and_links_the_visits(office, row, officer, sign_in):
    booking = BookingFactory(slot=SlotFactory(release__office=office))
    audit.record(
        "book_for", actor_id=row.officer_id, subject=f"booking:{booking.code}",
        stream=office.code, reason="urgent",
    )  # fmt: skip

    text = sign_in(officer("HEAD", office)).get(page(row)).content.decode()

    assert "30 orang yang dipesankan petugas ini" in text
    assert "memesankan untuk orang lain (Keperluan mendesak)" in text
    assert reverse("admin:queueing_booking_change", args=[booking.pk]) in text


def test_every_look_is_logged_and_a_stranger_has_none(office, row, officer, sign_in):
    head, stranger = officer("HEAD", office), officer("HEAD", OfficeFactory())

    sign_in(stranger).get(page(row))
    assert not AuditEvent.objects.filter(act="officer.look").exists()
    sign_in(head).get(page(row))

    event = AuditEvent.objects.get(act="officer.look")
    assert (event.actor_id, event.stream) == (head.pk, office.code)
    assert event.subject == f"user:{row.officer.code}"


def test_scores_are_written_by_counting_alone(office, row, officer, sign_in):
    client = sign_in(officer("HEAD", office))

    assert client.get(reverse("admin:queueing_officerscore_add")).status_code == 403
    assert client.post(page(row), {"score": 0}).status_code == 403
