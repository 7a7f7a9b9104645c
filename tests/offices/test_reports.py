"""A report reaches someone, tells its reporter, and says nothing to anybody else."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Message
from offices.errors import ReportInvalid, ReportStepWrong, ReportUnknown
from offices.models import Report
from offices.services import reports
from offices.services.reports import ReportWish
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import IncidentFactory, MessageFactory, ReportFactory
from tests.offices.conftest import NOW

pytestmark = pytest.mark.django_db
TO = "pelapor@contoh.test"


def file(office=None, kind: str = "VERIFICATION", **changes: object) -> reports.Filed:
    wish = ReportWish(kind=kind, text="Tidak ada e-mail", office=office, email=TO, **changes)
    return reports.file(wish=wish, now=NOW)


def test_each_step_is_told_and_escalation_carries_what_is_known(officer, kanim):
    MessageFactory(to=TO, kind="email_confirmation", state="REFUSED", reason="550 full")
    filed = file(kanim)
    head = officer("HEAD", kanim)
    step = {"officer": head, "report": filed.report}
    reports.step(**step, state="OFFICE", note="", now=NOW)
    reports.step(**step, state="SISTIK", note="", now=NOW + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        reports.step(**step, state="SOLVED", note="Selesai", now=NOW)
    sistik = step | {"officer": officer("SISTIK")}
    reports.step(**sistik, state="WAITING", note="Alamat mana?", now=NOW + timedelta(hours=2))
    numbers = {"code": filed.report.code, "secret": filed.secret}
    reports.reply(**numbers, text="Yang lama", now=NOW + timedelta(hours=3))
    with pytest.raises(ReportStepWrong):
        reports.step(**sistik, state="OFFICE", note="", now=NOW + timedelta(hours=4))

    report = reports.followed(**numbers)
    states = [step.state for step in report.steps.all()]
    assert states == ["RECEIVED", "OFFICE", "SISTIK", "WAITING", "SISTIK"]
    assert report.known["messages"][0]["reason"] == "550 full"
    mails = Message.objects.filter(to=TO, about=f"report:{report.code}")
    assert mails.count() == 5
    assert mails.filter(text__contains="Alamat mana?").count() == 1
    assert not mails.filter(text__contains="Yang lama").exists()


def test_wrong_number_and_wrong_secret_are_told_alike(client: Client):
    filed = file()
    for code, secret in ((filed.report.code, "XXXXXXXX"), ("XXXXXXXX", filed.secret)):
        with pytest.raises(ReportUnknown):
            reports.followed(code, secret)
        page = client.post("/laporan/status/", {"code": code, "secret": secret})
        said = {"code": code, "secret": secret}
        api = client.post("/api/v1/reports/follow", said, "application/json")
        assert (page.status_code, api.status_code, api.json()["code"]) == (
            422,
            404,
            "report_unknown",
        )
        assert filed.report.text not in page.content.decode()


def test_a_megabyte_is_refused_at_every_door(client: Client):
    huge = {"kind": "OTHER", "text": "x" * 1_000_000}
    with pytest.raises(ReportInvalid):
        reports.file(wish=ReportWish(**huge), now=NOW)

    for text, status in ((huge["text"], 413), ("x" * 4001, 422)):
        sent = {"kind": "OTHER", "text": text}
        assert client.post("/laporan/", sent).status_code == status
        assert client.post("/api/v1/reports", sent, "application/json").status_code == status
    assert not Report.objects.exists()


def test_page_and_api_file_and_follow(client: Client, kanim):
    page = client.post("/laporan/", {"kind": "OTHER", "text": "Loket", "office": kanim.code})
    numbers = page.context["numbers"]
    followed = client.post("/laporan/status/", numbers)
    sent = client.post("/api/v1/reports", {"kind": "DATA", "text": "Nama"}, "application/json")
    state = client.post("/api/v1/reports/follow", sent.json(), "application/json").json()

    assert (page.status_code, followed.status_code) == (201, 200)
    assert numbers["code"] in followed.content.decode()
    assert (state["state"], state["kind"]) == ("RECEIVED", "DATA")


def test_a_second_tap_files_nothing_and_is_told_the_same(client: Client):
    token = client.get("/laporan/").context["form"]["token"].value()
    form = {"kind": "OTHER", "text": "Loket", "email": TO, "token": token}
    first, second = (client.post("/laporan/", form) for _tap in range(2))
    numbers = first.context["numbers"]
    changed = client.post("/laporan/", form | {"text": "Pintu"})

    assert (first.status_code, second.status_code, changed.status_code) == (201, 201, 422)
    assert second.context["numbers"] == numbers
    assert changed.context["form"].data["token"] != token
    assert reports.followed(**numbers) == Report.objects.get()
    assert Message.objects.filter(to=TO).count() == 1


def test_an_idempotency_key_files_once(client: Client):
    sent = {"kind": "DATA", "text": "Nama"}
    ask = {"content_type": "application/json", "headers": {"Idempotency-Key": "a-key-of-mine"}}
    first, second = (client.post("/api/v1/reports", sent, **ask) for _tap in range(2))
    other = client.post("/api/v1/reports", sent | {"text": "Alamat"}, **ask)

    assert first.json() == second.json()
    assert (second["Idempotent-Replayed"], other.json()["code"]) == (
        "true",
        "idempotency_key_reused",
    )
    assert reports.followed(**first.json()) == Report.objects.get()


def test_the_reporter_answers_by_api_once(client: Client, officer, kanim):
    filed = file(kanim)
    step = {"officer": officer("HEAD", kanim), "report": filed.report, "now": NOW}
    said = {"code": filed.report.code, "secret": filed.secret, "text": "Yang lama"}

    def reply(**changes: str):
        return client.post("/api/v1/reports/reply", said | changes, "application/json")

    unasked = reply()
    reports.step(**step, state="WAITING", note="Alamat mana?")
    refused = [reply(secret="XXXXXXXX"), reply(text=" "), reply(text="x" * 4001)]
    answer, again = reply(), reply()

    assert (unasked.status_code, unasked.json()["code"]) == (409, "report_step_wrong")
    assert [each.status_code for each in refused] == [404, 422, 422]
    assert (answer.status_code, again.status_code) == (200, 409)
    assert answer.json()["state"] == "OFFICE"
    assert [step["note"] for step in answer.json()["steps"]] == ["", "Alamat mana?", "Yang lama"]


def test_conduct_goes_past_the_office(officer, sign_in, kanim):
    report = file(kanim, "CONDUCT").report
    head = officer("HEAD", kanim)
    page = sign_in(head).get("/admin/offices/report/").content.decode()

    assert report.code not in page
    assert not AuditEvent.objects.filter(stream=kanim.code).exists()
    with pytest.raises(NotAllowed):
        reports.step(officer=head, report=report, state="SOLVED", note="Beres", now=NOW)


def test_the_counter_enters_for_somebody_and_solves(officer, sign_in, kanim):
    client = sign_in(officer("COUNTER", kanim))
    page = "/admin/offices/report/"
    typed = {"kind": "SIGN_IN", "office": kanim.code, "text": "Lupa", "language": "id"}
    answer = client.post("/petugas/laporan/", typed)
    report = Report.objects.get()
    chosen = {"_selected_action": [report.pk]}
    client.post(page, chosen | {"action": "solve", "words": ""})
    report.refresh_from_db()
    assert report.state == "RECEIVED"
    client.post(page, chosen | {"action": "solve", "words": "Sudah masuk"})
    report.refresh_from_db()

    assert f"{report.code[:4]}-{report.code[4:]}" in answer.content.decode()
    assert (report.state, report.entered_by is None) == ("SOLVED", False)


def test_one_incident_solves_what_it_explains(officer, kanim):
    incident = IncidentFactory(office=kanim, part="MAIL", started_at=NOW)
    ours = ReportFactory(office=kanim, kind="VERIFICATION", opened_at=NOW)
    others = [
        ReportFactory(kind="VERIFICATION", opened_at=NOW),
        ReportFactory(office=kanim, kind="BOOKING", opened_at=NOW),
        ReportFactory(office=kanim, kind="VERIFICATION", opened_at=NOW - timedelta(hours=1)),
    ]
    assert reports.solve_with(officer=officer("HEAD", kanim), incident=incident, now=NOW) == 1

    ours.refresh_from_db()
    assert (ours.state, ours.incident) == ("SOLVED", incident)
    assert Message.objects.filter(about=f"report:{ours.code}", text__contains="Gangguan").exists()
    assert Report.objects.filter(pk__in=[row.pk for row in others], solved_at=None).count() == 3


def test_a_late_report_alarms_its_head_once(officer, kanim):
    head = officer("HEAD", kanim)
    report = file(kanim).report
    assert reports.alarm(NOW + timedelta(hours=23)) == 0
    assert reports.alarm(NOW + timedelta(hours=24)) == 1
    assert reports.alarm(NOW + timedelta(hours=25)) == 0

    assert Message.objects.filter(to=head.email, about=f"report:{report.code}").count() == 1


@pytest.mark.parametrize(
    ("role", "where"), [("HEAD", "kanim"), ("SISTIK", None)], ids=["the parent's head", "SISTIK"]
)
def test_where_an_office_has_no_head_the_next_above_is_alarmed(
    officer, request, ulp, role: str, where: str | None
):
    above = officer(role, request.getfixturevalue(where) if where else None)
    officer("COUNTER", ulp)
    file(ulp)
    reports.alarm(NOW + timedelta(hours=24))
    assert Message.objects.filter(to=above.email, kind="report").count() == 1


@pytest.mark.parametrize("kind", ["VERIFICATION", "CONDUCT"])
def test_what_sistik_has_from_the_start_carries_what_is_known(kanim, kind: str):
    MessageFactory(to=TO, kind="email_confirmation", state="REFUSED", reason="550 full")
    report = file(kanim if kind == "CONDUCT" else None, kind).report
    assert report.known["messages"][0]["reason"] == "550 full"
    assert file(kanim).report.known == {}


def test_words_are_forgotten_after_their_time():
    report = ReportFactory(state="SOLVED", solved_at=NOW)
    assert reports.forget(NOW + timedelta(days=365)) == 0
    assert reports.forget(NOW + timedelta(days=366)) == 1

    report.refresh_from_db()
    assert (report.text, report.email) == ("", "")
