"""The second officer's queue: what is asked in words, and deciding it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import Approval
from offices.presentation import approval_status
from offices.rules import Act
from paspor.kernel.codes import grouped
from paspor.kernel.models import AuditEvent, Note
from paspor.kernel.policy import FIGURES
from queueing.integrity import insider_words
from queueing.integrity.pages.approvals import A_PAGE
from tests.factories import ApprovalFactory, OfficeFactory, SlotFactory, UserFactory
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in
from tests.queueing.integrity.cases import case_of, head_of, prepared

pytestmark = pytest.mark.django_db
QUEUE = "/petugas/persetujuan/"


@pytest.fixture
def office():
    return OfficeFactory(name="Kantor Imigrasi Uji Antre")


@pytest.fixture
def head(officer, office, sign_in):
    return sign_in(officer("HEAD", office))


def ask(office, **fields) -> Approval:
    at = office.code if office else "nasional"
    closing = {"act": Act.CLOSE_DAY, "subject": f"{at}:2030-01-08"}
    if "act" not in fields:
        closing["about"] = {"day": "2030-01-08"}
    fields = closing | fields
    return ApprovalFactory(office=office, reason="disaster", note="Banjir di jalan", **fields)


def decide(client, approval, verb, **fields):
    path = reverse(f"insiders:approval-{verb}", args=[approval.code])
    return client.post(path, fields, follow=True)


def state(approval) -> str:
    approval.refresh_from_db()
    return approval.state


def test_a_request_says_in_words_what_is_asked(head, office):
    ask(office, people=12)

    page = head.get(QUEUE).content.decode()

    for words in ("Menutup hari", "Selasa, 8 Januari 2030", "12 orang", "Banjir di jalan"):
        assert words in page
    assert "Bencana atau cuaca buruk" in page


def test_the_page_tells_its_time_by_the_clock_it_names(officer, sign_in):
    """An officer of another zone reads Jakarta's time where it says WIB."""
    denpasar = OfficeFactory(timezone="Asia/Makassar")
    page = sign_in(officer("HEAD", denpasar)).get(QUEUE).content.decode()

    clock = timezone.now().astimezone(ZoneInfo("Asia/Jakarta"))
    assert f"pukul {clock:%H}." in page
    assert "WIB" in page


def test_more_seats_are_told_by_hour_and_channel(head, office):
    slot = SlotFactory(release__office=office)
    ask(
        office,
        act=Act.CHANGE_CAPACITY,
        about={"slot": slot.code, "channel": "ONLINE", "seats": 26},
    )

    assert "jalur daring menjadi 26 kursi" in head.get(QUEUE).content.decode()


def test_who_waits_longest_stands_first(head, office):
    now = timezone.now()
    late = ask(office, asked_at=now - timedelta(minutes=1))
    early = ask(office, asked_at=now - timedelta(hours=2))
    lapsed = ask(office, expires_at=now - timedelta(minutes=1))

    rows = head.get(QUEUE).context["waiting"]

    assert [row["code"] for row in rows] == [early.code, late.code]
    assert rows[0]["waited"] == "2\xa0jam"
    assert lapsed.code not in str(rows)


def test_one_button_agrees(head, office):
    approval = ask(office)

    page = decide(head, approval, "grant")

    assert state(approval) == "GRANTED"
    assert "disetujui" in page.content.decode()


def test_declining_takes_a_reason_that_is_kept(head, office):
    approval = ask(office)

    assert decide(head, approval, "decline", why=" ").status_code == 422
    assert state(approval) == "ASKED"
    decide(head, approval, "decline", why="Jalan sudah surut")

    assert state(approval) == "DECLINED"
    event = AuditEvent.objects.get(act="decline_approval")
    assert Note.objects.get(pk=event.note_id).text == "Jalan sudah surut"


def test_who_asked_reads_why_it_was_declined(head, office, officer, sign_in):
    asker = officer("PLANNER", office)
    approval = ask(office, asked_by=asker, act=Act.CLOSE_DAY)
    other = ask(office, asked_by=asker, act=Act.CLOSE_DAY)
    decide(head, approval, "decline", why="Jalan sudah surut")
    approval.refresh_from_db()

    page = sign_in(asker).get(QUEUE)

    said = {row["code"]: row["why"] for row in page.context["own"]}
    assert said == {approval.code: "Jalan sudah surut", other.code: ""}
    assert "Ditolak karena: Jalan sudah surut" in page.text
    assert approval_status(approval, office)["text"] == (
        f"Permintaan {approval.code}: “Jalan sudah surut”"
    )


@pytest.mark.parametrize("lapsed", [False, True])
def test_a_yes_that_nobody_used_in_time_is_no_yes_any_more(officer, office, sign_in, lapsed):
    asker = officer("COUNTER", office)
    ask(
        office,
        act=Act.BOOK_FOR,
        about={"is_walk_in": True},
        asked_by=asker,
        state="GRANTED",
        second=UserFactory(),
        decided_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=-1 if lapsed else 1),
    )

    page = sign_in(asker).get(QUEUE).content.decode()

    assert ("kedaluwarsa" in page) is lapsed
    assert ("Buka isian yang sudah diketik" in page) is not lapsed


def test_what_was_decided_meanwhile_is_said(head, office, officer):
    second = officer("HEAD", office)
    approval = ask(office, state="GRANTED", second=second, decided_at=timezone.now())

    assert "sudah diputuskan" in decide(head, approval, "grant").content.decode()


def test_an_old_second_factor_is_asked_for_again(head, office):
    approval = ask(office)
    session = head.session
    old = timezone.now().timestamp() - 3600
    session["offices_second_factors_shown"] = dict.fromkeys(
        session["offices_second_factors_shown"], old
    )
    session.save()

    response = head.post(reverse("insiders:approval-grant", args=[approval.code]))

    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert state(approval) == "ASKED"


def test_nobody_agrees_to_their_own_request(officer, office, sign_in):
    asker = officer("HEAD", office)
    approval = ask(office, asked_by=asker)
    client = sign_in(asker)

    assert decide(client, approval, "grant").status_code == 404
    page = client.get(QUEUE)
    assert page.context["waiting"] == []
    assert [row["code"] for row in page.context["own"]] == [approval.code]


def test_another_office_sees_and_decides_nothing(officer, office, sign_in):
    approval = ask(office)
    for role in ("COUNTER", "PLANNER", "HEAD"):
        stranger = sign_in(officer(role, OfficeFactory()))
        assert stranger.get(QUEUE).context["waiting"] == []
        assert decide(stranger, approval, "grant").status_code == 404
        assert decide(stranger, approval, "decline", why="x").status_code == 404
    assert state(approval) == "ASKED"


def test_a_counter_officer_decides_no_closing(officer, office, sign_in):
    approval = ask(office)
    counter = sign_in(officer("COUNTER", office))

    assert [row["may_decide"] for row in counter.get(QUEUE).context["waiting"]] == [False]
    assert "tidak berwenang" in decide(counter, approval, "grant").content.decode()
    assert state(approval) == "ASKED"


def test_a_citizen_has_no_queue(client, db):
    assert client.get(QUEUE).status_code == 302


def test_figures_count_what_became_of_requests(head, office, officer):
    now = timezone.now()
    second = officer("HEAD", office)
    decided = {"second": second, "decided_at": now, "asked_at": now - timedelta(seconds=40)}
    ask(office, state="GRANTED", **decided)
    ask(office, state="DECLINED", **decided)
    ask(office, expires_at=now - timedelta(minutes=1))
    ask(OfficeFactory(), state="GRANTED", **decided)
    ask(office, asked_at=now - timedelta(days=40))

    page = head.get(reverse("insiders:approval-figures"))

    (row,) = [each["row"] for each in page.context["tallies"]]
    assert (row.asked, row.granted, row.declined, row.lapsed) == (3, 1, 1, 1)
    assert round(row.median_seconds) == 40
    longer = head.get(reverse("insiders:approval-figures"), {"hari": "90"})
    assert longer.context["tallies"][0]["row"].asked == 4


def test_figures_are_for_heads_and_headquarters(officer, office, sign_in):
    ask(office)
    for role, seen in (("COUNTER", 404), ("PLANNER", 404), ("HEAD", 200)):
        client = sign_in(officer(role, office))
        assert client.get(reverse("insiders:approval-figures")).status_code == seen
    sistik = sign_in(officer("SISTIK"))
    page = sistik.get(reverse("insiders:approval-figures"), {"kantor": office.code})
    assert page.context["tallies"][0]["row"].asked == 1
    stranger = sign_in(officer("HEAD", OfficeFactory()))
    page = stranger.get(reverse("insiders:approval-figures"), {"kantor": office.code})
    assert page.context["tallies"] == []


def test_a_pair_that_always_agrees_is_named(head, office, officer):
    asker, second, now = officer("PLANNER", office), officer("HEAD", office), timezone.now()
    for _ in range(10):
        ask(office, asked_by=asker, second=second, state="USED", used_at=now,
            decided_at=now, asked_at=now - timedelta(seconds=8))  # fmt: skip

    page = head.get(reverse("insiders:approval-figures"), {"hari": "90"})

    (pair,) = page.context["pairs"]
    assert "10 permintaan" in pair["why"]
    assert "dalam 8 detik" in pair["why"]


def test_a_pair_is_one_row_over_all_offices(office, officer, sign_in):
    client, now = sign_in(officer("SISTIK")), timezone.now()
    asker, second = officer("SISTIK"), officer("SISTIK")
    for where in [office, None] * 5:
        ask(where or OfficeFactory(), asked_by=asker, second=second, state="USED", used_at=now,
            decided_at=now, asked_at=now - timedelta(seconds=8))  # fmt: skip

    page = client.get(reverse("insiders:approval-figures"), {"hari": "90"})

    (pair,) = page.context["pairs"]
    assert "10 permintaan" in pair["why"]


def test_an_act_over_a_case_is_named_and_leads_to_what_it_would_do(head, office):
    act = prepared(case_of([UserFactory()], office), Act.LIMIT, head_of(office))
    about = {"case": act.case.code, "bulk_act": act.code}
    asked = {"act": act.act, "about": about, "asked_by": act.prepared_by}
    ask(office, told="batasi akun: 1 akun", **asked)

    page = head.get(QUEUE).content.decode()

    for words in (grouped(act.case.code), grouped(act.code), "batasi akun: 1 akun"):
        assert words in page
    assert "Banjir di jalan" in page  # the asker's own words
    assert head.get(reverse("cases:act", args=[act.code])).status_code == 200
    assert f'href="{reverse("cases:act", args=[act.code])}"' in page


def test_what_capacity_an_act_leads_from_and_to_is_told(head, office):
    ask(office, act=Act.HOURS, about={"weekday": 4}, seats_before=336, seats_after=288)
    page = head.get(QUEUE).content.decode()
    assert "336 → 288 tempat (−48)" in page


def test_whom_a_post_is_for_and_what_a_figure_becomes_are_named(officer, office, sign_in):
    client, person = sign_in(officer("SISTIK")), UserFactory()
    ask(office, act=Act.GRANT_HEAD, about={"officer": person.code})
    ask(office, act=Act.POLICY, about={"figure": "hold_minutes", "value": "20"})

    page = client.get(QUEUE).content.decode()

    assert person.email in page
    assert f"{FIGURES['hold_minutes'].help} → 20" in page
    assert "hold_minutes" not in page


def test_a_file_of_evidence_leads_to_its_case(head, office):
    case = case_of([], office)
    ask(office, act=Act.EVIDENCE, about={"case": case.code})

    page = head.get(QUEUE).content.decode()

    assert f'href="{reverse("cases:case", args=[case.code])}"' in page


def test_many_requests_of_ones_own_take_as_many_queries_as_one(officer, office, sign_in):
    user = officer("HEAD", office)
    client, counts = sign_in(user), []
    client.get(QUEUE)  # what a process reads once
    for more in (1, 9):
        for _ in range(more):
            ask(office, asked_by=user)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(QUEUE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_requests_of_one_kind_and_office_stand_together(officer, office, sign_in):
    now, other = timezone.now(), OfficeFactory(name="Kantor Imigrasi Uji Lain")
    # Offices and acts that meet: neither alone tells one group from the next.
    asked = [
        (other, Act.HOURS, 5),
        (office, Act.HOURS, 4),
        (office, Act.CLOSE_DAY, 3),
        (other, Act.CLOSE_DAY, 2),
        (other, Act.HOURS, 1),
    ]
    made = [ask(at, act=act, asked_at=now - timedelta(hours=n)) for at, act, n in asked]
    page = sign_in(officer("SISTIK")).get(QUEUE)

    in_order = [made[n].code for n in (0, 4, 1, 2, 3)]
    assert [row["code"] for row in page.context["waiting"]] == in_order
    groups = [(group["office"], group["count"]) for group in page.context["groups"]]
    assert groups == [(other.name, 2), (office.name, 1), (office.name, 1), (other.name, 1)]


def test_the_queue_is_narrowed_by_kind_and_office(officer, office, sign_in):
    client, other = sign_in(officer("SISTIK")), OfficeFactory()
    here, there = ask(office), ask(other, act=Act.HOURS)
    nations = ask(None, act=Act.ORDER, subject="order:K7QX4M2P")

    def codes(**query: str) -> set[str]:
        return {row["code"] for row in client.get(QUEUE, query).context["waiting"]}

    assert codes() == {here.code, there.code, nations.code}
    assert codes(tindakan="hours") == {there.code}
    assert codes(kantor=office.code) == {here.code}
    assert codes(kantor="nasional") == {nations.code}
    page = client.get(QUEUE, {"tindakan": "hours", "kantor": office.code}).content.decode()
    assert "Tidak ada permintaan yang cocok" in page
    assert f"{other.name} (1)" in page


def test_a_queue_that_is_all_alike_has_nothing_to_narrow(head, office):
    ask(office)
    ask(office)
    assert head.get(QUEUE).context["filters"] is None


def test_a_long_queue_comes_in_pages_of_as_many_queries(head, office):
    counts = []
    head.get(QUEUE)  # what a process reads once
    for more in (1, 30):
        for _ in range(more):
            ask(office)
        with CaptureQueriesContext(connection) as asked:
            page = head.get(QUEUE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len(page.context["waiting"]) == A_PAGE
    assert len(head.get(QUEUE, {"page": "2"}).context["waiting"]) == 31 - A_PAGE
    assert "?page=2" in page.content.decode()


def test_a_decision_leads_back_to_where_one_was(head, office):
    approval = ask(office)
    path = reverse("insiders:approval-grant", args=[approval.code])
    answer = head.post(f"{path}?tindakan=close_day&page=2&lain=x")
    assert answer["Location"] == f"{QUEUE}?tindakan=close_day&page=2"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "–"), (-0.6, "0 detik"), (44.6, "45 detik"), (59.9, "60 detik"), (720, "12 menit")],
)
def test_how_long_a_decision_took_is_said_as_people_say_it(seconds, told):
    """Below zero where two servers' clocks differ."""
    assert insider_words.length(seconds).replace("\xa0", " ") == told
