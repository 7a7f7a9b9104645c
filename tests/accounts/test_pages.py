"""The account's own pages: profile, applicants, messages, the demo's mailbox."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import rules, words
from accounts.devices import device_name
from accounts.models import Applicant, Message
from queueing.desk import words as officers
from tests.accounts.applicants import add, booked, visited
from tests.accounts.entering import person_with_account, signed_in
from tests.accounts.messages import mail_to
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SITI = {
    "name": "Siti Ma'ruf",
    "nik": "3171 9957 0890 0001",
    "birth_date": "1990-08-17",
    "sex": "F",
}
ADD = "/akun/pemohon/tambah/"
FINDINGS = ("BIRTH_DATE_DIFFERS", "SEX_DIFFERS", "PROVINCE_UNKNOWN", "KK_DATE_ODD")


def test_the_profile_keeps_language_and_phone_and_speaks_it_at_once():
    user = person_with_account()
    browser = signed_in(user)
    answer = browser.post("/akun/", {"language": "en", "phone": "0812 3456 7890"})
    user.refresh_from_db()
    assert (user.language, user.phone) == ("en", "+6281234567890")
    assert answer.cookies["django_language"].value == "en"


def test_a_bad_phone_number_is_named_at_its_field_and_kept():
    browser = signed_in(person_with_account())
    page = browser.post("/akun/", {"language": "id", "phone": "telepon"}).content.decode()
    assert "Tulis nomor telepon seperti" in page
    assert 'value="telepon"' in page
    assert 'aria-invalid="true"' in page


def test_adding_changing_and_removing_a_person():
    user = person_with_account()
    browser = signed_in(user)
    assert browser.post(ADD, SITI | {"is_holder": "on"}).url == "/akun/pemohon/"
    row = Applicant.objects.get()
    page = browser.get("/akun/pemohon/").content.decode()
    assert "••••••••••••0001" in page
    assert "pemegang akun" in page
    assert "3171995708900001" not in page

    change = f"/akun/pemohon/{row.code}/"
    page = browser.get(change).content.decode()
    assert "3171995708900001" not in page
    browser.post(change, SITI | {"nik": "", "name": "Siti Aminah"})
    row.refresh_from_db()
    assert (row.name, row.nik_last4) == ("Siti Aminah", "0001")

    browser.post(f"{change}hapus/")
    assert browser.get(change).status_code == 404


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"nik": "317199570890000"}, "16 angka"),
        ({"name": "ꦱꦸꦮꦂꦤꦶ"}, "huruf Latin"),
        ({"birth_date": "1990-02-31"}, "bukan tanggal"),
        ({"birth_date": "2024-01-01"}, "orang tua atau wali"),
        ({"sex": ""}, "Pilih jenis kelamin"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_at_the_field(change: dict[str, str], says: str):
    page = signed_in(person_with_account()).post(ADD, SITI | change)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'role="alert"' in text
    assert "field__error" in text
    assert says in text
    assert not Applicant.objects.exists()


def test_everything_wrong_is_said_at_once():
    wrong = {"name": "ꦱꦸ", "nik": "123", "birth_date": "", "sex": ""}
    text = signed_in(person_with_account()).post(ADD, wrong).content.decode()
    for says in ("huruf Latin", "16 angka", "Isi tanggal lahir", "Pilih jenis kelamin"):
        assert says in text


DIFFERS = "Tanggal lahir di NIK berbeda"


def test_what_differs_in_a_nik_is_said_after_saving_with_a_way_to_correct_it():
    browser = signed_in(person_with_account())

    page = browser.post(ADD, SITI | {"birth_date": "1990-08-18"}, follow=True).content.decode()

    row = Applicant.objects.get()
    assert DIFFERS in page
    assert f'href="/akun/pemohon/{row.code}/"' in page.partition(DIFFERS)[2]
    assert DIFFERS in browser.get(f"/akun/pemohon/{row.code}/").content.decode()
    browser.post(f"/akun/pemohon/{row.code}/", SITI | {"nik": ""})
    assert DIFFERS not in browser.get("/akun/pemohon/").content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"birth_date": "1990-08-18"}, DIFFERS),
        ({"sex": "M"}, "Jenis kelamin menurut NIK berbeda"),
        ({"kk": "3171990000000001"}, "nomor KK bukan tanggal"),
        ({"nik": "3171 9957 08", "birth_date": "1990-08-18"}, ""),
        ({"birth_date": "", "sex": ""}, ""),
        ({"birth_date": "1990-02-31", "sex": "X"}, ""),
        ({}, ""),
    ],
)
def test_what_differs_is_told_while_it_is_typed(typed: dict[str, str], says: str):
    answer = signed_in(person_with_account()).post("/akun/pemohon/cek/", SITI | typed)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert says in text
    assert text.count("alert--warning") == bool(says)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Applicant.objects.exists()


def test_numbers_are_looked_at_for_the_signed_in_alone_and_by_post(client: Client):
    assert "/akun/login/" in client.post("/akun/pemohon/cek/", SITI).headers["Location"]
    assert signed_in(person_with_account()).get("/akun/pemohon/cek/").status_code == 405


def test_every_finding_has_words_for_people_and_for_officers():
    codes = {getattr(rules, name) for name in FINDINGS}
    assert codes == set(words.WARNINGS) == set(officers.WARNINGS)


def test_a_booked_persons_form_says_what_is_locked_and_why():
    user = person_with_account()
    row = add(user)
    booked(row)
    browser, change = signed_in(user), f"/akun/pemohon/{row.code}/"

    page = browser.get(change)

    assert "tidak dapat diubah selama orang ini memiliki janji temu" in page.content.decode()
    for name in ("name", "nik", "birth_date", "sex"):
        assert " disabled" in str(page.context["form"][name])
    assert " disabled" not in str(page.context["form"]["kk"])
    # A browser sends no disabled field; the others are kept all the same.
    assert browser.post(change, {"kk": "3171991708900001"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.kk_sealed is not None) == ("Warga A", True)


def test_the_form_of_who_had_visits_says_how_to_correct_it():
    user = person_with_account()
    row = add(user)
    visited(row)

    page = signed_in(user).get(f"/akun/pemohon/{row.code}/")

    assert "hapus orang ini dari daftar" in page.content.decode()
    assert " disabled" in str(page.context["form"]["name"])


def test_a_locked_name_that_is_sent_all_the_same_is_refused():
    user = person_with_account()
    row = add(user)
    booked(row)

    page = signed_in(user).post(f"/akun/pemohon/{row.code}/", {"name": "Orang Lain"})

    row.refresh_from_db()
    assert page.status_code == 422
    assert "tidak dapat diubah" in str(page.context["form"].non_field_errors())
    assert row.name == "Warga A"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Edg/130.0", "Edge · Windows"),
        ("Paspor/1.0", "Paspor/1.0"),
    ],
)
def test_a_device_has_a_name_that_people_know(user_agent: str, name: str):
    assert device_name(user_agent) == name


def test_a_sixth_person_is_told_at_the_top():
    user = person_with_account()
    for number in range(2, 7):
        add(user, number)
    browser = signed_in(user)
    assert ADD not in browser.get("/akun/pemohon/").content.decode()
    assert "paling banyak 5 pemohon" in browser.post(ADD, SITI).content.decode()


def test_a_booked_person_is_not_removed_and_the_page_says_what_to_do():
    user = person_with_account()
    row = add(user)
    booked(row)
    page = signed_in(user).post(f"/akun/pemohon/{row.code}/hapus/")
    assert page.status_code == 409
    assert "Batalkan janji temunya" in page.content.decode()


def test_somebody_elses_person_is_not_there():
    row = add(UserFactory())
    browser = signed_in(person_with_account())
    for path_ in (f"/akun/pemohon/{row.code}/", f"/akun/pemohon/{row.code}/hapus/"):
        assert browser.get(path_).status_code == 404
        assert browser.post(path_, SITI).status_code == 404


@pytest.mark.parametrize(
    ("target", "goes"),
    [("/janji/", "/janji/"), ("https://jahat.test/", "/akun/pemohon/"), ("", "/akun/pemohon/")],
)
def test_the_way_back_leads_only_to_our_own_pages(target: str, goes: str):
    browser = signed_in(person_with_account())
    assert browser.post(ADD, SITI | {"next": target}).url == goes


def test_messages_show_their_state_in_words_and_mask_the_address():
    user = person_with_account(email="warga@contoh.test")
    mail_to(user)
    mail_to(UserFactory(), "b")
    Message.objects.update(state="REFUSED")
    page = signed_in(user).get("/akun/pesan/").content.decode()
    assert page.count("ditolak server penerima") == 1
    assert "w•••@contoh.test" in page


@pytest.mark.usefixtures("demo")
def test_a_newcomer_reads_the_code_in_the_demos_mailbox(client: Client, settings: Any):
    signup = {"email": "warga@contoh.test", "password1": "kopi-hitam-pagi", "consent": "on"}
    client.post("/akun/signup/", signup)
    page = client.get("/demo/mailbox/").content.decode()
    message = Message.objects.get()
    code = message.text.partition("\n")[0]
    assert code in page
    assert "Hanya di demo" in page
    letter = client.get(reverse("demo:letter", args=[message.code])).content.decode()
    assert code in letter
    assert client.get("/demo/mailbox/?to=lain@contoh.test").content.decode().count(code) == 0
    assert client.get("/demo/mailbox/TIDAKADA/").status_code == 404

    settings.DEMO = False
    assert client.get("/demo/mailbox/").status_code == 404
    assert client.get(f"/demo/mailbox/{message.code}/").status_code == 404


def test_outside_the_demo_there_is_no_mailbox(client: Client):
    assert client.get("/demo/mailbox/").status_code == 404
