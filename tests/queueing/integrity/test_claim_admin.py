"""Claims and checks in the admin: read, masked, and by those whose office lost a place."""

import pytest
from django.urls import reverse
from django.utils import timezone

from queueing.integrity.models.claims import IdentityClaim
from tests.factories import (
    BookingFactory,
    IdentityCheckFactory,
    IdentityClaimFactory,
    OfficeFactory,
    PlaceFactory,
)
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in

pytestmark = pytest.mark.django_db
CLAIMS = reverse("admin:queueing_identityclaim_changelist")


def won() -> IdentityClaim:
    lost, place = BookingFactory(), PlaceFactory(booking=BookingFactory())
    squatted = PlaceFactory(
        booking=lost, state="VOIDED", live_person=None, live_seat=None, ended_at=timezone.now()
    )
    return IdentityClaimFactory(
        state="ACCEPTED",
        booking=place.booking,
        lost_place=squatted,
        loser=lost.account,
        settled_at=timezone.now(),
    )


def listed(client) -> set[int]:
    return {row.pk for row in client.get(CLAIMS).context["cl"].result_list}


def test_a_head_reads_what_was_lost_at_the_own_office_and_sistik_all(officer, sign_in):
    claim, still_open = won(), IdentityClaimFactory()
    office = claim.lost_place.booking.slot.office

    assert listed(sign_in(officer("HEAD", office))) == {claim.pk}
    assert listed(sign_in(officer("HEAD", OfficeFactory()))) == set()
    assert listed(sign_in(officer("SISTIK"))) == {claim.pk, still_open.pk}
    assert sign_in(officer("COUNTER", office)).get(CLAIMS).status_code == 403


def test_neither_page_shows_a_nik_or_a_way_to_change_it(officer, sign_in):
    claim, check = won(), IdentityCheckFactory()
    client = sign_in(officer("SISTIK"))

    for page in (
        reverse("admin:queueing_identityclaim_change", args=[claim.pk]),
        reverse("admin:accounts_identitycheck_change", args=[check.pk]),
    ):
        shown = client.get(page)
        assert shown.status_code == 200
        assert check.asked not in shown.content.decode()
        assert 'name="_save"' not in shown.content.decode()
        assert "/history/" not in shown.content.decode()
        assert client.post(page, {"state": "OVER"}).status_code == 403
