"""/api/v1/appeals: the app's way to see what was done, and to object."""

import pytest
from django.utils import timezone

from accounts.models import User
from offices.rules import Act
from queueing.integrity.models.appeals import Appeal
from tests.factories import RestrictionFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import account_of, book, family
from tests.queueing.booking_api.conftest import Phone
from tests.queueing.integrity.cases import case_of, done, sistik

pytestmark = pytest.mark.django_db
APPEALS = "/api/v1/appeals"


@pytest.fixture
def suspended() -> User:
    account = UserFactory()
    done(case_of([account]), Act.SUSPEND, sistik())
    return account


def objection(account: User) -> dict[str, str]:
    code = account.restrictions.get().code
    return {"about": "restriction", "code": code, "text": "Itu keluarga saya."}


def test_a_suspended_account_learns_why_and_objects(suspended: User):
    phone = Phone(suspended)

    (matter,) = phone.get(APPEALS).json()["results"]
    made = phone.post(APPEALS, objection(suspended))

    assert (matter["kind"], matter["reason"], matter["may_appeal"]) == (
        "SUSPENDED",
        "hoarding",
        True,
    )
    assert made.status_code == 201
    assert made.json()["state"] == "RECEIVED"
    (matter,) = phone.get(APPEALS).json()["results"]
    assert matter["may_appeal"] is False
    assert matter["appeals"][0]["text"] == "Itu keluarga saya."


def test_the_same_appeal_twice_stands_once(suspended: User):
    phone = Phone(suspended)
    phone.post(APPEALS, objection(suspended))

    again = phone.post(APPEALS, objection(suspended))

    assert (again.status_code, again.json()["code"]) == (409, "appeal_stands")
    assert Appeal.objects.count() == 1


def test_me_says_that_the_account_is_suspended(suspended: User):
    assert Phone(suspended).get("/api/v1/me").json()["suspended_at"] is not None
    assert Phone(UserFactory()).get("/api/v1/me").json()["suspended_at"] is None


def test_what_was_done_to_another_is_not_there(suspended: User):
    answer = Phone(UserFactory()).post(APPEALS, objection(suspended))

    assert (answer.status_code, answer.json()["code"]) == (404, "matter_unknown")


def test_voided_places_are_a_matter_of_their_booking():
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    done(case_of([account_of(people)]), Act.VOID, sistik())

    (matter,) = Phone(account_of(people)).get(APPEALS).json()["results"]

    assert (matter["about"], matter["code"], matter["kind"]) == ("booking", booking.code, "VOIDED")


def test_what_is_over_says_so():
    row = RestrictionFactory(lifted_at=timezone.now(), lift_reason="ran_out")

    (matter,) = Phone(row.account).get(APPEALS).json()["results"]

    assert (matter["is_over"], matter["may_appeal"]) == (True, False)


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_text_out_of_bounds_is_refused_at_its_field(suspended: User, text: str):
    answer = Phone(suspended).post(APPEALS, objection(suspended) | {"text": text})

    assert answer.status_code == 422
    assert "text" in answer.json()["fields"]
