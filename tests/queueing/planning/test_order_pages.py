"""Headquarters prepares, sees, starts and stops an order on its pages; nobody else finds them."""

import re
from datetime import date, time
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from offices.models import Approval, OpeningHours, SpecialDay
from queueing.planning.models import NationalOrder
from queueing.planning.pages.order_forms import OrderForm
from queueing.planning.services import orders
from tests.factories import HolidayFactory, OfficeFactory, OpeningHoursFactory
from tests.queueing.desk.conftest import NOW

pytestmark = pytest.mark.django_db
LIST = "/sistik/perintah/"
WISH = {
    "kind": "SHARE",
    "amount": 20,
    "first_day": "2030-01-08",
    "last_day": "2030-01-08",
    "offices": ["KANIM-LOKET"],
    "reason": "demand",
    "note": "Penumpukan akhir tahun",
}
WHY = {"reason": "demand", "note": "Penuh"}


@pytest.fixture
def tuesday(office):
    OpeningHoursFactory(
        office=office,
        weekday=1,
        opens=time(8),
        closes=time(10),
        break_starts=None,
        break_ends=None,
        stations=5,
        minutes=15,
    )


@pytest.fixture
def sistik(clock, officer, sign_in):
    return sign_in(officer("SISTIK"))


@pytest.mark.parametrize(("kind", "says"), [("SHARE", True), ("DEADLINE", False)])
def test_only_of_a_share_it_is_said_how_it_is_rounded(sistik, tuesday, kind, says):
    page = sistik.post(LIST + "baru/", WISH | {"kind": kind, "amount": 2}, follow=True)
    assert "Hari yang sementara itu diubah kantor dibiarkan." in shown(page)
    assert ("Bagian yang tidak genap" in shown(page)) is says


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def test_all_that_is_wrong_is_told_at_once(sistik, tuesday):
    wrong = {"kind": "DEADLINE", "amount": 9, "last_day": "2030-01-01", "offices": ["KANIM-XX"]}

    answer = sistik.post(f"{LIST}baru/", WISH | wrong)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"amount", "last_day", "offices"}


def test_an_order_from_its_form_to_its_end(sistik, officer, tuesday):
    preview = sistik.post(f"{LIST}baru/", WISH, follow=True)
    assert "40 → 48 (+8)" in shown(preview)
    order = NationalOrder.objects.get()
    page = f"{LIST}{order.code}/"

    asked = sistik.post(f"{page}jalankan/", {"reason": "demand", "note": "Penuh"}, follow=True)
    assert "Menunggu persetujuan petugas kedua" in shown(asked)
    assert Approval.objects.filter(seats_before=40, seats_after=48).exists()
    Approval.objects.update(state="GRANTED", second=officer("SISTIK"), decided_at=NOW)
    assert "Berjalan" in shown(sistik.post(f"{page}jalankan/", follow=True))
    orders.run(order_id=order.pk, now=NOW)

    done = shown(sistik.get(page))
    assert "1 dari 1 kantor" in done
    assert "1 hari, +8 tempat" in done
    assert SpecialDay.objects.get().stations == 6
    assert "Kuota naik 20 persen" in shown(sistik.get(LIST))


def done(sistik, second) -> NationalOrder:
    sistik.post(f"{LIST}baru/", WISH)
    order = NationalOrder.objects.latest("pk")
    sistik.post(f"{LIST}{order.code}/jalankan/", WHY)
    Approval.objects.update(state="GRANTED", second=second, decided_at=NOW)
    sistik.post(f"{LIST}{order.code}/jalankan/")
    orders.run(order_id=order.pk, now=NOW)
    return order


def test_an_order_is_undone_from_its_page(sistik, officer, tuesday):
    page = f"{LIST}{done(sistik, officer('SISTIK')).code}/"
    assert f"{page}cabut/" in shown(sistik.get(page))
    assert sistik.post(f"{page}cabut/", {"reason": ""}).status_code == 422

    preview = sistik.post(f"{page}cabut/", WHY, follow=True)

    assert "Cabut: Kuota naik 20 persen" in shown(preview)
    assert "48 → 40 (−8)" in shown(preview)
    assert page in shown(preview)
    assert "Pencabutan perintah ini" in shown(sistik.get(page))
    again = sistik.post(f"{page}cabut/", WHY)
    assert (again.status_code, "sudah disiapkan" in shown(again)) == (422, True)


def test_an_office_that_failed_is_told_in_a_sentence(sistik, officer, tuesday):
    order = done(sistik, officer("SISTIK"))
    order.offices.update(outcome="FAILED", why="post_ended")
    assert "Penugasan petugas yang menyiapkan" in shown(sistik.get(f"{LIST}{order.code}/"))
    order.offices.update(why="something_new")
    text = shown(sistik.get(f"{LIST}{order.code}/"))
    assert "hari-harinya tetap seperti semula" in text
    assert "something_new" not in text


def test_an_order_that_is_withdrawn_says_so(sistik, tuesday):
    sistik.post(f"{LIST}baru/", WISH)
    order = NationalOrder.objects.get()

    assert "Perintah dihentikan" in shown(sistik.post(f"{LIST}{order.code}/hentikan/", follow=True))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"offices": ["KANIM-TIDAK-ADA"]}, "Tidak dikenal: KANIM-TIDAK-ADA"),
        ({"kind": "DEADLINE", "amount": 5}, "Besarnya di luar batas."),
        ({"last_day": "2030-01-07"}, "Tanggal akhir tidak boleh sebelum tanggal awal."),
        ({"first_day": "9999-12-30", "last_day": "9999-12-31"}, "Terlalu jauh"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(sistik, tuesday, wrong, said):
    page = sistik.post(f"{LIST}baru/", WISH | wrong)

    assert page.status_code == 422
    assert said in shown(page)
    assert not NationalOrder.objects.exists()


@pytest.fixture
def province():
    """Beside KANIM-LOKET: two of another province, one of them no immigration office."""
    here = {"province": "Uji Utara"}
    parent = OfficeFactory(code="KANIM-SATU", name="Kantor Uji Satu", **here)
    OfficeFactory(code="ULP-DUA", kind="ULP", parent=parent, name="Unit Uji Dua", **here)


@pytest.mark.parametrize(
    ("ticked", "kinds", "codes"),
    [
        ([], ["KANIM"], ["KANIM-LOKET", "KANIM-SATU"]),
        (["provinsi:Uji Utara"], ["KANIM", "ULP"], ["KANIM-SATU", "ULP-DUA"]),
        (["provinsi:Uji Utara"], ["KANIM"], ["KANIM-SATU"]),
        (["ULP-DUA"], ["KANIM"], ["ULP-DUA"]),
        (["provinsi:Uji Utara", "KANIM-LOKET"], ["ULP"], ["KANIM-LOKET", "ULP-DUA"]),
    ],
)
def test_which_offices_are_meant(office, province, ticked, kinds, codes):
    form = OrderForm(QueryDict(urlencode(WISH | {"offices": ticked, "kinds": kinds}, doseq=True)))

    assert form.is_valid()
    assert sorted(found.code for found in form.cleaned_data["offices"]) == codes
    assert form.fields["offices"].widget.count == len(codes)


def test_without_scripts_offices_are_found_and_counted(sistik, tuesday, province):
    typed = WISH | {"lihat": "1", "offices": ["KANIM-LOKET"], "amount": "", "offices-cari": "dua"}

    page = sistik.post(f"{LIST}baru/", typed)

    assert (page.status_code, NationalOrder.objects.count()) == (200, 0)
    text = shown(page)
    assert "1 kantor terpilih" in text
    assert WISH["note"] in text
    row = r'picker__row"[^>]*?( hidden)?><input [^>]*?value="([^"]+)"'
    hidden = {code for hidden, code in re.findall(row, text) if hidden}
    assert hidden == {"KANIM-SATU"}


SATURDAY = WISH | {
    "kind": "SATURDAY",
    "amount": 50,
    "first_day": "2030-01-08",
    "last_day": "2030-01-19",
    "opens": "08:00",
    "closes": "10:00",
}


@pytest.fixture
def friday(office):
    """The office rests on Mondays here, and serves on Fridays."""
    OpeningHoursFactory(office=office, weekday=4, stations=5, minutes=15)
    OpeningHours.objects.filter(office=office, weekday=0).delete()


def test_saturdays_from_their_form_to_what_stays_of_them(sistik, officer, friday, office):
    HolidayFactory(office=None, day=date(2030, 1, 19), state="CONFIRMED", decided_at=NOW)
    preview = shown(sistik.post(f"{LIST}baru/", SATURDAY, follow=True))
    assert "0 → 24 (+24)" in preview
    assert "1: 12 Jan" in preview
    assert "08.00–10.00, 3 loket" in preview
    assert "Hari libur, tetap tutup: 19 Jan" in preview
    assert "50 persen dari biasanya" in preview

    order = NationalOrder.objects.get()
    page = f"{LIST}{order.code}/"
    asked = sistik.post(f"{page}jalankan/", WHY, follow=True)
    assert "Menunggu persetujuan petugas kedua" in shown(asked)
    assert Approval.objects.filter(seats_before=0, seats_after=24).exists()
    Approval.objects.update(state="GRANTED", second=officer("SISTIK"), decided_at=NOW)
    sistik.post(f"{page}jalankan/")
    orders.run(order_id=order.pk, now=NOW)

    assert "1 hari, +24 tempat" in shown(sistik.get(page))
    assert "Layanan Sabtu" in shown(sistik.get(LIST))
    back = shown(sistik.post(f"{page}cabut/", WHY, follow=True))
    assert "Cabut: Layanan Sabtu" in back
    assert "24 → 0 (−24)" in back


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes": ""}, "closes"),
        ({"opens": "22:30", "closes": "23:30"}, "closes"),
        ({"last_day": "2030-01-11"}, "last_day"),
        ({"amount": 101}, "amount"),
    ],
)
def test_what_is_wrong_with_saturdays_is_said_at_the_field(sistik, friday, wrong, field):
    page = sistik.post(f"{LIST}baru/", SATURDAY | wrong)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {field})


def test_hours_of_saturdays_that_another_kind_left_behind_are_not_meant(office):
    typed = WISH | {"opens": "25:00", "closes": "08:00", "on_holidays": "on"}
    form = OrderForm(QueryDict(urlencode(typed, doseq=True)))
    assert form.is_valid()
    wished = form.wished()
    assert (wished["opens"], wished["on_holidays"]) == (None, False)


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER", "HEAD"])
def test_officers_of_an_office_do_not_find_it(clock, officer, office, sign_in, role):
    browser = sign_in(officer(role, office))

    assert browser.get(LIST).status_code == 404
    assert browser.post(f"{LIST}baru/", WISH).status_code == 404
