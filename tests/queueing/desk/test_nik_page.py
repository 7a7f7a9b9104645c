"""Reading a NIK in clear: by whom, of whom, with a reason, and always logged."""

import pytest
from django.urls import reverse

from paspor.kernel.codes import grouped
from paspor.kernel.models import AuditEvent, Note
from tests.factories import PlaceFactory, invented_nik

pytestmark = pytest.mark.django_db
NIK = grouped(invented_nik(1))


def path(place, office="KANIM-LOKET"):
    return reverse("desk:nik", args=[office, place.booking.code, place.applicant.code])


def test_a_nik_is_shown_once_a_reason_is_given_and_the_reading_is_logged(counter, place):
    assert NIK not in counter.get(path(place)).content.decode()
    assert not AuditEvent.objects.filter(act="nik.read").exists()

    page = counter.post(path(place), {"reason": "Mencocokkan KTP"})

    assert NIK in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    read = AuditEvent.objects.get(act="nik.read")
    assert (read.stream, read.subject) == ("KANIM-LOKET", f"applicant:{place.applicant.code}")
    assert Note.objects.get(pk=read.note_id).text == "Mencocokkan KTP"
    # A look at the page again shows nothing.
    assert NIK not in counter.get(path(place)).content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_without_a_reason_nothing_is_read(counter, place, reason):
    page = counter.post(path(place), {"reason": reason})
    assert page.status_code == 422
    assert NIK not in page.content.decode()
    assert not AuditEvent.objects.filter(act="nik.read").exists()


def test_people_of_another_office_are_not_found(counter, place):
    other = PlaceFactory()
    assert counter.post(path(other), {"reason": "ingin tahu"}).status_code == 404
    # Nor somebody else's applicant through a booking of this office.
    mixed = reverse("desk:nik", args=["KANIM-LOKET", place.booking.code, other.applicant.code])
    assert counter.post(mixed, {"reason": "ingin tahu"}).status_code == 404
    assert not AuditEvent.objects.filter(act="nik.read").exists()


def test_a_planner_and_a_stranger_read_nothing(clock, officer, office, sign_in, stranger, place):
    for client in (sign_in(officer("PLANNER", office)), stranger):
        assert client.post(path(place), {"reason": "ingin tahu"}).status_code == 404
    assert not AuditEvent.objects.filter(act="nik.read").exists()


def test_sistik_reads_with_a_reason(clock, officer, sign_in, place):
    page = sign_in(officer("SISTIK")).post(path(place), {"reason": "Laporan 12"})
    assert NIK in page.content.decode()
