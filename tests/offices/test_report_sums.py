"""How reports fare is told in sum: to an office of its own, to SISTIK of the nation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from offices import report_sums
from offices.models import Report
from offices.report_sums import Sums
from offices.services import reports
from tests.factories import ReportFactory
from tests.offices.conftest import NOW

pytestmark = pytest.mark.django_db
PAGE = "/admin/offices/report/ringkasan/"


def solved(hours: int, **fields: object) -> Report:
    ended = NOW + timedelta(hours=hours)
    return ReportFactory(opened_at=NOW, state="SOLVED", solved_at=ended, **fields)


def test_sums_are_by_kind_and_by_office(kanim):
    for hours in (1, 3, 90):
        solved(hours, office=kanim, kind="PAYMENT")
    ReportFactory(office=kanim, kind="PAYMENT")
    ReportFactory(office=None, kind="DATA", was_late=True)
    rows = Report.objects.all()

    assert report_sums.sums_of(rows) == Sums(filed=5, open=2, late=1, solved=3, median_hours=3)
    assert report_sums.by_kind(rows) == [
        ("PAYMENT", Sums(filed=4, open=1, late=0, solved=3, median_hours=3)),
        ("DATA", Sums(filed=1, open=1, late=1, solved=0, median_hours=None)),
    ]
    assert [name for name, _sums in report_sums.by_office(rows)] == [kanim.name, ""]


def test_a_late_one_stays_late_in_the_sums(officer, kanim):
    report = ReportFactory(office=kanim, opened_at=NOW, state_since=NOW)
    reports.alarm(NOW + timedelta(hours=24))
    reports.step(officer=officer("HEAD", kanim), report=report, state="OFFICE", note="", now=NOW)
    report.refresh_from_db()

    assert (report.late_at, report.was_late) == (None, True)
    assert report_sums.sums_of(Report.objects.all()).late == 1


def test_an_office_sees_its_own_and_sistik_the_nation(officer, sign_in, kanim, ulp):
    now = timezone.now()
    ReportFactory(office=kanim, kind="PAYMENT", opened_at=now)
    ReportFactory(office=kanim, kind="CONDUCT", opened_at=now)
    ReportFactory(office=ulp, kind="DATA", opened_at=now - timedelta(days=60))
    counter, sistik = sign_in(officer("COUNTER", kanim)), sign_in(officer("SISTIK"))

    def seen(client, query: str = "") -> tuple[int, set[str]]:
        shown = client.get(PAGE + query).context
        return shown["whole"].filed, {name for name, _sums in shown["offices"]}

    assert seen(counter) == (1, {kanim.name})
    assert seen(sistik) == (3, {kanim.name, ulp.name})
    assert seen(sistik, "?hari=30") == (2, {kanim.name})
    assert seen(sistik, "?hari=9999999999") == (3, {kanim.name, ulp.name})
    assert PAGE in counter.get("/admin/offices/report/").content.decode()
    assert sign_in(officer("PLANNER", kanim)).get(PAGE).status_code == 404
