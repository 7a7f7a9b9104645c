"""The counter on a phone: every screen, and a walk-in without JavaScript."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from offices.models import Office
from queueing.booking.models import Place
from queueing.quota.models import Slot
from tests.browser.visitor import IN_TURN, Visitor
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    ReferralFactory,
    ReleaseFactory,
    SeatFactory,
    SlotFactory,
    invented_nik,
)


@pytest.fixture
def office(portal) -> Office:
    name = "Kantor Imigrasi Kelas I Khusus TPI Uji Soekarno-Hatta"
    return OfficeFactory(code="KANIM-LOKET", name=name, needs_referral=True)


@pytest.fixture
def slot(office: Office) -> Slot:
    """An hour that runs now; just after midnight it has only begun."""
    now = timezone.now().astimezone(office.zone)
    starts_at = max(
        now - timedelta(minutes=10), datetime.combine(now, datetime.min.time(), now.tzinfo)
    )
    release = ReleaseFactory(office=office, first_day=now.date(), last_day=now.date())
    slot = SlotFactory(release=release, starts_at=starts_at)
    SeatFactory.create_batch(3, slot=slot, channel="COUNTER")
    return slot


@pytest.fixture
def place(slot: Slot) -> Place:
    name = "I Gusti Ayu Made Kusumawardhani Prameswari"
    booking = BookingFactory(slot=slot)
    PlaceFactory(booking=booking, applicant__warnings=["nik_sex_differs"])
    return PlaceFactory(booking=booking, applicant__name=name)


@pytest.fixture
def enter(visit, office: Office) -> Callable[..., Visitor]:
    def enter(**how: object) -> Visitor:
        head = OfficerPostFactory(office=office, role="HEAD").user
        return visit(officer=head, **how)

    return enter


def desk(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=["KANIM-LOKET", *args])


def paths(place: Place) -> list[str]:
    booking = place.booking
    ReferralFactory(office=booking.slot.office)
    admin = [
        reverse("admin:queueing_booking_changelist"),
        reverse("admin:queueing_booking_change", args=[booking.pk]),
        reverse("admin:queueing_slot_changelist"),
        reverse("admin:queueing_slot_change", args=[booking.slot_id]),
        reverse("admin:queueing_release_changelist"),
        reverse("admin:queueing_release_add"),
        reverse("admin:queueing_referral_changelist"),
        reverse("admin:queueing_referral_add"),
        reverse("admin:queueing_bookingevent_changelist"),
    ]
    return [
        desk("today"),
        desk("booking", booking.code),
        desk("ticket", booking.code),
        desk("nik", booking.code, place.applicant.code),
        desk("walk-in"),
        desk("close"),
        desk("close-day", booking.slot.day),
        desk("day-list"),
        desk("day-list-key"),
        desk("day-list-print", booking.slot.day),
        *admin,
    ]


@pytest.mark.parametrize("first", IN_TURN)
def test_every_screen_keeps_its_promises(enter, place, first):
    enter().tour(paths(place), first=first)


def test_a_family_is_received_from_the_list(enter, place):
    page = enter().page
    page.goto(desk("today"))
    page.get_by_role("button", name="Terima").click()
    page.get_by_text("diterima.").wait_for()
    assert set(Place.objects.values_list("state", flat=True)) == {"CHECKED_IN"}


def test_a_scanner_types_a_code_and_enter(enter, place):
    page = enter().page
    page.goto(desk("today"))
    page.keyboard.type(place.booking.code)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{desk('booking', place.booking.code)}")


def test_a_walk_in_without_javascript(enter, slot):
    visitor = enter(javascript=False)
    page = visitor.page
    page.goto(desk("walk-in"))
    page.get_by_role("button", name="Tambah orang").click()
    page.get_by_role("button", name="Hapus orang 2").click()
    page.get_by_role("button", name="Pesan dan cetak tiket").click()
    assert page.get_by_text("Orang 1: ada yang perlu diperbaiki").is_visible()
    visitor.check()

    page.get_by_label("Nama sesuai KTP").fill("Sari")
    page.get_by_label("NIK").fill(invented_nik(7))
    page.get_by_label("Tanggal lahir").fill("1990-08-17")
    page.get_by_label("Laki-laki").check()
    page.get_by_label("Alasan").select_option("walk_in")
    page.get_by_label("Keterangan").fill("Datang bersama saudaranya")
    page.get_by_role("button", name="Pesan dan cetak tiket").click()

    assert page.get_by_role("heading", name="Tiket kertas").is_visible()
    assert Place.objects.get().state == "BOOKED"
    visitor.check()


def test_errors_of_the_form_are_open_to_all(enter, slot):
    visitor = enter()
    visitor.page.goto(desk("walk-in"))
    visitor.page.get_by_role("button", name="Pesan dan cetak tiket").click()
    visitor.page.get_by_text("Orang 1: ada yang perlu diperbaiki").wait_for()
    visitor.check()
