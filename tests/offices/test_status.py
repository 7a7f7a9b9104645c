"""/status tells what is measured and nothing better, also without a database."""

from datetime import date, timedelta

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone

from offices import status, uptime
from offices.models import ProbeDay
from offices.models.incidents import IncidentUpdate, Part
from offices.services import probes
from offices.tasks import take_probes
from offices.uptime import Day
from tests.cache_prefix import new_cache_prefix
from tests.factories import (
    IncidentFactory,
    MessageFactory,
    OfficeFactory,
    ReportFactory,
    UserFactory,
)
from tests.offices.conftest import NOW


@pytest.fixture(autouse=True)
def _own_file(settings, tmp_path):
    settings.STATUS_FILE = str(tmp_path / "status.json")


@pytest.fixture
def no_database(monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("host 10.0.0.9")

    def cut() -> None:
        for name in ("cursor", "ensure_connection", "connect"):
            monkeypatch.setattr(BaseDatabaseWrapper, name, refuse)

    return cut


def test_a_minute_without_a_probe_is_unknown_never_up():
    days = [Day(date(2026, 11, 1), up=720, down=0), Day(date(2026, 11, 2), up=0, down=0)]

    assert uptime.shares(days) == {"up": 25.0, "down": 0.0, "unknown": 75.0}
    assert [day.tone for day in days] == ["unknown", "unknown"]


def test_up_is_never_rounded_upwards_nor_down_away():
    told = uptime.shares([Day(date(2026, 11, 1), up=1439, down=1)] * 90)

    assert told == {"up": 99.93, "down": 0.07, "unknown": 0.0}


@pytest.mark.django_db
def test_a_minute_counts_once_and_late_mail_is_down():
    # Its next attempt lies ahead, but it should have gone long ago.
    MessageFactory(due_at=NOW - timedelta(minutes=11), not_before=NOW + timedelta(minutes=5))
    probes.take(NOW)
    probes.take(NOW + timedelta(seconds=20))

    mail = ProbeDay.objects.get(target="MAIL")
    assert (mail.up, mail.down) == (0, 1)
    assert ProbeDay.objects.get(target="DATABASE").up == 1
    # No question was asked of the registry, so nothing is known of it.
    assert not ProbeDay.objects.filter(target="REGISTRY").exists()


@pytest.mark.django_db
def test_reports_are_told_in_sum():
    day = NOW - timedelta(days=1)
    for hours in (2, 6, 100):
        ReportFactory(opened_at=day, state="SOLVED", solved_at=day + timedelta(hours=hours))
    ReportFactory(opened_at=day, was_late=True)
    ReportFactory()

    told = status.build(NOW)["reports"]
    assert told == {"filed": 4, "open": 1, "late": 1, "solved": 3, "median_hours": 6}
    status.keep(status.build(NOW))
    page = Client().get("/status").content.decode()
    assert "separuhnya selesai dalam 6 jam" in page


@pytest.mark.django_db
def test_a_part_is_unknown_once_its_probe_is_old():
    probes.take(NOW)
    now = status.build(NOW + timedelta(minutes=1))
    later = status.build(NOW + timedelta(minutes=5))

    def state(told: dict, part: str) -> str:
        return {each["part"]: each["state"] for each in told["parts"]}[part]

    assert (state(now, "LOGIN"), state(later, "LOGIN")) == ("up", "unknown")
    assert state(now, "PRINTING") == state(now, "PAYMENT") == "unmeasured"


@pytest.mark.django_db
def test_what_is_not_measured_is_said_to_be_so_and_nothing_else_is():
    status.keep(status.build(NOW))
    page = Client().get("/status/").content.decode()
    assert page.count("Tidak diukur") == len(set(Part) - set(status.PROBED_BY)) == 2
    assert "Tidak diketahui" in page


@pytest.mark.django_db
def test_past_incidents_of_offices_are_told_with_all_that_was_said_by_their_clock():
    office = OfficeFactory(timezone="Asia/Jayapura", name="Kantor Timur")
    over = IncidentFactory(
        office=office,
        text_id="Listrik padam",
        started_at=NOW - timedelta(days=3),
        ended_at=NOW - timedelta(days=2),
    )
    for text in ("Genset dipasang", "Listrik menyala"):
        IncidentUpdate.objects.create(
            incident=over, text_id=text, text_en=text, at=NOW - timedelta(days=2)
        )
    IncidentFactory(text_id="Lama sekali", ended_at=NOW - timedelta(days=91))

    told = status.build(NOW)["past"]
    assert [each["code"] for each in told] == [over.code]
    status.keep(status.build(timezone.now()))
    page = Client().get("/status").content.decode()
    for said in ("Kantor Timur", "Listrik padam", "Genset dipasang", "Listrik menyala", "WIT."):
        assert said in page
    assert "<details" in page


@pytest.mark.django_db
@pytest.mark.parametrize("kept_in", ["cache", "file"])
def test_without_a_database_the_last_known_is_told_with_its_age(no_database, kept_in: str):
    IncidentFactory(office=None, text_id="Kabel putus", started_at=NOW)
    signed_in = Client()
    signed_in.force_login(UserFactory(), backend="accounts.backends.SignInBackend")
    take_probes()
    told = status.last_known()
    old = told | {"as_of": (timezone.now() - timedelta(minutes=7)).isoformat()}
    status.keep(old)
    if kept_in == "file":
        new_cache_prefix()
    no_database()

    for client in (Client(), signed_in):
        page = client.get("/status")
        assert page.status_code == 200
        assert "Kabel putus" in page.content.decode()
        assert "berumur 7 menit" in page.content.decode()
    assert Client().get("/status.json").json()["age_seconds"] >= 420


def test_nothing_known_is_said_so(no_database):
    no_database()
    assert Client().get("/status").status_code == 503
