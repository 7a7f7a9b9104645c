"""The officers' pages of cases: wiring, who may, and what a phone shows."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offices.errors import ReasonNeeded
from offices.models import Approval
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.integrity import case_errors as errors
from queueing.integrity import score_words
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkAct, Case
from queueing.integrity.selectors import act_items
from queueing.integrity.selectors import restrictions as restricted
from queueing.integrity.services import acts, appeals
from tests.factories import (
    AccountScoreFactory,
    AppealFactory,
    CaseFactory,
    ClusterFactory,
    ClusterOfficeFactory,
    OfficeFactory,
    PlaceFactory,
    SlotFactory,
    UserFactory,
)
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in
from tests.queueing.booking.visits import account_of, book, family
from tests.queueing.integrity.cases import agree, case_of, done, prepared
from tests.queueing.integrity.cases import sistik as new_sistik

pytestmark = pytest.mark.django_db
WHY = {"reason": "hoarding", "note": "Satu perangkat."}


@pytest.fixture
def sistik(officer) -> User:
    return officer("SISTIK")


@pytest.fixture
def client(sistik, sign_in) -> Client:
    return sign_in(sistik)


def prepare(client: Client, case: Case, **said: object):
    path = reverse("cases:prepare", args=[case.code])
    return client.post(path, {"act": "limit", "whom": "all"} | WHY | said)


def page_of(client: Client, name: str, *codes: str) -> str:
    response = client.get(reverse(f"cases:{name}", args=codes))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_other_roles_find_no_cases(officer, sign_in, role: str):
    client = sign_in(officer(role, OfficeFactory()))

    for name in ("list", "open", "appeals"):
        assert client.get(reverse(f"cases:{name}")).status_code == 404


def test_a_head_finds_the_own_cases_only(officer, sign_in):
    office = OfficeFactory()
    client = sign_in(officer("HEAD", office))
    ours, theirs = case_of([], office), case_of([], OfficeFactory())

    listed = page_of(client, "list")

    assert grouped(ours.code) in listed
    assert grouped(theirs.code) not in listed
    for name in ("case", "prepare", "note", "assign", "decide", "close"):
        path = reverse(f"cases:{name}", args=[theirs.code])
        answer = client.get(path) if name == "case" else client.post(path)
        assert answer.status_code == 404


def test_another_offices_act_and_appeal_are_not_found(officer, sign_in):
    client = sign_in(officer("HEAD", OfficeFactory()))
    act = prepared(case_of([UserFactory()]), Act.LIMIT, new_sistik())
    appeal = AppealFactory()

    assert client.get(reverse("cases:act", args=[act.code])).status_code == 404
    assert client.post(reverse("cases:start", args=[act.code])).status_code == 404
    assert client.get(reverse("cases:appeal", args=[appeal.code])).status_code == 404


def test_a_case_is_opened_by_codes_of_bookings_or_accounts(client):
    place, other = PlaceFactory(), UserFactory()
    codes = f"{grouped(place.booking.code)}\n{other.code}"

    response = client.post(
        reverse("cases:open"),
        {"codes": codes, "office": "", "reason": "pattern", "note": "Malam yang sama."},
    )

    case = Case.objects.get()
    assert response["Location"] == reverse("cases:case", args=[case.code])
    assert set(case.members.values_list("account", flat=True)) == {
        place.booking.account_id,
        other.pk,
    }


def test_a_code_that_is_unknown_is_named_and_nothing_is_opened(client):
    said = {"codes": f"{UserFactory().code}\nZZZZ9", "reason": "pattern", "note": "x"}

    response = client.post(reverse("cases:open"), said | {"office": ""})

    assert response.status_code == 422
    assert "Tidak dikenal: ZZZZ9" in response.content.decode()
    assert Case.objects.count() == 0


def test_a_case_about_nobody_is_not_opened(client):
    response = client.post(
        reverse("cases:open"), {"codes": "ZZZZ", "office": "", "reason": "pattern", "note": "x"}
    )

    assert response.status_code == 422
    assert Case.objects.count() == 0


def test_addresses_are_masked_on_the_page_of_a_case(client):
    account = UserFactory(email="panjang@contoh.test")

    page = page_of(client, "case", case_of([account]).code)

    assert "p•••@contoh.test" in page
    assert "panjang@" not in page


def test_the_page_asks_the_same_number_of_queries_for_one_account_or_fifty(
    client, django_assert_max_num_queries
):
    case = case_of(UserFactory.create_batch(50))

    with django_assert_max_num_queries(30):
        page_of(client, "case", case.code)


def test_an_act_is_shown_before_it_is_done(client):
    place = PlaceFactory()
    case = case_of([place.booking.account])

    response = prepare(client, case, act="void")

    act = BulkAct.objects.get()
    assert response["Location"] == reverse("cases:act", args=[act.code])
    page = page_of(client, "act", act.code)
    assert "1 tempat" in page
    assert "Jalankan" in page
    office = place.booking.slot.office
    for words in (place.booking.account.code, place.booking.code):
        assert grouped(words) in page
    assert page.count(office.name) >= 2  # among the facts, and beside the visit
    assert formatting.day(place.booking.slot.day) in page
    assert WHY["note"] in page
    place.refresh_from_db()
    assert place.state == "BOOKED"


def test_voiding_asks_for_the_second_officer_and_then_runs(client):
    place = PlaceFactory()
    prepare(client, case_of([place.booking.account]), act="void")
    act = BulkAct.objects.get()
    start = reverse("cases:start", args=[act.code])

    asked = client.post(start, follow=True).content.decode()
    approval = Approval.objects.get()
    approval.state, approval.second = "GRANTED", new_sistik()
    approval.decided_at = timezone.now()
    approval.save()
    ran = client.post(start, follow=True).content.decode()

    assert "persetujuan petugas kedua" in asked
    assert approval.told.startswith("gugurkan 1 tempat")
    assert (approval.reason, approval.note) == (WHY["reason"], WHY["note"])
    assert approval.people == 1
    assert "Selesai" in ran
    place.refresh_from_db()
    assert place.state == "VOIDED"


def test_what_was_done_to_whom_and_who_agreed_stands_after_the_act(client, sistik):
    account = UserFactory()
    case = case_of([PlaceFactory(booking__account=account).booking.account])
    act = prepared(case, Act.VOID, sistik)
    second = agree(act)

    client.post(reverse("cases:start", args=[act.code]))

    page = page_of(client, "act", act.code)
    assert grouped(account.code) in page
    assert "Dilakukan" in page
    assert second.email in page


def test_of_very_many_accounts_the_first_are_listed_and_the_rest_counted(sistik, monkeypatch):
    monkeypatch.setattr(act_items, "LISTED", 1)
    act = prepared(case_of(UserFactory.create_batch(3)), Act.LIMIT, sistik)

    listing = act_items.listing_of(act)

    assert (len(listing.items), listing.more) == (1, 2)


def test_a_prepared_act_is_withdrawn_on_its_page(client, sistik):
    act = prepared(case_of([UserFactory()]), Act.LIMIT, new_sistik())
    assert "Tarik tindakan" in page_of(client, "act", act.code)

    said = client.post(reverse("cases:withdraw", args=[act.code]), follow=True).content.decode()

    assert "Tindakan ditarik" in said
    assert sistik.email in said
    assert "Tarik tindakan" not in said
    assert "Jalankan" not in said
    assert "Tindakan ditarik" in page_of(client, "case", act.case.code)


def test_the_act_says_whom_an_upheld_appeal_takes_out_of_it(client, sistik):
    accounts = UserFactory.create_batch(2)
    act = prepared(case_of(accounts), Act.LIMIT, sistik)
    shown = page_of(client, "act", act.code)
    assert "keberatannya dikabulkan" not in shown
    AppealFactory(
        account=accounts[0],
        state="UPHELD",
        decided_at=timezone.now(),
        decided_by=new_sistik(),
    )

    shown = page_of(client, "act", act.code)
    assert "1 akun dibiarkan, karena keberatannya dikabulkan" in shown
    assert shown.count("Dibiarkan: keberatan dikabulkan") == 1

    client.post(reverse("cases:start", args=[act.code]))
    assert page_of(client, "act", act.code).count("Dibiarkan: keberatan dikabulkan") == 1


def test_only_ticked_accounts_are_meant(client):
    first, second = UserFactory.create_batch(2)
    case = case_of([first, second])

    prepare(client, case, whom="chosen", who=[first.code])
    client.post(reverse("cases:start", args=[BulkAct.objects.get().code]))

    now = timezone.now()
    assert restricted.is_limited(first.pk, now=now)
    assert not restricted.is_limited(second.pk, now=now)


def test_ticking_nobody_is_told(client):
    response = prepare(client, case_of([UserFactory()]), whom="chosen")

    assert response.status_code == 422
    assert "Beri tanda" in response.content.decode()


def test_ticks_and_all_are_a_contradiction_that_is_told(client):
    """Whoever ticks two of twelve does not mean twelve."""
    first, second = UserFactory.create_batch(2)
    case = case_of([first, second])

    response = prepare(client, case, whom="all", who=[first.code])

    assert response.status_code == 422
    assert "Anda memberi tanda pada 1 akun." in response.text
    assert not BulkAct.objects.exists()
    assert prepare(client, case, whom="all", who=[first.code, second.code]).status_code == 302


def test_a_reason_of_another_act_comes_back_with_the_form(client):
    response = prepare(client, case_of([UserFactory()]), act="lift")

    assert response.status_code == 409
    assert BulkAct.objects.count() == 0
    assert response.context["prepare"].errors == {"reason": [ReasonNeeded.message]}


def test_each_reason_stands_once_below_the_acts_that_take_it(client):
    page = page_of(client, "case", case_of([UserFactory()]).code)

    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.DOTALL))
    codes = {name: re.findall(r'value="(\w+)"', text) for name, text in groups.items()}
    assert codes == {
        "Batasi akun, tangguhkan akun, gugurkan tempat": ["identity_false", "hoarding", "resale"],
        "Tangguhkan akun, gugurkan tempat": ["identity_claimed"],
        "Cabut pembatasan": ["unfounded", "settled", "correction"],
        "Semua tindakan": ["instruction", "other"],
    }


def test_a_long_act_goes_on_after_the_request(client, sistik):
    act = prepared(case_of(UserFactory.create_batch(25)), Act.LIMIT, sistik)

    response = client.post(reverse("cases:start", args=[act.code]), follow=True)

    page = response.content.decode()
    assert '<progress id="maju" value="20" max="25">' in page
    assert "hx-trigger" in page
    acts.resume(timezone.now())
    done_page = page_of(client, "act", act.code)
    assert '<progress id="maju" value="25" max="25">' in done_page
    assert "hx-trigger" not in done_page


def test_notes_assignment_and_decision_stand_in_the_history(client, sistik):
    case = case_of([])
    post = {
        "note": {"text": "Ditelepon."},
        "assign": {"to": sistik.code},
        "decide": {"decision": "PROVEN", "words": "Mengaku."},
        "close": {},
    }

    for name, said in post.items():
        assert client.post(reverse(f"cases:{name}", args=[case.code]), said).status_code == 302

    case.refresh_from_db()
    assert (case.state, case.assigned_to, case.decision) == ("CLOSED", sistik, "PROVEN")
    page = page_of(client, "case", case.code)
    assert "Ditelepon." in page
    assert "Mengaku." in page
    assert "Siapkan tindakan" not in page


def test_an_overdue_appeal_stands_first_and_says_so(client):
    AppealFactory()
    late = AppealFactory(due_at=timezone.now())

    page = page_of(client, "appeals")

    assert "Lewat batas" in page
    assert page.index(grouped(late.code)) < page.index(
        grouped(Appeal.objects.exclude(pk=late.pk).get().code)
    )


def test_an_appeal_is_answered_on_its_page(client):
    appeal = AppealFactory()

    response = client.post(
        reverse("cases:appeal", args=[appeal.code]), {"outcome": "uphold", "answer": "Anda benar."}
    )

    appeal.refresh_from_db()
    assert response.status_code == 302
    assert appeal.state == "UPHELD"


def test_who_acted_is_told_that_another_answers(client, sistik):
    account = UserFactory()
    done(case_of([account]), Act.SUSPEND, sistik)
    appeal = AppealFactory(restriction=account.restrictions.get(), account=account)

    before = page_of(client, "appeal", appeal.code)
    response = client.post(
        reverse("cases:appeal", args=[appeal.code]), {"outcome": "reject", "answer": "Tidak."}
    )

    assert "Petugas lain yang menjawab" in before
    assert "Kirim jawaban" not in before
    assert response.status_code == 422
    assert "petugas lain" in response.content.decode()


def appealed(case: Case, actor: User) -> Appeal:
    """An appeal of the case's account against what ``actor`` did to it."""
    account = case.members.get().account
    done(case, Act.SUSPEND, actor)
    return AppealFactory(restriction=account.restrictions.get(), account=account)


def row_of(page: str, appeal: Appeal) -> str:
    return next(part for part in page.split("</li>") if grouped(appeal.code) in part)


def test_the_queue_marks_what_others_answer_before_it_is_opened(client, sistik):
    own = appealed(case_of([UserFactory()]), sistik)
    agreed = appealed(case_of([UserFactory()]), new_sistik())
    act = agreed.restriction.case.acts.get()
    Approval.objects.filter(subject=acts.subject_of(act)).update(
        state="USED", used_at=timezone.now(), second=sistik
    )
    others = appealed(case_of([UserFactory()]), new_sistik())

    page = page_of(client, "appeals")

    for appeal in (own, agreed):
        assert "Dijawab petugas lain. Anda ikut menjalankan" in row_of(page, appeal)
        with pytest.raises(errors.OwnDecision):
            appeals.reject(officer=sistik, code=appeal.code, answer="Tidak.", now=timezone.now())
    assert "Dijawab petugas lain" not in row_of(page, others)
    appeals.reject(officer=new_sistik(), code=own.code, answer="Tidak.", now=timezone.now())
    assert "Dijawab petugas lain" not in row_of(page_of(client, "appeals"), own)


def test_a_head_sees_that_the_nation_answers_for_what_it_voided_last(officer, sign_in):
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    account = account_of(people)
    done(case_of([account], slot.office), Act.VOID, new_sistik())
    nations = prepared(case_of([account]), Act.LIMIT, new_sistik())
    nations.items.create(account=account, booking=booking, outcome="DONE", done_at=timezone.now())
    AppealFactory(restriction=None, booking=booking, account=account)
    client = sign_in(officer("HEAD", slot.office))

    appeal = Appeal.objects.get()
    listed = page_of(client, "appeals")
    opened = page_of(client, "appeal", appeal.code)

    assert "perkara kantor lain" in row_of(listed, appeal)
    assert "Kirim jawaban" not in opened


def test_marking_asks_no_more_of_a_longer_queue(client, sistik, django_assert_max_num_queries):
    for _ in range(6):
        appealed(case_of([UserFactory()]), sistik)

    with django_assert_max_num_queries(20):
        page_of(client, "appeals")


def test_the_second_officer_sees_the_act_too(sign_in, officer):
    act = prepared(case_of([UserFactory()]), Act.LIMIT, new_sistik())
    agree(act)

    page = page_of(sign_in(officer("SISTIK")), "act", act.code)

    assert "Dijalankan oleh petugas yang menyiapkannya." in page
    assert "Jalankan</span>" not in page


def open_for_cluster(client: Client, code: str, office: str = ""):
    said = {"office": office, "reason": "pattern", "note": "Satu tangan."}
    return client.post(f"{reverse('cases:open')}?gugus={code}", said)


def test_a_case_is_opened_for_a_cluster_and_tells_its_signals(client):
    score = AccountScoreFactory(cluster=ClusterFactory())

    response = open_for_cluster(client, score.cluster.pk)

    case = Case.objects.get()
    assert response["Location"] == reverse("cases:case", args=[case.code])
    assert (case.about, case.cluster_code) == ("CLUSTER", score.cluster.pk)
    assert score_words.sentences(score.reasons)[0] in page_of(client, "case", case.code)


def test_a_head_opens_it_with_the_accounts_that_came(officer, sign_in):
    place = PlaceFactory()
    office = place.booking.slot.office
    found = ClusterFactory()
    ClusterOfficeFactory(cluster=found, office=office)
    AccountScoreFactory(account=place.booking.account, cluster=found)
    AccountScoreFactory(cluster=found)
    client = sign_in(officer("HEAD", office))

    open_for_cluster(client, found.pk, office.code)

    assert Case.objects.get().members.get().account == place.booking.account


def test_a_cluster_of_other_offices_is_not_found(officer, sign_in):
    client = sign_in(officer("HEAD", OfficeFactory()))

    assert open_for_cluster(client, ClusterFactory().pk).status_code == 404


def test_the_clusters_page_leads_to_its_case_or_to_opening_one(client):
    score = AccountScoreFactory(cluster=ClusterFactory())
    page = reverse("admin:queueing_cluster_change", args=[score.cluster.pk])
    before = client.get(page).content.decode()

    open_for_cluster(client, score.cluster.pk)

    assert f"?gugus={score.cluster.pk}" in before
    after = client.get(page).content.decode()
    assert reverse("cases:case", args=[Case.objects.get().code]) in after
    assert "?gugus=" not in after


def test_a_head_is_told_that_the_nation_handles_the_cluster(officer, sign_in):
    office = OfficeFactory()
    found = ClusterFactory(office=office)
    CaseFactory(about="CLUSTER", cluster_code=found.pk, office=None)

    page = sign_in(officer("HEAD", office)).get(
        reverse("admin:queueing_cluster_change", args=[found.pk])
    )

    assert "sudah ditangani" in page.content.decode()
