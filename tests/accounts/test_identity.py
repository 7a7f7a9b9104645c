"""Questions to the registry as rows: asked once, claimed, answered, put off, forgotten."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from accounts import selectors
from accounts.models import Applicant, IdentityCheck, Person
from accounts.registry import simulator
from accounts.registry.interface import Answer
from accounts.registry.simulator import Temper
from accounts.rules import Identity, next_pause
from accounts.services import applicants, identity, personal_data, retention, rotation
from paspor.kernel import policy
from paspor.kernel.models import NATIONAL
from tests.at_once import at_once
from tests.factories import (
    ApplicantFactory,
    IdentityCheckFactory,
    PersonFactory,
    PolicyValueFactory,
)

NOW = datetime(2030, 1, 7, 2, tzinfo=UTC)
FOUND = Answer(is_found=True, matches={"name": True, "birth_date": True, "sex": True})
OTHER_NAME = Answer(is_found=True, matches={"name": False, "birth_date": True, "sex": True})
UNKNOWN = Answer(is_found=False, matches={})
Outcome = IdentityCheck.Outcome


@pytest.fixture
def simulated(settings) -> None:
    settings.IDENTITY_VERIFIER = "accounts.registry.simulator.Simulator"


def asked_about(*people: Applicant, now: datetime = NOW) -> int:
    return len(identity.ask_for(applicants=people, now=now))


def answered(person: Applicant, answer: Answer = FOUND, now: datetime = NOW) -> IdentityCheck:
    identity.ask_for(applicants=[person], now=now)
    check = identity.claim(now=now)
    settled = identity.settle(check=check, answer=answer, now=now)
    assert settled is not None
    return settled


def standing(person: Applicant) -> selectors.Standing:
    return selectors.standing_of(Applicant.objects.get(pk=person.pk))


@pytest.mark.django_db
def test_people_are_asked_about_once_in_one_statement(django_assert_num_queries):
    family = ApplicantFactory.create_batch(3)
    with django_assert_num_queries(1):
        assert asked_about(*family) == 3
    assert asked_about(*family) == 0


@pytest.mark.django_db
def test_an_answer_holds_for_its_days_and_not_longer():
    person = ApplicantFactory()
    answered(person)
    assert asked_about(person, now=NOW + timedelta(days=180) - timedelta(seconds=1)) == 0
    assert asked_about(person, now=NOW + timedelta(days=180)) == 1


@pytest.mark.django_db
def test_an_unknown_nik_is_asked_about_again_after_a_week():
    person = ApplicantFactory()
    answered(person, UNKNOWN)
    assert asked_about(person, now=NOW + timedelta(days=6)) == 0
    assert asked_about(person, now=NOW + timedelta(days=7)) == 1


@pytest.mark.django_db
def test_another_name_is_another_question_and_the_same_in_capitals_is_not():
    person = ApplicantFactory(name="Sari Dewi")
    answered(person)
    twin = ApplicantFactory(person=person.person, name="SARI  DEWI")
    other = ApplicantFactory(person=person.person, name="Sari")
    assert (asked_about(twin), asked_about(other)) == (0, 1)
    assert standing(twin).identity is Identity.MATCHED
    assert standing(other).identity is Identity.NOT_CHECKED


@pytest.mark.usefixtures("committed_db")
def test_two_who_ask_the_same_at_once_ask_once():
    person = ApplicantFactory()
    assert sorted(at_once([partial(asked_about, person)] * 4)) == [0, 0, 0, 1]


@pytest.mark.django_db
@pytest.mark.usefixtures("simulated")
def test_a_question_is_answered_by_the_registry():
    asked_about(ApplicantFactory())
    check = identity.claim(now=NOW)
    assert identity.hear(check=check, now=NOW).is_found


@pytest.mark.django_db
def test_a_claimed_question_is_nobody_elses_until_its_lease_lapses():
    asked_about(ApplicantFactory())
    lost = identity.claim(now=NOW)
    assert identity.claim(now=NOW + timedelta(seconds=119)) is None

    later = NOW + timedelta(seconds=120)
    again = identity.claim(now=later)
    assert identity.settle(check=lost, answer=UNKNOWN, now=later) is None
    assert identity.settle(check=again, answer=FOUND, now=later).outcome == Outcome.MATCH


@pytest.mark.usefixtures("committed_db")
def test_many_workers_take_each_question_once():
    asked_about(*ApplicantFactory.create_batch(6))
    taken = at_once([partial(identity.claim, now=NOW)] * 10)
    numbers = [check.pk for check in taken if check is not None]
    assert len(numbers) == len(set(numbers)) == 6


@pytest.mark.django_db
@pytest.mark.usefixtures("simulated")
def test_a_registry_that_is_away_is_asked_again_later_and_later():
    asked_about(ApplicantFactory())
    simulator.set_temper(Temper.DOWN)
    moment, pauses = NOW, []
    for _time in range(7):
        check = identity.claim(now=moment)
        assert identity.hear(check=check, now=moment) is None
        check.refresh_from_db()
        pauses.append(int((check.not_before - moment).total_seconds() // 60))
        moment = check.not_before
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert check.outcome == Outcome.PENDING


@pytest.mark.django_db
@pytest.mark.usefixtures("simulated")
def test_a_limiting_registry_is_left_alone_as_long_as_it_says():
    asked_about(ApplicantFactory())
    simulator.set_temper(Temper.LIMITING)
    check = identity.claim(now=NOW)
    identity.hear(check=check, now=NOW)
    check.refresh_from_db()
    assert check.not_before == NOW + timedelta(seconds=simulator.LIMITING_SECONDS)
    assert not identity.may_ask(NOW)


@pytest.mark.django_db
def test_no_more_are_asked_in_a_minute_than_agreed():
    PolicyValueFactory(key="identity_checks_per_minute", scope=NATIONAL, value=3)
    policy.forget()
    told = [identity.may_ask(NOW) for _time in range(5)]
    assert told == [True, True, True, False, False]
    assert identity.may_ask(NOW + timedelta(minutes=1))


@pytest.mark.django_db
def test_who_goes_by_another_name_now_is_not_asked_about_by_the_old_one():
    person = ApplicantFactory()
    asked_about(person)
    Applicant.objects.filter(pk=person.pk).update(name="Lain")
    check = identity.claim(now=NOW)
    assert identity.hear(check=check, now=NOW) is None
    assert not IdentityCheck.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "known", "differing"),
    [
        (FOUND, Identity.MATCHED, ()),
        (OTHER_NAME, Identity.DIFFERS, ("name",)),
        (UNKNOWN, Identity.NOT_FOUND, ()),
    ],
)
def test_what_the_registry_said_is_what_is_known(answer, known, differing):
    person = ApplicantFactory()
    assert standing(person) == selectors.Standing()
    answered(person, answer)
    assert standing(person) == selectors.Standing(known, differing, NOW)


def unknown(*people: Applicant, now: datetime = NOW) -> list[bool]:
    fresh = [Applicant.objects.get(pk=person.pk) for person in people]
    return [selectors.is_not_found(person, now=now) for person in fresh]


def see(person: Applicant, now: datetime = NOW, **said: object) -> IdentityCheck:
    known = {"name": person.name, "birth_date": person.birth_date, "sex": person.sex}
    return identity.record_seen(person=person.person, now=now, **(known | said))


@pytest.mark.django_db
def test_a_ktp_seen_stands_above_an_unknown_nik_for_that_name_alone():
    person = ApplicantFactory(name="Sari")
    squatter = ApplicantFactory(person=person.person, name="Bukan Sari")
    answered(person, UNKNOWN)
    assert unknown(person, squatter) == [True, True]

    see(person, now=NOW + timedelta(minutes=1))

    assert unknown(person, squatter) == [False, True]
    assert standing(person).identity is Identity.SEEN


@pytest.mark.django_db
def test_a_ktp_seen_answers_the_question_under_way():
    person = ApplicantFactory()
    asked_about(person)
    late = identity.claim(now=NOW)
    see(person)
    assert identity.settle(check=late, answer=UNKNOWN, now=NOW) is None
    assert standing(person).identity is Identity.SEEN


@pytest.mark.django_db
def test_an_old_unknown_nik_no_longer_counts():
    person = ApplicantFactory()
    answered(person, UNKNOWN)
    assert unknown(person, now=NOW + timedelta(days=6)) == [True]
    assert unknown(person, now=NOW + timedelta(days=7)) == [False]


FURTHER = {"kk": "3171990101200001", "mother_name": "Ibu Pertiwi", "birth_place": "Jakarta"}


@pytest.mark.django_db
def test_further_fields_are_sealed_until_answered_and_then_wiped():
    check = identity.ask_further(applicant=ApplicantFactory(), code="A", further=FURTHER, now=NOW)
    sealed = bytes(IdentityCheck.objects.get(pk=check.pk).further_sealed)
    assert not any(value.encode() in sealed for value in FURTHER.values())
    taken = identity.claim(now=NOW)
    assert identity._registry_question(taken).kk == FURTHER["kk"]

    settled = identity.settle(check=taken, answer=FOUND, now=NOW)

    assert (settled.further_sealed, settled.further_key) == (None, "")


@pytest.mark.django_db
def test_the_database_keeps_nothing_sealed_beside_an_answer():
    check = identity.ask_further(applicant=ApplicantFactory(), code="A", further=FURTHER, now=NOW)
    rows = IdentityCheck.objects.filter(pk=check.pk)
    with pytest.raises(IntegrityError, match="identitycheck_settled_whole"), transaction.atomic():
        rows.update(outcome=Outcome.MATCH, checked_at=NOW, valid_until=NOW)


@pytest.mark.django_db
def test_the_same_further_fields_of_two_claims_are_two_questions():
    person = ApplicantFactory()
    for code in ("A", "B"):
        identity.ask_further(applicant=person, code=code, further=FURTHER, now=NOW)
    assert IdentityCheck.objects.count() == 2
    assert standing(person).identity is Identity.NOT_CHECKED


@pytest.mark.django_db
def test_what_waits_sealed_is_rotated_with_the_data_keys(settings):
    person = ApplicantFactory()
    check = identity.ask_further(applicant=person, code="A", further=FURTHER, now=NOW)
    new = base64.b64encode(bytes(32)).decode()
    settings.DATA_KEYS = f"baru:{new},{settings.DATA_KEYS}"

    assert rotation.reencrypt(lambda *_: None) == 2

    settings.DATA_KEYS = f"baru:{new}"
    check.refresh_from_db()
    assert identity._registry_question(check).birth_place == "Jakarta"
    assert rotation.reencrypt(lambda *_: None) == 0


@pytest.mark.django_db
def test_results_are_forgotten_after_a_year_and_not_before(monkeypatch):
    monkeypatch.setattr(identity, "BATCH", 2)
    for _n in range(5):
        answered(ApplicantFactory())
    waiting = IdentityCheckFactory()
    assert retention.forget_old_checks(now=NOW + timedelta(days=365)) == 0
    assert retention.forget_old_checks(now=NOW + timedelta(days=366)) == 5
    assert list(IdentityCheck.objects.all()) == [waiting]


@pytest.mark.django_db
def test_an_export_holds_the_results_and_an_erasure_takes_them():
    person = ApplicantFactory()
    answered(person, OTHER_NAME)
    see(ApplicantFactory(person=PersonFactory()))

    [held] = personal_data.export(user=person.account, now=NOW)["identity_checks"]
    assert (held["outcome"], held["matches"]["name"]) == ("MISMATCH", False)
    json.dumps(held)

    with transaction.atomic():
        applicants.erase_applicant(applicant=person, now=NOW)
    assert not IdentityCheck.objects.filter(person=person.person).exists()
    assert IdentityCheck.objects.count() == 1
    assert Person.objects.filter(pk=person.person_id).exists()


def test_pauses_double_and_are_bounded():
    first, longest = timedelta(seconds=5), timedelta(minutes=2)
    pauses = [next_pause(n, first=first, longest=longest).total_seconds() for n in range(1, 8)]
    assert pauses == [5, 10, 20, 40, 80, 120, 120]
    assert next_pause(10**6, first=first, longest=longest) == longest
