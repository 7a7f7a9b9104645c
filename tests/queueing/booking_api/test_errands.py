"""What each person comes for, as the mobile app tells it, and what they are to bring for it."""

from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import Applicant
from queueing.booking import documents
from queueing.booking.models import Place
from queueing.quota.models import Slot
from tests.factories import ApplicantFactory, PlaceFactory
from tests.queueing.booking.visits import another_hour
from tests.queueing.booking_api.conftest import BOOKINGS, Phone


def place(applicant: Applicant, kind: str, **told: str) -> dict[str, str]:
    return {"applicant": applicant.code, "kind": kind, "passport_type": "REGULAR"} | told


def texts(person: dict[str, Any]) -> list[str]:
    return [item["text"] for item in person["documents"]]


def test_each_of_a_family_has_a_list_of_their_own(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    child = ApplicantFactory(account=phone.account, birth_date="2020-01-01")
    wanted = [
        place(applicant, "REPLACEMENT", old_passport="PLAIN"),
        place(child, "LOST", old_passport="DISASTER", parents="CUSTODY"),
    ]

    made = phone.book(slot, places=wanted, confirm=True)

    assert made.status_code == 201, made.content
    told = phone.get(made["Location"]).json()
    assert told == made.json()
    grown, young = told["places"]
    assert (grown["old_passport"], grown["parents"], grown["examination"]) == ("PLAIN", "", [])
    assert texts(grown) == [documents.KTP, documents.OLD_PASSPORT]
    assert (young["old_passport"], young["parents"]) == ("DISASTER", "CUSTODY")
    assert {documents.CUSTODY_RULING, documents.POLICE_REPORT, documents.DISASTER_PROOF} <= set(
        texts(young)
    )
    assert documents.BOTH_PARENTS not in texts(young)
    assert len(young["examination"]) == len(documents.EXAMINATION)


def test_whoever_tells_no_more_gets_a_list_that_says_what_if(
    phone: Phone, slot: Slot, applicant: Applicant
) -> None:
    made = phone.book(slot, places=[place(applicant, "REPLACEMENT")]).json()

    assert texts(made["places"][0]) == list(documents.to_bring("REPLACEMENT", is_child=False))


@pytest.mark.parametrize(
    ("kind", "told", "code"),
    [
        ("NEW", {"old_passport": "PLAIN"}, "old_passport_unfit"),
        ("NEW", {"parents": "BOTH"}, "parents_unfit"),
        ("LOST", {"old_passport": "FIRE"}, "invalid"),
    ],
)
def test_what_does_not_go_with_the_person_is_refused_at_its_field(
    phone: Phone, slot: Slot, applicant: Applicant, kind: str, told: dict[str, str], code: str
) -> None:
    child = ApplicantFactory(account=phone.account, birth_date="2020-01-01")
    wanted = [place(child, "NEW", parents="ONE"), place(applicant, kind, **told)]

    refused = phone.book(slot, places=wanted)

    (name,) = told
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert list(refused.json()["fields"]) == [f"places.1.{name}"]
    assert not Place.objects.exists()


def test_a_move_takes_along_what_was_told(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    wanted = [place(applicant, "REPLACEMENT", old_passport="OTHER")]
    made = phone.book(slot, places=wanted, confirm=True)
    to = another_hour(slot)

    moved = phone.post(f"{made['Location']}/reschedule", {"slot": to.code}, key="move-1").json()

    assert moved["places"][0]["old_passport"] == "OTHER"


def test_what_was_told_can_be_told_anew(phone: Phone, slot: Slot, applicant: Applicant) -> None:
    made = phone.book(slot, places=[place(applicant, "REPLACEMENT")], confirm=True)
    path = f"{made['Location']}/errands"

    told = {"applicant": applicant.code, "kind": "LOST"}
    changed = phone.post(path, {"places": [told]}, key="lost-1").json()
    refused = phone.post(path, {"places": [told | {"parents": "ONE"}]})
    twice = phone.post(path, {"places": [told, told]})

    (person,) = changed["places"]
    assert (person["kind"], changed["code"]) == ("LOST", made.json()["code"])
    assert documents.POLICE_REPORT in texts(person)
    assert changed["history"][-1]["text"] == "Keperluan diubah"
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["places.0.parents"])
    assert twice.json()["code"] == "same_person_twice"


def test_who_has_only_the_code_does_not_learn_who_has_custody(
    phone: Phone, slot: Slot, phone_of: Any
) -> None:
    child = ApplicantFactory(account=phone.account, birth_date="2020-01-01")
    made = phone.book(slot, places=[place(child, "NEW", parents="CUSTODY")], confirm=True).json()

    seen = phone_of(None).post(
        f"{BOOKINGS}/lookup", {"code": made["code"], "birth_date": "2020-01-01"}
    )

    assert seen.status_code == 200
    assert seen.json()["places"][0]["parents"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        ("place_old_passport_fits", {"kind": "NEW", "old_passport": "PLAIN"}),
        ("place_old_passport_fits", {"kind": "LOST", "old_passport": "OTHER"}),
        ("place_parents_known", {"parents": "UNCLE"}),
    ],
)
def test_the_database_refuses_what_cannot_be(constraint: str, told: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        PlaceFactory(**told)
