"""A screenshot goes with its report, is looked at by its readers alone, and leaves with it."""

from base64 import b64decode
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from offices.models import Report, ReportScreenshot
from offices.personal_data import OfficeData
from offices.services import reports, screenshots
from offices.services.reports import ReportWish
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import UserFactory
from tests.offices.conftest import NOW
from tests.offices.screenshots import png, sent

pytestmark = pytest.mark.django_db


def filed(office=None, kind: str = "BOOKING", **more: object) -> Report:
    shot = screenshots.taken(BytesIO(png()))
    wish = ReportWish(kind=kind, text="Macet", office=office, screenshot=shot, **more)
    return reports.file(wish=wish, now=NOW).report


@pytest.mark.parametrize("door", ["/laporan/", "/api/v1/reports"])
def test_web_and_api_take_one(client: Client, door: str):
    said = {"kind": "BOOKING", "text": "Macet"}
    assert client.post(door, said | {"screenshot": sent()}).status_code == 201

    kept = ReportScreenshot.objects.get()
    assert (kept.report.text, kept.width, kept.height) == ("Macet", 30, 60)
    assert bytes(kept.image)[8:12] == b"WEBP"


@pytest.mark.parametrize("door", ["/laporan/", "/api/v1/reports"])
def test_a_script_as_screenshot_gets_a_clear_error(client: Client, door: str):
    script = sent(b"<script>alert(document.cookie)</script>")
    refused = client.post(door, {"kind": "OTHER", "text": "Macet", "screenshot": script})

    assert refused.status_code == 422
    assert "Kirim gambar PNG, JPEG, atau WebP" in refused.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("door", ["/laporan/", "/api/v1/reports"])
def test_a_request_is_refused_by_its_length_alone(client: Client, settings, door: str):
    settings.UPLOAD_MAX_BYTES = 100_000
    said = {"kind": "OTHER", "text": "Macet", "screenshot": sent(b"x" * 200_000)}
    assert client.post(door, said).status_code == 413
    assert not Report.objects.exists()


def test_a_second_tap_with_its_picture_files_once(client: Client):
    form = {"kind": "OTHER", "text": "Macet", "token": "a-token-of-a-form"}
    pages = [client.post("/laporan/", form | {"screenshot": sent()}) for _tap in range(2)]
    changed = client.post("/laporan/", form | {"screenshot": sent(png() + b"tail")})

    assert [page.status_code for page in (*pages, changed)] == [201, 201, 422]
    assert ReportScreenshot.objects.count() == 1


def test_its_readers_look_and_each_look_is_logged(officer, sign_in, kanim):
    report = filed(kanim)
    page = f"/admin/offices/report/{report.pk}/"
    at = f"{page}tangkapan-layar/"
    reader = officer("COUNTER", kanim)
    client = sign_in(reader)
    assert at in client.get(f"{page}change/").content.decode()
    assert not AuditEvent.objects.filter(act=screenshots.SEEN).exists()
    image = client.get(at)

    assert (image["Content-Type"], image.content[8:12]) == ("image/webp", b"WEBP")
    assert "no-store" in image["Cache-Control"]
    look = AuditEvent.objects.get(act=screenshots.SEEN)
    found = (look.actor_id, look.subject, look.stream)
    assert found == (reader.pk, f"report:{report.code}", kanim.code)


def test_its_address_alone_shows_it_to_nobody(officer, sign_in, kanim, ulp, client: Client):
    at = f"/admin/offices/report/{filed(kanim).pk}/tangkapan-layar/"
    strangers = {
        "nobody": (client, 302),
        "citizen": (sign_in(UserFactory()), 302),
        "no second factor": (sign_in(officer("HEAD", kanim), second_factor=False), 302),
        "planner": (sign_in(officer("PLANNER", kanim)), 404),
        "another office": (sign_in(officer("COUNTER", ulp)), 404),
    }
    seen = {name: who.get(at).status_code for name, (who, _status) in strangers.items()}
    assert seen == {name: status for name, (_who, status) in strangers.items()}
    assert not AuditEvent.objects.filter(act=screenshots.SEEN).exists()


def test_one_about_conduct_is_seen_by_sistik_alone(officer, kanim):
    report = filed(kanim, "CONDUCT")
    with pytest.raises(NotAllowed):
        screenshots.look(officer=officer("HEAD", kanim), report=report, now=NOW)
    assert screenshots.look(officer=officer("SISTIK"), report=report, now=NOW)
    assert not AuditEvent.objects.filter(act=screenshots.SEEN, stream=kanim.code).exists()


def test_it_is_downloaded_with_its_looks_and_erased_with_the_words(officer, kanim):
    user = UserFactory()
    report = filed(kanim, account=user)
    screenshots.look(officer=officer("COUNTER", kanim), report=report, now=NOW)
    told = OfficeData().export(user)["reports"][0]["screenshot"]
    assert b64decode(told["base64"]) == bytes(report.screenshot.image)
    assert len(told["seen_at"]) == 1

    OfficeData().erase(user, NOW)
    assert not ReportScreenshot.objects.exists()


def test_it_is_forgotten_with_the_words():
    report = filed()
    Report.objects.filter(pk=report.pk).update(state="SOLVED", solved_at=NOW)
    assert reports.forget(NOW + timedelta(days=366)) == 1
    assert not ReportScreenshot.objects.exists()
