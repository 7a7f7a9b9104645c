"""/keberatan/: the owner's page, open to a suspended account and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking.models import Place
from queueing.integrity.case_notices import JAKARTA
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.services import appeals
from tests.factories import RestrictionFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import account_of, book, family, show_freed_seats
from tests.queueing.integrity.cases import case_of, done, sistik

pytestmark = pytest.mark.django_db
LIST = "/keberatan/"


def signed_in(account: User) -> Client:
    client = Client()
    client.force_login(account, backend="accounts.backends.SignInBackend")
    return client


@pytest.fixture
def suspended() -> User:
    account = UserFactory()
    done(case_of([account]), Act.SUSPEND, sistik())
    return account


def form_of(account: User) -> str:
    return reverse("integrity:appeal-file", args=["akun", account.restrictions.get().code])


def test_a_stranger_is_asked_to_sign_in():
    assert "/akun/login/" in Client().get(LIST)["Location"]


def test_a_suspended_account_is_told_among_its_appointments(suspended: User):
    page = signed_in(suspended).get("/janji/").content.decode()

    assert "Akun Anda ditangguhkan" in page
    assert f'href="{LIST}"' in page
    assert "Belum ada janji yang akan datang" not in page


def test_a_suspended_account_reads_why_and_may_object(suspended: User):
    page = signed_in(suspended).get(LIST).content.decode()

    assert "Akun Anda ditangguhkan" in page
    assert "menahan banyak tempat" in page
    assert form_of(suspended) in page


def test_an_objection_is_received_and_its_clock_shown(suspended: User):
    client = signed_in(suspended)

    response = client.post(form_of(suspended), {"text": "Itu keluarga saya."}, follow=True)

    page = response.content.decode()
    assert Appeal.objects.get().text == "Itu keluarga saya."
    assert "Dijawab paling lambat" in page
    assert "Yang Anda tulis:" in page
    assert "Itu keluarga saya." in page
    assert form_of(suspended) not in page


def test_two_taps_make_one_appeal(suspended: User):
    client, said = signed_in(suspended), {"text": "Itu keluarga saya.", "token": "satu"}

    for _tap in range(2):
        assert client.post(form_of(suspended), said).status_code == 302
    assert Appeal.objects.count() == 1


def test_a_second_appeal_is_refused_kindly(suspended: User):
    client = signed_in(suspended)
    client.post(form_of(suspended), {"text": "Satu."})

    response = client.post(form_of(suspended), {"text": "Dua."})

    assert response.status_code == 422
    assert "belum dijawab" in response.content.decode()


def test_an_empty_text_comes_back_with_the_form(suspended: User):
    response = signed_in(suspended).post(form_of(suspended), {"text": ""})

    assert response.status_code == 422
    assert "Tuliskan keberatan Anda." in response.content.decode()


def test_what_was_done_to_another_is_not_found(suspended: User):
    assert signed_in(UserFactory()).get(form_of(suspended)).status_code == 404


def test_voided_places_are_told_with_their_people():
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    done(case_of([account_of(people)]), Act.VOID, sistik())
    client = signed_in(account_of(people))

    page = client.get(LIST).content.decode()
    client.post(f"/keberatan/janji/{booking.code}/", {"text": "Ini anak saya."})

    assert people[0].name in page
    assert Appeal.objects.get().booking == booking


def test_who_won_still_reads_what_was_done_and_the_answer():
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    done(case_of([account_of(people)]), Act.VOID, sistik())
    client = signed_in(account_of(people))
    client.post(f"/keberatan/janji/{booking.code}/", {"text": "Ini anak saya."})
    show_freed_seats()

    code = Appeal.objects.get().code
    appeals.uphold(officer=sistik(), code=code, answer="Anda benar.", now=timezone.now())

    page = client.get(LIST).content.decode()
    assert Place.objects.get(booking=booking).state == "BOOKED"  # the same seat
    for words in (grouped(booking.code), people[0].name, "Anda benar.", "Berlaku lagi"):
        assert words in page
    assert f"/keberatan/janji/{booking.code}/" not in page


def test_nothing_done_is_said():
    page = signed_in(UserFactory()).get(LIST).content.decode()

    assert "Tidak ada tindakan atas akun Anda" in page


def test_a_restriction_that_is_over_takes_no_objection():
    row = RestrictionFactory(lifted_at=timezone.now(), lift_reason="ran_out")
    page = signed_in(row.account).get(LIST).content.decode()

    assert "Sudah berakhir" in page
    assert "Akun Anda pernah di" in page
    assert f"Berakhir {formatting.day(row.lifted_at.astimezone(JAKARTA).date())}." in page
    assert "/keberatan/akun/" not in page
