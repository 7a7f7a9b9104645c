"""What whoever came reads on their own page: number, counter, and why they were sent away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags

from offices.reasons import Why
from queueing.booking import selectors
from queueing.booking.api import answers
from queueing.booking.models import Booking
from queueing.booking.timeline import timeline
from queueing.desk.services import attendance, calling, sittings
from queueing.desk.services.attendance import Visit
from tests.factories import (
    ApplicantFactory,
    BookingFactory,
    OfficerPostFactory,
    PlaceFactory,
    SeatFactory,
)
from tests.queueing.desk.conftest import NOW
from tests.queueing.pages.visitors import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(office):
    officer = OfficerPostFactory(office=office).user
    sittings.sit(officer=officer, office=office, counter=3, now=NOW)
    return officer


@pytest.fixture
def family(slot) -> Booking:
    account = ApplicantFactory(name="SARI WULANDARI").account
    people = [account.applicants.get(), ApplicantFactory(account=account, name="BUDI SANTOSO")]
    booking = BookingFactory(slot=slot, account=account)
    for one in people:
        PlaceFactory(booking=booking, applicant=one, seat=SeatFactory(slot=slot, taken=True))
    return booking


@pytest.fixture
def here(office, officer):
    return {"officer": officer, "office": office, "now": NOW}


def page(booking: Booking) -> str:
    shown = browser_of(booking.account).get(f"/janji/{booking.code}/").content.decode()
    return " ".join(strip_tags(shown).split())


def came(booking: Booking, officer, office) -> None:
    visit = Visit(office=office, booking_code=booking.code)
    attendance.check_in(officer=officer, visit=visit, now=NOW)


def test_before_they_come_there_is_no_number(family):
    told = page(family)
    assert "Nomor antrean Anda" not in told
    assert "lebih awal" in told


def test_who_has_come_reads_the_number_and_where_it_is_called(family, officer, office, here):
    came(family, officer, office)
    label = family.queue_numbers.get().label
    told = page(family)
    assert f"Nomor antrean Anda {label}" in told
    assert "tampil di layar ketika dipanggil" in told
    assert f"Hadir di kantor: nomor {label}" in told
    assert "lebih awal" not in told

    calling.call_next(**here)
    told = page(family)
    assert "Dipanggil ke loket 3." in told
    assert f"Dipanggil ke loket: nomor {label}, loket 3" in told

    calling.hold(**here, label=label)
    assert "Nomor ini ditunda" in page(family)


def test_whoever_does_not_answer_has_no_number_until_they_are_received_again(
    family, officer, office, here
):
    came(family, officer, office)
    calling.call_next(**here)
    label = family.queue_numbers.get().label
    for _again in range(2):
        calling.call_again(**here, label=label)
    calling.gone(**here | {"now": NOW + timedelta(minutes=2)}, label=label)
    told = page(family)
    assert "Nomor antrean Anda" not in told
    assert "Tidak menjawab panggilan" in told


def test_who_is_sent_away_reads_why_and_that_they_may_book_again(family, officer, office, here):
    came(family, officer, office)
    calling.call_next(**here)
    label = family.queue_numbers.get().label
    calling.turn_away(**here, label=label, why=Why("documents_missing"))
    told = page(family)
    assert "SARI WULANDARI: dokumen tidak lengkap." in told
    assert "BUDI SANTOSO: dokumen tidak lengkap." in told
    assert "Tidak dapat dilayani: dokumen tidak lengkap" in told
    assert "Pesan lagi" in told
    assert "Nomor antrean Anda" not in told


def test_who_did_not_come_reads_so_and_what_it_means(family, officer, office, clock):
    over = NOW + timedelta(hours=2)
    clock(over)
    one = family.places.get(applicant__name="BUDI SANTOSO").applicant.code
    visit = Visit(office=office, booking_code=family.code, applicant_codes=[one])
    assert "tidak datang" not in page(family)
    attendance.mark_no_show(officer=officer, visit=visit, now=over)
    told = page(family)
    assert "Kantor mencatat bahwa BUDI SANTOSO tidak datang." in told
    assert "dapat mengurungkan catatan ini" in told
    assert "Pesan lagi" in told

    clock(over + timedelta(days=1))
    told = page(family)
    assert "dapat dipesankan lagi sekarang" in told
    assert "mengurungkan" not in told


def test_an_absence_that_was_taken_back_is_told_as_that(family, officer, office, clock):
    over = NOW + timedelta(hours=2)
    clock(over)
    visit = Visit(office=office, booking_code=family.code)
    attendance.mark_no_show(officer=officer, visit=visit, now=over)
    attendance.undo(officer=officer, visit=visit, now=over)
    assert "Catatan tidak hadir diurungkan oleh petugas" in page(family)
    found = selectors.booking_by_code(family.code)
    assert answers.history(timeline(found))[-1]["text"].startswith("Catatan tidak hadir")
    with translation.override("en"):
        last = timeline(found)[-1].text
    assert last == "The record of a no-show was undone by an officer"


def test_another_reason_says_no_more_than_that(family, officer, office, here):
    came(family, officer, office)
    calling.call_next(**here)
    label = family.queue_numbers.get().label
    calling.turn_away(**here, label=label, why=Why("other", "Sakit."))
    assert "SARI WULANDARI: tidak dapat dilayani." in page(family)


def test_of_two_one_is_sent_away_and_the_other_still_waits(family, officer, office, here):
    came(family, officer, office)
    calling.call_next(**here)
    label = family.queue_numbers.get().label
    one = family.places.get(applicant__name="BUDI SANTOSO").applicant.code
    calling.turn_away(**here, label=label, why=Why("wrong_kind"), people=[one])
    told = page(family)
    assert "BUDI SANTOSO: jenis permohonan keliru." in told
    assert f"Nomor antrean Anda {label}" in told


def test_of_a_family_partly_there_each_name_says_who_has_come(family, officer, office):
    one = family.places.get(applicant__name="SARI WULANDARI").applicant.code
    visit = Visit(office=office, booking_code=family.code, applicant_codes=[one])
    attendance.check_in(officer=officer, visit=visit, now=NOW)
    told = page(family)
    assert "· hadir" in told
    assert "· terjadwal" in told

    came(family, officer, office)
    assert "· hadir" not in page(family)


def test_a_stranger_with_the_code_reads_no_more(family, officer, office, client: Client):
    came(family, officer, office)
    assert client.get(f"/janji/{family.code}/").status_code == 302
