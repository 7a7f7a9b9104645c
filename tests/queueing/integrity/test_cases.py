from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Message, User
from offices.reasons import Why
from paspor.kernel.errors import Invalid, NotAllowed
from paspor.kernel.models import AuditEvent, Note
from queueing.integrity import case_errors as errors
from queueing.integrity.models.cases import Case, Restriction
from queueing.integrity.models.scores import Cluster
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.selectors import risk
from queueing.integrity.services import cases, restrictions
from queueing.integrity.services.cases import Subject, Suspect
from tests.factories import (
    AccountScoreFactory,
    CaseFactory,
    ClusterFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    RestrictionFactory,
    UserFactory,
)
from tests.queueing.integrity.cases import case_of, head_of, sistik

pytestmark = pytest.mark.django_db

PATTERN = Why("pattern", "Semua mendaftar pada malam yang sama.")


def subject(*accounts: User, **fields: object) -> Subject:
    return Subject(
        tuple(Suspect(account.pk, 85, [{"code": "x"}]) for account in accounts), **fields
    )


def open_case(officer: User, about: Subject, office=None) -> Case:
    return cases.open_case(
        officer=officer, office=office, subject=about, why=PATTERN, now=timezone.now()
    )


def test_the_history_says_how_many_accounts_a_rule_limited():
    case = CaseFactory()
    RestrictionFactory.create_batch(2, case=case, by=None, kind="LIMITED", reason="score")

    (entry,) = selectors.history_of(case)

    assert (entry.act, entry.by, entry.detail) == ("limit", None, {"accounts": 2})


def test_an_opened_case_keeps_its_accounts_as_they_stood():
    place = PlaceFactory()

    case = open_case(sistik(), subject(place.booking.account, cluster_code="GUGUS1"))

    member = case.members.get()
    assert (member.score, member.live_places) == (85, 1)
    assert (case.about, case.state, case.office) == ("CLUSTER", "OPEN", None)
    event = AuditEvent.objects.get(act="case.open", subject=f"case:{case.code}")
    assert Note.objects.get(pk=event.note_id).text == PATTERN.note


def test_a_head_opens_a_case_about_accounts_of_the_own_office():
    place = PlaceFactory()
    office = place.booking.slot.office

    case = open_case(head_of(office), subject(place.booking.account), office)

    assert case.office == office


def test_a_head_opens_none_about_accounts_that_never_came():
    here, elsewhere = PlaceFactory(), PlaceFactory()
    office = here.booking.slot.office

    with pytest.raises(errors.NotOwnEvidence):
        open_case(head_of(office), subject(here.booking.account, elsewhere.booking.account), office)


def test_evidence_of_a_branch_is_its_heads_own():
    kanim = OfficeFactory()
    branch = OfficeFactory(kind="ULP", parent=kanim)
    place = PlaceFactory(booking__slot__release__office=branch)

    assert open_case(head_of(kanim), subject(place.booking.account), kanim).office == kanim


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_other_roles_open_no_case(role: str):
    place = PlaceFactory()
    office = place.booking.slot.office
    officer = OfficerPostFactory(role=role, office=office).user

    with pytest.raises(NotAllowed):
        open_case(officer, subject(place.booking.account), office)


def test_a_cluster_has_one_open_case_and_another_after_that_is_closed():
    officer, account = sistik(), UserFactory()
    first = open_case(officer, subject(account, cluster_code="GUGUS1"))
    with pytest.raises(errors.CaseAlreadyOpen):
        open_case(officer, subject(account, cluster_code="GUGUS1"))

    now = timezone.now()
    cases.decide(officer=officer, code=first.code, decision="UNPROVEN", words="Warnet.", now=now)
    cases.close(officer=officer, code=first.code, now=now)

    assert open_case(officer, subject(account, cluster_code="GUGUS1")).state == "OPEN"


def test_a_case_about_nobody_is_refused():
    with pytest.raises(errors.NothingToDo):
        open_case(sistik(), Subject())


def by_rule(score: int, *accounts: User, **fields: object) -> Case | None:
    about = Subject(
        tuple(Suspect(account.pk, score) for account in accounts), score=score, **fields
    )
    return cases.open_by_rule(subject=about, now=timezone.now())


def test_a_rule_opens_a_case_and_limits_but_never_suspends_or_voids():
    places = PlaceFactory.create_batch(5)
    accounts = [place.booking.account for place in places]

    case = by_rule(85, *accounts, cluster_code="GUGUS1")

    assert case is not None
    kinds = case.restrictions.values_list("kind", "by")
    assert list(kinds) == [("LIMITED", None)] * 5
    assert User.objects.filter(suspended_at__isnull=False).count() == 0
    assert {place.state for place in places} == {"BOOKED"}
    assert Message.objects.filter(kind="restricted").count() == 5


@pytest.mark.parametrize(
    ("heaviest", "told"),
    [("disputes", "terbukti milik orang lain"), ("speed", "pemesanan otomatis")],
)
def test_who_is_limited_by_rule_is_told_what_was_found(heaviest: str, told: str):
    signals = [{"code": heaviest, "weight": 50}, {"code": "burst", "weight": 15}]
    suspects = tuple(Suspect(user.pk, 85, signals) for user in UserFactory.create_batch(5))

    cases.open_by_rule(subject=Subject(suspects, "GUGUS1", score=85), now=timezone.now())

    letters = Message.objects.filter(kind="restricted")
    assert letters.count() == 5
    assert all(told in " ".join(letter.text.split()) for letter in letters)


def test_a_rule_opens_the_case_below_the_limit_without_limiting():
    case = by_rule(75, *UserFactory.create_batch(5), cluster_code="GUGUS1")

    assert case is not None
    assert case.restrictions.count() == 0


def test_a_rule_opens_no_second_case():
    accounts = UserFactory.create_batch(5)

    assert by_rule(85, *accounts, cluster_code="GUGUS1") is not None
    assert by_rule(85, *accounts, cluster_code="GUGUS1") is None
    assert by_rule(95, accounts[0]) is None


def test_a_rule_leaves_a_low_score_alone():
    assert by_rule(69, *UserFactory.create_batch(9), cluster_code="GUGUS1") is None


def test_the_schema_lets_only_people_suspend():
    case = CaseFactory()
    with pytest.raises(IntegrityError, match="suspended_by_someone"), transaction.atomic():
        Restriction.objects.create(
            account=UserFactory(), case=case, kind="SUSPENDED", reason="score", mailbox="x"
        )


def test_a_case_is_assigned_to_who_may_handle_it():
    office = OfficeFactory()
    head, case = head_of(office), case_of([], office)
    counter = OfficerPostFactory(role="COUNTER", office=office).user
    now = timezone.now()

    with pytest.raises(NotAllowed):
        cases.assign(officer=head, code=case.code, to=counter, now=now)
    assert cases.assign(officer=sistik(), code=case.code, to=head, now=now).assigned_to == head


def test_notes_stand_in_the_history_until_they_are_erased():
    officer, case = sistik(), case_of([])

    cases.note(
        officer=officer, code=case.code, text="Ditelepon, tidak dijawab.", now=timezone.now()
    )

    (entry,) = selectors.history_of(case)
    assert (entry.act, entry.note) == ("case.note", "Ditelepon, tidak dijawab.")
    Note.objects.all().delete()
    assert selectors.history_of(case)[0].note is None


@pytest.mark.parametrize(("decision", "words"), [("", "x"), ("MAYBE", "x"), ("PROVEN", " ")])
def test_a_decision_has_a_code_and_words(decision: str, words: str):
    with pytest.raises(Invalid):
        cases.decide(
            officer=sistik(),
            code=case_of([]).code,
            decision=decision,
            words=words,
            now=timezone.now(),
        )


def test_a_case_closes_after_its_decision_and_stays_closed():
    officer, case, now = sistik(), case_of([]), timezone.now()
    with pytest.raises(errors.NotDecided):
        cases.close(officer=officer, code=case.code, now=now)
    cases.decide(officer=officer, code=case.code, decision="PROVEN", words="Mengaku.", now=now)

    assert cases.close(officer=officer, code=case.code, now=now).state == "CLOSED"
    with pytest.raises(errors.CaseOver):
        cases.note(officer=officer, code=case.code, text="Lagi", now=now)


def test_officers_see_the_cases_of_their_own_offices():
    office = OfficeFactory()
    ours, theirs = case_of([], office), case_of([], OfficeFactory())
    nations = case_of([], None)
    now = timezone.now()

    assert list(selectors.cases_seen_by(head_of(office), now=now)) == [ours]
    assert set(selectors.cases_seen_by(sistik(), now=now)) == {ours, theirs, nations}
    assert not selectors.cases_seen_by(UserFactory(), now=now).exists()
    with pytest.raises(errors.CaseUnknown):
        selectors.case_seen_by(head_of(office), theirs.code, now=now)


def test_a_limit_by_rule_runs_out():
    account = UserFactory()
    case = by_rule(95, account)
    assert case is not None
    row = case.restrictions.get()

    assert row.until is not None
    assert timedelta(days=13) < row.until - timezone.now() <= timedelta(days=14)


def cluster(score: int, accounts: list[User]) -> Cluster:
    found = ClusterFactory(score=score, size=len(accounts))
    for account in accounts:
        AccountScoreFactory(account=account, cluster=found, score=score, points=score)
    return found


def test_a_cluster_that_stands_out_gets_its_case():
    found = cluster(85, UserFactory.create_batch(5))
    cluster(40, UserFactory.create_batch(5))

    assert cases.open_from_scores(timezone.now()) == 1

    case = Case.objects.get()
    assert (case.cluster_code, case.members.count(), case.restrictions.count()) == (found.pk, 5, 5)
    assert cases.open_from_scores(timezone.now()) == 0


def test_accounts_that_join_the_cluster_join_its_case():
    found = cluster(85, UserFactory.create_batch(5))
    cases.open_from_scores(timezone.now())
    newcomer = UserFactory()
    AccountScoreFactory(account=newcomer, cluster=found, score=85, points=85)

    cases.open_from_scores(timezone.now())

    assert Case.objects.get().members.count() == 6
    assert newcomer.restrictions.exists()


def test_who_was_freed_is_not_limited_by_rule_again():
    cluster(85, UserFactory.create_batch(5))
    cases.open_from_scores(timezone.now())
    row = Restriction.objects.first()
    restrictions.lift_one(
        restriction_id=row.pk, reason="unfounded", by=sistik(), now=timezone.now()
    )

    cases.open_from_scores(timezone.now())

    assert row.account.restrictions.filter(lifted_at=None).count() == 0


def test_a_run_that_was_cut_off_limits_the_rest_next_time(monkeypatch: pytest.MonkeyPatch):
    cluster(85, UserFactory.create_batch(5))
    real, calls = restrictions.impose, []

    def die(**asked: object) -> object:
        calls.append(asked)
        if len(calls) == 3:
            raise SystemExit
        return real(**asked)

    monkeypatch.setattr(restrictions, "impose", die)
    with pytest.raises(SystemExit):
        cases.open_from_scores(timezone.now())
    monkeypatch.undo()
    cases.open_from_scores(timezone.now())

    assert Restriction.objects.filter(lifted_at=None).count() == 5


def test_a_case_that_was_closed_rests_before_a_rule_opens_another():
    cluster(85, UserFactory.create_batch(5))
    cases.open_from_scores(timezone.now())
    officer, code, now = sistik(), Case.objects.get().code, timezone.now()
    cases.decide(officer=officer, code=code, decision="UNPROVEN", words="Warnet.", now=now)
    cases.close(officer=officer, code=code, now=now)

    assert cases.open_from_scores(now + timedelta(days=29)) == 0
    assert cases.open_from_scores(now + timedelta(days=31)) == 1


def test_proof_is_asked_of_who_is_limited():
    cluster(85, UserFactory.create_batch(5))
    cases.open_from_scores(timezone.now())

    limited = Restriction.objects.first().account
    assert risk.is_limited(limited, now=timezone.now())
    assert not risk.is_limited(UserFactory(), now=timezone.now())
