"""What SISTIK and the planners have before them: orders, cases, incidents, reports, mails."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act
from offices.services import announcements, incidents
from offices.services.announcements import AnnouncementWish
from offices.services.incidents import IncidentWish, Texts
from paspor.kernel import audit
from queueing.integrity.models.scores import Cluster
from queueing.integrity.services import acts, appeals, cases
from queueing.integrity.services.appeals import Objection
from queueing.management.commands import seed_demo
from queueing.planning.services import orders
from queueing.quota.models import Slot
from tests.accounts.entering import person_with_account
from tests.factories import (
    ApplicantFactory,
    ApprovalFactory,
    HolidayFactory,
    OfficerPostFactory,
    OfficerScoreFactory,
    RelayFactory,
    ReportFactory,
    SpecialDayFactory,
    SuppressionFactory,
    UserFactory,
)
from tests.queueing.integrity.cases import begun, case_of, done, prepared
from tests.screens.scenes.citizens import book
from tests.screens.stage import Stage

FLOOD = "Banjir sampai lutut di depan kantor, listrik padam sejak subuh."


def fill(stage: Stage) -> None:
    _told(stage)
    _cases(stage)
    _days(stage)
    _orders(stage)
    _officers(stage)


def _told(stage: Stage) -> None:
    """An incident of one office, one of the nation, a day announced, and reports."""
    now, sistik = stage.now, stage.users["sistik"]
    away = Office.objects.get(code=seed_demo.DENPASAR)
    words = Texts("E-mail ke beberapa penyedia terlambat.", "Mail to some providers is late.")
    wish = IncidentWish(None, "MAIL", words, expected_end=now + timedelta(hours=3))
    incidents.open_incident(officer=sistik, wish=wish, now=now)
    words = Texts("Mesin cetak paspor sedang diperbaiki.", "The passport printer is being mended.")
    incidents.open_incident(officer=sistik, wish=IncidentWish(away, "PRINTING", words), now=now)
    day = away.today(now) + timedelta(days=6)
    words = Texts(
        "Pintu utara ditutup, masuk dari timur.", "The north door is shut; use the east one."
    )
    announcement = AnnouncementWish(away, "OTHER", words, day, day)
    announcements.announce(officer=sistik, wish=announcement, now=now)
    for n, text in enumerate(("Kalender tidak terbuka", FLOOD, "Kode e-mail tidak pernah datang")):
        since = now - timedelta(hours=5 * n + 1)
        ReportFactory(office=stage.office, text=text, opened_at=since, state_since=since)
    for n in range(3):
        SuppressionFactory(at=now - timedelta(days=n))
    RelayFactory()


def _cases(stage: Stage) -> None:
    """A case with acts in each state, and an objection that waits."""
    now, officer = stage.now, stage.users["sistik"]
    citizen = person_with_account(email="dibatasi@contoh.test")
    person = ApplicantFactory(account=citizen, name="Hasan Basri", is_holder=True)
    book(Slot.objects.get(code=stage.names["slot"]), [person])
    case = case_of([citizen, *UserFactory.create_batch(8)], stage.office)
    void = prepared(case, Act.VOID, officer)
    running = begun(case, Act.LIMIT, officer)
    acts.run(act_id=running.pk, now=now, most=4)
    finished = done(case, Act.SUSPEND, officer, accounts=[citizen])
    cases.note(officer=officer, code=case.code, text="Ditelepon, tidak dijawab.", now=now)
    matter = citizen.restrictions.get(kind="SUSPENDED")
    objection = Objection("restriction", matter.code, "Ini keluarga saya sendiri.")
    appeal = appeals.file(account=citizen, objection=objection, now=now)
    other = citizen.restrictions.exclude(pk=matter.pk).first()
    stage.users["dibatasi"] = citizen
    stage.names |= {
        "case": case.code,
        "act_prepared": void.code,
        "act_running": running.code,
        "act_done": finished.code,
        "appeal": appeal.code,
        "matter": other.code if other else matter.code,
        "cluster": Cluster.objects.order_by("-size").first().code,
    }


def _orders(stage: Stage) -> None:
    """One that runs: a fifth more for Jakarta's offices from next week, carried out."""
    now, sistik = timezone.now(), stage.users["sistik"]
    first = stage.office.today(now) + timedelta(days=8)
    offices = Office.objects.filter(province=stage.office.province)
    wish = orders.Wish("SHARE", 20, first, first + timedelta(days=13), offices)
    why = Why("demand", "Penumpukan akhir tahun")
    order = orders.prepare(officer=sistik, wish=wish, why=why, now=now)
    ApprovalFactory(
        act=Act.ORDER, subject=orders.subject_of(order), office=None, asked_by=sistik,
        state="GRANTED", second=stage.users["sistik kedua"], asked_at=now, decided_at=now,
    )  # fmt: skip
    orders.start(officer=sistik, code=order.code, now=now)
    orders.run(order_id=order.pk, now=now)
    stage.names["order"] = order.code


def _officers(stage: Stage) -> None:
    """Requests that wait, a pair that always agrees, and an officer who is noticed."""
    now, office = stage.now, stage.office
    asker, second = (OfficerPostFactory(office=office, role="PLANNER").user for _ in range(2))
    for _ in range(12):
        ApprovalFactory(
            office=office, asked_by=asker, second=second, state="USED", used_at=now,
            asked_at=now - timedelta(seconds=9), decided_at=now,
        )  # fmt: skip
    asked = ApprovalFactory(
        office=office, about={"day": "2030-01-08"}, reason="disaster", people=34,
        note=FLOOD, asked_by=asker, asked_at=now - timedelta(minutes=25),
    )  # fmt: skip
    _long_queue(stage, asker)
    for act in ("book_for", "nik.read", "sign_in.new_device"):
        audit.record(act, actor_id=asker.pk, stream=office.code, reason="")
    score = OfficerScoreFactory(officer=asker, office=office)
    stage.names |= {"approval": asked.code, "officer_score": str(score.pk)}


def _long_queue(stage: Stage, asker: User) -> None:
    """At other offices: two and a half pages of requests."""
    for n, office in enumerate(Office.objects.exclude(pk=stage.office.pk).order_by("pk")[:12]):
        for more in range(4):
            ApprovalFactory(
                office=office, about={"day": f"2030-01-{more + 8:02}"}, reason="disaster",
                people=12 + more, note=FLOOD, asked_by=asker,
                asked_at=stage.now - timedelta(minutes=20 - n),
            )  # fmt: skip


def _days(stage: Stage) -> None:
    """A day closed for a reason, an extra Saturday and a holiday of the office's own."""
    office = stage.office
    today = office.today(stage.now)
    closed = date.fromisoformat(stage.names["day_closed"])
    SpecialDayFactory(office=office, day=closed, reason="Pemeliharaan listrik gedung")
    HolidayFactory(office=office, day=today + timedelta(days=40), name="Hari jadi kota")
    saturday = today + timedelta(days=12 - today.weekday())
    month = today.replace(day=1) + timedelta(days=32)
    stage.names |= {"saturday": saturday.isoformat(), "month": f"{month:%Y-%m}"}
