"""An officer writes down what somebody at the counter tells: once, and for their own office."""

import pytest
from django.test import Client

from offices.models import Office, Report, ReportScreenshot
from offices.services import reports
from paspor.kernel.codes import grouped
from tests.factories import OfficeFactory
from tests.offices.screenshots import sent

pytestmark = pytest.mark.django_db
DOOR = "/petugas/laporan/"
SAID = {"kind": "BOOKING", "text": "Macet", "language": "en", "token": "a-token-of-a-form"}


@pytest.fixture
def counter(officer, sign_in, kanim: Office) -> Client:
    return sign_in(officer("COUNTER", kanim))


def said(office: Office, **changes: str) -> dict[str, str]:
    return SAID | {"office": office.code} | changes


def test_a_second_tap_writes_once_and_tells_the_same_numbers(counter: Client, kanim: Office):
    pages = [counter.post(DOOR, said(kanim) | {"screenshot": sent()}) for _tap in range(2)]

    report = Report.objects.get()
    secret = grouped(reports.secret_of(report.code, SAID["token"]))
    assert [page.status_code for page in pages] == [201, 201]
    assert all(grouped(report.code) in page.text and secret in page.text for page in pages)
    assert (report.office, report.language, report.entered_by.posts.get().role) == (
        kanim,
        "en",
        "COUNTER",
    )
    assert ReportScreenshot.objects.get().report == report


def test_a_script_as_picture_keeps_what_was_typed(counter: Client, kanim: Office):
    page = counter.post(DOOR, said(kanim) | {"screenshot": sent(b"<script>alert(1)</script>")})
    assert page.status_code == 422
    assert "Kirim gambar PNG, JPEG, atau WebP" in page.text
    assert "Macet" in page.text
    assert not Report.objects.exists()


def test_an_office_writes_down_its_own_only(counter: Client, kanim: Office):
    other = OfficeFactory(code="KANIM-LAIN")
    assert counter.post(DOOR, said(other)).status_code == 422
    assert counter.post(DOOR, SAID).status_code == 422
    assert not Report.objects.exists()
    assert other.name not in counter.get(DOOR).text


def test_who_answers_no_reports_has_no_such_page(officer, sign_in, kanim: Office):
    assert sign_in(officer("PLANNER", kanim)).get(DOOR).status_code == 403


def test_of_conduct_the_officer_learns_no_secret_where_a_mail_tells_it(
    counter: Client, kanim: Office
):
    page = counter.post(DOOR, said(kanim, kind="CONDUCT", email="pelapor@contoh.test"))
    report = Report.objects.get()
    assert page.status_code == 201
    assert grouped(report.code) in page.text
    assert grouped(reports.secret_of(report.code, SAID["token"])) not in page.text


def test_the_list_leads_there(counter: Client):
    page = counter.get("/admin/offices/report/add/")
    assert (page.status_code, page["Location"]) == (302, DOOR)
