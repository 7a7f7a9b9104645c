"""Who comes: signing in is asked late, nothing typed is lost, a double tap books once."""

import pytest
from django.test import Client
from django.utils import timezone

from paspor.kernel import formatting
from queueing.booking.models import Booking, Place
from queueing.quota.models import Seat
from tests.accounts.entering import PASSWORD, person_with_account
from tests.factories import ApplicantFactory, OfficeFactory, UserFactory
from tests.queueing.booking.limit_events import act, database_now, limit
from tests.queueing.booking.visits import lapse, taken
from tests.queueing.pages.visitors import (
    book,
    browser_of,
    near_day,
    near_hour,
    token_in,
    who,
    working_office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return ApplicantFactory()


@pytest.fixture
def browser(person):
    return browser_of(person.account)


def test_people_are_held_and_looked_over(browser, person):
    slot = near_hour()

    answer = browser.post(f"/pesan/{slot.code}/", who(person, token="a"))

    booking = Booking.objects.get()
    assert answer.headers["Location"] == f"/janji/{booking.code}/periksa/"
    assert booking.places.get().state == Place.State.HELD


def test_stranger_signs_in_and_comes_back_to_the_same_choice():
    slot = near_hour()

    answer = Client().get(f"/pesan/{slot.code}/?orang=3&jenis=REPLACEMENT")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(
        f"/akun/login/?next=/pesan/{slot.code}/%3Forang%3D3%26jenis%3DREPLACEMENT"
    )


@pytest.mark.parametrize("door", ["login", "signup", "login/code"])
def test_signing_in_on_the_way_says_what_is_remembered_and_keeps_the_steps(door):
    slot = near_hour()
    back = f"/pesan/{slot.code}/?orang=3"

    page = Client().get(f"/akun/{door}/", {"next": back}).content.decode()

    assert f"Pilihan Anda kami ingat: {formatting.day(slot.day)}" in page
    assert slot.office.name in page
    assert "belum ditahan" in page
    assert "Langkah 3 dari 4" in page
    assert f'href="/kantor/{slot.office.code}/{slot.day}/?orang=3"' in page


@pytest.mark.parametrize("target", ["", "/janji/", "/pesan/TIDAKADA/", "http://[", "/%00"])
def test_signing_in_for_anything_else_has_no_steps(target):
    page = Client().get("/akun/login/", {"next": target})

    assert page.status_code == 200
    assert "kami ingat" not in page.content.decode()


def test_form_that_met_an_expired_sign_in_comes_back_filled():
    slot, user = near_hour(), person_with_account()
    one, other = ApplicantFactory(account=user), ApplicantFactory(account=user)
    browser = Client()

    answer = browser.post(
        f"/pesan/{slot.code}/?orang=2", who(other, kind="LOST") | {f"{one.code}-kind": "NEW"}
    )
    back = browser.post(answer.headers["Location"], {"login": user.email, "password": PASSWORD})
    page = browser.get(back.headers["Location"])

    form = page.context["form"]
    assert form[f"{other.code}-comes"].value()
    assert form[f"{other.code}-kind"].value() == "LOST"
    assert not form[f"{one.code}-comes"].value()


def test_adding_somebody_keeps_who_is_chosen_and_returns(browser, person):
    slot = near_hour()

    aside = browser.post(f"/pesan/{slot.code}/orang/?orang=2", who(person, kind="DAMAGED"))

    assert (
        aside.headers["Location"]
        == f"/akun/pemohon/tambah/?next=%2Fpesan%2F{slot.code}%2F%3Forang%3D2"
    )
    page = browser.get(f"/pesan/{slot.code}/?orang=2")
    assert page.context["form"][f"{person.code}-kind"].value() == "DAMAGED"


def test_person_just_added_is_chosen(browser, person):
    slot = near_hour()
    browser.post(f"/pesan/{slot.code}/orang/", {f"{person.code}-kind": "NEW"})
    added = ApplicantFactory(account=person.account)

    form = browser.get(f"/pesan/{slot.code}/?jenis=LOST&paspor=ELECTRONIC").context["form"]

    assert form[f"{added.code}-comes"].value()
    assert form[f"{added.code}-kind"].value() == "LOST"
    assert form[f"{added.code}-passport_type"].value() == "ELECTRONIC"
    assert not form[f"{person.code}-comes"].value()


def test_what_differs_in_a_nik_stands_on_the_card_with_a_way_to_correct_it(browser, person):
    person.warnings = ["nik_birth_date_differs"]
    person.save()
    slot = near_hour()

    page = browser.get(f"/pesan/{slot.code}/").content.decode()
    aside = browser.post(
        f"/pesan/{slot.code}/orang/?orang=2", who(person, kind="LOST") | {"ubah": person.code}
    )

    assert "Tanggal lahir di NIK berbeda" in page
    correct = page.index(f'name="ubah" value="{person.code}"')
    assert page.index('<button class="visually-hidden" type="submit"') < correct, "Enter corrects"
    back = f"?next=%2Fpesan%2F{slot.code}%2F%3Forang%3D2"
    assert aside.headers["Location"] == f"/akun/pemohon/{person.code}/{back}"
    form = browser.get(f"/pesan/{slot.code}/?orang=2").context["form"]
    assert form[f"{person.code}-kind"].value() == "LOST"


@pytest.mark.parametrize("code", ["x", "../..", "a/b"])
def test_correcting_nobody_of_ones_own_adds_somebody(browser, code):
    slot = near_hour()

    aside = browser.post(f"/pesan/{slot.code}/orang/", {"ubah": code})

    assert aside.headers["Location"].startswith("/akun/pemohon/tambah/")


def test_double_post_books_once_and_lands_on_the_same_booking(browser, person):
    slot = near_hour()
    token = token_in(browser.get(f"/pesan/{slot.code}/"))

    first, second = (
        browser.post(f"/pesan/{slot.code}/", who(person, token=token)) for _tap in range(2)
    )

    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1
    assert taken(slot) == 1


def test_changed_form_after_it_was_sent_is_not_mistaken_for_a_second_tap(browser, person):
    slot = near_hour()
    browser.post(f"/pesan/{slot.code}/", who(person, token="same"))

    answer = browser.post(f"/pesan/{slot.code}/", who(person, kind="LOST", token="same"))

    assert answer.status_code == 422
    assert token_in(answer) != "same"
    assert Booking.objects.count() == 1


def test_who_comes_back_from_a_hold_is_led_on_to_it(browser, person):
    slot = near_hour()
    held = book(slot, [person], confirm=False)

    page = browser.get(f"/pesan/{slot.code}/").content.decode()

    assert f"/janji/{held.code}/periksa/" in page


def test_refusal_stands_at_the_top_and_keeps_what_was_chosen(browser, person):
    slot = near_hour(capacity=1)
    Seat.objects.filter(slot=slot).update(taken=True)

    page = browser.post(f"/pesan/{slot.code}/", who(person, kind="DATA_CHANGE"))

    assert page.status_code == 422
    assert "Kuota jam ini tidak cukup lagi" in page.content.decode()
    assert page.context["form"][f"{person.code}-kind"].value() == "DATA_CHANGE"


def test_limit_that_is_reached_is_told_with_its_end(browser, person):
    slot = near_hour(capacity=1)
    limit("person_let_go", 1)
    act("let_go", person, database_now())

    page = browser.post(f"/pesan/{slot.code}/", who(person))

    assert page.status_code == 422
    assert "sudah 1 kali tempat ditahan lalu dilepas dalam 24 jam" in page.content.decode()
    assert slot.office.zone_name in page.content.decode()


def test_person_booked_elsewhere_is_told_without_details(browser, person):
    book(near_hour(), [ApplicantFactory(person=person.person)])
    slot = near_hour(capacity=1)

    page = browser.post(f"/pesan/{slot.code}/", who(person)).content.decode()

    assert "sudah mempunyai janji temu yang masih berlaku" in page
    assert taken(slot) == 0


def test_family_that_is_booked_already_sees_at_each_card_who_it_is(browser, person):
    slot = near_hour(capacity=9)
    free = ApplicantFactory(account=person.account)
    book(slot, [person])

    page = browser.post(f"/pesan/{slot.code}/", who(free, person))

    form = page.context["form"]
    assert page.status_code == 422
    assert form[f"{person.code}-comes"].errors
    assert not form[f"{free.code}-comes"].errors
    text = page.content.decode()
    assert f'id="id_{person.code}-comes_error"' in text
    assert "Satu orang hanya dapat mempunyai satu janji temu" in text


def test_who_has_an_appointment_is_marked_and_leads_to_it(browser, person):
    slot = near_hour(capacity=9)
    free, held, elsewhere = ApplicantFactory.create_batch(3, account=person.account)
    booked = book(near_hour(days=5), [person])
    holding = book(slot, [held], confirm=False)
    book(near_hour(days=6), [ApplicantFactory(person=elsewhere.person)])

    page = browser.get(f"/pesan/{slot.code}/?orang=1")
    text = page.content.decode()

    assert f'name="{free.code}-comes"' in text
    for one in (person, held, elsewhere):
        assert f'name="{one.code}-comes"' not in text
    assert page.context["form"][f"{free.code}-comes"].value() is True
    assert f'href="/janji/{booked.code}/"' in text
    assert formatting.day(booked.slot.day) in text
    assert f'href="/janji/{holding.code}/periksa/"' in text
    assert f'href="/klaim-nik/{elsewhere.code}/"' in text
    assert formatting.day(near_day(6)) not in text


def test_a_hold_that_has_run_out_marks_nobody(browser, person):
    lapse(book(slot := near_hour(), [person], confirm=False))

    assert f'name="{person.code}-comes"' in browser.get(f"/pesan/{slot.code}/").content.decode()


def test_where_all_have_an_appointment_only_adding_is_left(browser, person):
    book(near_hour(), [person])

    page = browser.get(f"/pesan/{near_hour(days=5).code}/").content.decode()

    assert "Sudah punya janji" in page
    assert "Tahan tempat" not in page
    assert "Tambah orang lain" in page


def test_fewer_people_than_were_sought_are_told_and_the_next_comes_to_the_same_choice(
    browser, person
):
    ApplicantFactory(account=person.account)
    slot = near_hour()
    address = f"/pesan/{slot.code}/?orang=3"
    asked = browser.get(address).content.decode()
    aside = browser.post(f"/pesan/{slot.code}/orang/?orang=3", who(person, kind="LOST"))
    added = ApplicantFactory(account=person.account)

    back = browser.get(address)

    assert "Kurang 1 orang" in asked
    assert "Anda mencari tempat untuk 3 orang; yang dapat dipilih di akun ini 2." in asked
    assert f'form="who" formaction="/pesan/{slot.code}/orang/?orang=3"' in asked
    assert "orang%3D3" in aside.headers["Location"]
    assert "Kurang" not in back.content.decode()
    form = back.context["form"]
    assert (form[f"{person.code}-kind"].value(), form[f"{added.code}-comes"].value()) == (
        "LOST",
        True,
    )


def test_nobody_chosen_is_asked_again(browser, person):
    slot = near_hour()

    page = browser.post(f"/pesan/{slot.code}/", {"token": "a"})

    assert page.status_code == 422
    assert "Pilih sedikitnya satu orang" in page.content.decode()


def test_somebody_elses_applicant_is_not_taken_along(browser, person):
    slot, stranger = near_hour(), ApplicantFactory()

    answer = browser.post(f"/pesan/{slot.code}/", who(person, stranger))

    assert answer.status_code == 302
    assert [place.applicant for place in Place.objects.all()] == [person]


def test_ltsp_asks_for_the_referral_code_at_its_field(browser, person):
    slot = near_hour(working_office(kind="LTSP", parent=OfficeFactory(), needs_referral=True))

    page = browser.post(f"/pesan/{slot.code}/", who(person, referral_code=""))

    assert page.status_code == 422
    assert page.context["form"]["referral_code"].errors


def test_priority_asks_for_the_entitlement(browser, person):
    slot = near_hour(capacity=2, capacity__channel="PRIORITY")

    refused = browser.post(f"/pesan/{slot.code}/?jalur=PRIORITY", who(person, token="a"))
    said = who(person, token="b") | {f"{person.code}-entitlement": "DISABLED"}
    held = browser.post(f"/pesan/{slot.code}/?jalur=PRIORITY", said)

    assert refused.status_code == 422
    assert held.status_code == 302
    assert Booking.objects.get().channel == "PRIORITY"


def test_hour_that_closed_leads_to_its_day_and_says_why(browser):
    slot = near_hour()
    slot.closed_at, slot.closed_why = timezone.now(), "Listrik padam"
    slot.save()

    page = browser.get(f"/pesan/{slot.code}/", follow=True)

    assert page.redirect_chain[0][0] == f"/kantor/{slot.office.code}/{slot.day}/"
    assert "Kantor menutup layanan pada jam ini" in page.content.decode()


def test_unknown_hour_is_404(browser):
    assert browser.get("/pesan/abc/").status_code == 404


def test_new_account_is_led_to_add_its_first_person():
    slot = near_hour()

    page = browser_of(UserFactory()).get(f"/pesan/{slot.code}/").content.decode()

    assert f'formaction="/pesan/{slot.code}/orang/"' in page
    assert "Tahan tempat" not in page


def test_the_guides_answers_come_along_and_each_is_asked_what_is_theirs(browser, person):
    child = ApplicantFactory(account=person.account, birth_date="2020-01-01")
    slot = near_hour()
    asked = f"/pesan/{slot.code}/?orang=2&jenis=REPLACEMENT&lama=PLAIN&pendamping=ONE"

    form = browser.get(asked).context["form"]

    assert form[f"{person.code}-kind"].value() == "REPLACEMENT-PLAIN"
    assert f"{person.code}-parents" not in form.fields
    # Where it was issued settles nothing for a child.
    assert form[f"{child.code}-kind"].value() == "REPLACEMENT"
    assert form[f"{child.code}-parents"].value() == "ONE"


def test_each_of_a_family_is_booked_and_reviewed_with_what_was_chosen_for_them(browser, person):
    child = ApplicantFactory(account=person.account, birth_date="2020-01-01")
    slot = near_hour()
    said = who(person, kind="LOST-DISASTER") | who(child, kind="NEW")
    said[f"{child.code}-parents"] = "CUSTODY"

    answer = browser.post(f"/pesan/{slot.code}/?orang=2", said)
    review = browser.get(answer.headers["Location"]).content.decode()

    told = Place.objects.values_list("applicant__code", "kind", "old_passport", "parents")
    assert set(told) == {
        (person.code, "LOST", "DISASTER", ""),
        (child.code, "NEW", "", "CUSTODY"),
    }
    assert "Paspor hilang, karena musibah" in review
    assert "Paspor baru, bersama pemegang hak asuh" in review
    assert "biaya beban" not in review


@pytest.mark.parametrize("kind", ["", "UNKNOWN"])
def test_a_kind_that_nobody_chose_is_asked_and_not_taken_for_a_new_one(browser, person, kind):
    slot = near_hour()
    asked = f"/pesan/{slot.code}/?jenis={kind}"

    form = browser.get(asked).context["form"]
    refused = browser.post(asked, who(person, kind=""))

    assert form[f"{person.code}-kind"].value() is None
    assert form.fields[f"{person.code}-kind"].choices[0][0] == ""
    assert refused.status_code == 422
    assert not Place.objects.exists()


@pytest.mark.parametrize(("age", "is_asked"), [(11, False), (15, False), (16, True)])
def test_only_who_might_be_married_is_asked_so(browser, person, age, is_asked):
    slot = near_hour()
    person.birth_date = slot.day.replace(year=slot.day.year - age, day=1)
    person.save()

    page = browser.get(f"/pesan/{slot.code}/?jenis=NEW&pendamping=MARRIED")

    choices = dict(page.context["form"].fields[f"{person.code}-parents"].choices)
    assert ("MARRIED" in choices) is is_asked
    assert {"", "BOTH", "ONE", "CUSTODY"} <= set(choices)


def test_what_was_told_of_a_marriage_stays_when_the_errand_is_told_anew(browser, person):
    slot = near_hour()
    person.birth_date = slot.day.replace(year=slot.day.year - 15, day=1)
    person.save()
    booking = book(slot, [person])
    booking.places.update(parents="MARRIED")

    form = browser.get(f"/janji/{booking.code}/keperluan/").context["form"]

    field = form[f"{person.code}-parents"]
    assert field.value() == "MARRIED"
    assert "MARRIED" in dict(field.field.choices)
