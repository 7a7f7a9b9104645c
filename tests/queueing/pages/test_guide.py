"""The pages of the guided questions, and what an office says of a type it does not issue."""

import re

import pytest

from tests.factories import ApplicantFactory, OfficeFactory
from tests.queueing.pages.visitors import browser_of, near_day, near_hour, working_office

pytestmark = pytest.mark.django_db
LOST = "usia=dewasa&punya=ya&keadaan=hilang&sebab={}&paspor=ELECTRONIC"


def text(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


def test_a_question_a_page_and_the_answers_stay_in_the_address(client):
    first = text(client.get("/panduan/"))
    second = text(client.get("/panduan/?usia=anak&tanya=usia"))

    assert "Paspor ini untuk siapa?" in first
    assert first.count("<fieldset") == 1
    assert "pernah punya paspor" in second
    assert '<input type="hidden" name="usia" value="anak">' in second
    assert 'href="/panduan/?usia=anak&amp;ubah=usia"' in second


def test_nothing_chosen_is_named_at_the_top_and_at_the_question(client):
    page = text(client.get("/panduan/?tanya=usia"))

    assert page.count("Pilih salah satu jawaban.") == 2
    assert 'href="#jawab-1"' in page
    assert 'id="jawab-1"' in page


def test_an_answer_can_be_changed_and_the_others_are_kept(client):
    page = text(client.get("/panduan/?" + LOST.format("bukan") + "&ubah=usia"))

    assert re.search(r'name="usia" value="dewasa"[^>]* checked', page)
    assert '<input type="hidden" name="keadaan" value="hilang">' in page


def test_types_are_offered_with_their_prices(client):
    grown = text(client.get("/panduan/?usia=dewasa&punya=belum"))
    child = text(client.get("/panduan/?usia=anak&punya=belum&orangtua=berdua"))

    assert "Rp 650.000 (5 tahun) atau Rp 950.000 (10 tahun)" in grown
    assert "Rp 650.000 (5 tahun)" in child
    assert "10 tahun" not in child


@pytest.mark.parametrize(
    ("cause", "five_years", "proof"), [("bukan", "1.650.000", False), ("musibah", "650.000", True)]
)
def test_a_lost_passport_is_examined_priced_and_goes_on_to_offices(
    client, cause, five_years, proof
):
    OfficeFactory(passport_types=["REGULAR", "ELECTRONIC"])
    OfficeFactory(passport_types=["REGULAR"])

    page = text(client.get("/panduan/?" + LOST.format(cause)))

    assert "Berita Acara Pemeriksaan (BAP)" in page
    assert "Surat laporan kehilangan dari kepolisian" in page
    assert "Permenkumham 8/2014 pasal 41" in page
    assert f"<dd>Rp {five_years}" in page
    assert ("keadaan kahar" in page) is proof
    told = "&amp;lama=DISASTER" if proof else ""
    assert f'href="/kantor/?jenis=LOST{told}&amp;paspor=ELECTRONIC"' in page
    assert "Dari 2 kantor, 1 menerbitkan paspor elektronik" in page


def test_the_pages_are_english_too(client):
    client.cookies["django_language"] = "en"
    page = text(client.get("/panduan/?" + LOST.format("musibah")))

    assert "What you need" in page
    assert "kepolisian" not in page
    assert "Permenkumham 8/2014 article 41" in page


def test_an_office_without_the_type_says_so_wherever_it_is_shown(client):
    office = working_office(name="Kantor Tanpa Elektronik", passport_types=["REGULAR"])
    slot = near_hour(office)
    other = near_hour(working_office(name="Kantor Dengan", passport_types=["ELECTRONIC"])).office

    listed = text(client.get("/kantor/?paspor=ELECTRONIC"))
    page = text(client.get(f"/kantor/{office.code}/?paspor=ELECTRONIC"))
    day = text(client.get(f"/kantor/{office.code}/{near_day()}/?paspor=ELECTRONIC"))
    people = browser_of(ApplicantFactory().account).get(
        f"/pesan/{slot.code}/?paspor=ELECTRONIC&jenis=LOST"
    )

    assert "tidak dilayani di sini; yang dilayani: paspor biasa." in listed
    assert "Tidak dilayani di sini" in page
    assert other.name in page
    assert "Paspor elektronik (tidak dilayani di sini)" in page
    assert other.name in day
    assert "Paspor elektronik tidak dilayani di sini" in text(people)
    assert "/kantor/?jenis=LOST&amp;paspor=ELECTRONIC" in text(people)
    legend = 1  # of the month grid
    assert (page + day).lower().count("penuh") == legend


@pytest.mark.parametrize(
    ("query", "total", "first"),
    [
        ("kind=LOST&age=34&passport_type=ELECTRONIC", [1_650_000, 1_950_000], "KTP elektronik"),
        (
            "kind=LOST&age=16&passport_type=REGULAR&old_passport=DISASTER",
            [350_000],
            "KTP elektronik kedua",
        ),
        ("kind=NEW&passport_type=REGULAR", [350_000, 650_000], "KTP elektronik asli"),
        (
            "kind=NEW&age=16&parents=MARRIED&passport_type=REGULAR",
            [350_000, 650_000],
            "KTP elektronik asli",
        ),
    ],
)
def test_applications_read_the_same(client, query, total, first):
    answer = client.get(f"/api/v1/guide?{query}").json()

    assert [price["total"] for price in answer["prices"]] == total
    assert answer["documents"][0]["text"].startswith(first)
    assert answer["documents"][0]["source"].startswith("Permenkumham 8/2014")


def test_what_is_added_and_what_is_free_is_told_plainly(client):
    grown = "usia={}&punya=belum&paspor=BELUM"

    page = text(client.get("/panduan/?" + grown.format("dewasa")))
    young = text(client.get("/panduan/?" + grown.format("menikah")))
    lost = text(client.get("/panduan/?" + LOST.format("bukan")))
    told = client.get("/api/v1/guide?kind=NEW").json()

    assert "tambahan Rp 1.000.000" in page
    assert "Penerima beasiswa dari negara" in page
    assert "PP 45/2024 pasal 5 ayat (1)" in page
    assert "10 tahun" in young
    assert "Buku nikah atau akta perkawinan yang bersangkutan" in young
    assert "hari yang sama" not in lost
    assert "beasiswa" not in lost
    assert told["same_day"] == 1_000_000
    assert {row["passport_type"] for row in told["free_for"]} == {"REGULAR"}


def test_an_unknown_case_is_refused_by_its_field(client):
    answer = client.get("/api/v1/guide?kind=HILANG&parents=NEITHER")

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"kind", "parents"}


@pytest.mark.parametrize(
    ("query", "field"),
    [("kind=NEW&parents=BOTH", "parents"), ("kind=NEW&old_passport=PLAIN", "old_passport")],
)
def test_what_does_not_go_together_is_refused_by_its_field(client, query, field):
    answer = client.get(f"/api/v1/guide?{query}")

    assert (answer.status_code, set(answer.json()["fields"])) == (422, {field})


def test_in_english_the_answers_are_several_and_a_type_has_its_article(client):
    OfficeFactory(passport_types=["ELECTRONIC"])
    path = "/panduan/?" + LOST.format("bukan")

    page = text(client.get(path, headers={"accept-language": "en"}))

    assert "Your answers</h2>" in page
    assert "issues the electronic passport." in page
