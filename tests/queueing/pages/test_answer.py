"""The reminder's link: opened by anyone who has the letter, acting by its button alone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.services import incidents
from queueing.booking import reminder_links, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services import changing
from queueing.booking.timeline import timeline
from queueing.quota.models import Seat, Slot
from tests.factories import IncidentFactory, OfficeFactory
from tests.queueing.booking.visits import check_books, states
from tests.queueing.pages.visitors import family_booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return family_booking(2)


def path_of(booking):
    return reverse("queueing:answer", args=[reminder_links.token_of(booking.pk)])


def answer(booking, act: str, *who: int):
    return Client().post(path_of(booking), {"act": act, "who": who}, follow=True)


def test_opening_the_link_changes_nothing_and_tells_what_the_letter_told(booking):
    before = BookingEvent.objects.count()

    for method in ("get", "head"):
        answered = getattr(Client(), method)(path_of(booking))
        assert answered.status_code == 200

    page = Client().get(path_of(booking)).content.decode()
    for place in booking.places.all():
        assert place.applicant.name in page
        assert place.applicant.code not in page
        assert place.applicant.nik_last4 not in page
    assert states(booking) == ["BOOKED", "BOOKED"]
    assert BookingEvent.objects.count() == before


def test_the_address_names_nobody(booking):
    path = path_of(booking)
    assert booking.code not in path
    for place in booking.places.all():
        assert place.applicant.code not in path


def test_who_says_that_they_come_is_written_once_and_told_at_the_counter(booking):
    for _again in range(2):
        assert "Dicatat" in answer(booking, "come", 1).content.decode()

    said = BookingEvent.objects.get(reason="coming")
    first = booking.places.order_by("pk")[0]
    assert (said.place_id, said.actor_kind) == (first.pk, "CITIZEN")
    read = selectors.booking_by_code(booking.code)
    assert timeline(read)[-1].text == "Menyatakan akan datang"
    check_books()


def test_a_released_seat_comes_back_late_and_the_rest_of_the_family_stays(booking):
    now = timezone.now()

    page = answer(booking, "release", 2).content.decode()

    assert "Kursi sudah dilepas" in page
    assert states(booking) == ["BOOKED", "CANCELLED"]
    seat = Seat.objects.get(pk=booking.places.order_by("pk")[1].seat_id)
    assert not seat.taken
    assert seat.visible_at > now
    check_books()


def test_releasing_works_once_and_the_rest_may_still_say_that_they_come(booking):
    answer(booking, "release", 2)

    again = answer(booking, "release", 1)

    assert again.status_code == 422
    assert "hanya dapat sekali" in again.content.decode()
    assert "Lepas kursi" not in again.content.decode()
    assert states(booking) == ["BOOKED", "CANCELLED"]
    assert answer(booking, "come", 1).status_code == 200
    assert BookingEvent.objects.filter(reason="coming").count() == 1


def test_a_used_link_says_so_kindly(booking):
    used = answer(booking, "release", 1, 2)
    assert "sudah dipakai" in used.content.decode()
    assert states(booking) == ["CANCELLED", "CANCELLED"]


def test_the_link_ends_when_the_hour_begins(booking):
    begun = timezone.now() - timedelta(seconds=1)
    Slot.objects.filter(pk=booking.slot_id).update(
        starts_at=begun, ends_at=begun + timedelta(hours=1)
    )

    late = answer(booking, "release", 1)

    assert "sudah lewat" in late.content.decode()
    assert states(booking) == ["BOOKED", "BOOKED"]


def test_the_link_of_one_booking_acts_on_no_other_and_a_forged_one_on_none(booking):
    other = family_booking(1)
    token = reminder_links.token_of(booking.pk)
    forged = reminder_links.token_of(other.pk).partition(":")[0] + token[token.index(":") :]

    answered = Client().post(
        reverse("queueing:answer", args=[forged]), {"act": "release", "who": 1}
    )

    assert answered.status_code == 404
    assert "Tautan ini tidak dikenal" in answered.content.decode()
    assert states(other) == ["BOOKED"]


def test_people_whom_the_visit_no_longer_expects_cannot_be_named(booking):
    changing.cancel(
        account=booking.account,
        code=booking.code,
        applicant_codes=[booking.places.order_by("pk")[0].applicant.code],
        actor=Actor.citizen(booking.account),
        now=timezone.now(),
    )
    assert answer(booking, "come", 1).status_code == 422
    assert answer(booking, "come", 2).status_code == 200
    Place.objects.filter(booking=booking, state="BOOKED").update(state="CHECKED_IN")
    assert "Tidak ada lagi yang ditunggu" in answer(booking, "release", 2).content.decode()


def test_what_is_broken_at_an_office_stands_on_all_pages_of_its_visits(booking):
    owner = Client()
    owner.force_login(booking.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    pages = (path_of(booking), "/janji/", f"/janji/{booking.code}/")
    text = IncidentFactory(office=booking.slot.office, text_id="Listrik padam").text_id
    IncidentFactory(office=OfficeFactory(), text_id="Genset rusak")
    incidents.tell_pages()

    found = [owner.get(page).text for page in pages]

    assert [text in page for page in found] == [True, True, True]
    assert not any("Genset rusak" in page for page in found)
    assert text not in owner.get("/akun/").text
