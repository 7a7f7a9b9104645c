"""A family in two neighbouring hours, in one POST: both or neither."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Applicant, User
from queueing.booking.models import Booking
from queueing.quota.models import Slot
from tests.factories import ApplicantFactory
from tests.queueing.booking.visits import another_day, book, taken
from tests.queueing.booking_api.conftest import BOOKINGS, Phone, wish
from tests.queueing.pages.visitors import near_hour, working_office

type Pair = tuple[Slot, Slot]


@pytest.fixture
def pair(db: None) -> Pair:
    office = working_office()
    return near_hour(office, hour=9, capacity=3), near_hour(office, hour=10, capacity=2)


@pytest.fixture
def family(account: User) -> list[Applicant]:
    return ApplicantFactory.create_batch(5, account=account)


def body(pair: Pair, people: list[Applicant], **more: Any) -> dict[str, Any]:
    asked = wish(pair[0], *people, **more) | {"slots": [slot.code for slot in pair]}
    del asked["slot"]
    return asked


def names(answer: dict[str, Any]) -> list[str]:
    return [place["name"] for place in answer["places"]]


def test_first_hour_is_filled_and_the_rest_come_in_the_second(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    response = phone.post(BOOKINGS, body(pair, family, confirm=True), key="k")

    first = response.json()
    second = phone.get(f"{BOOKINGS}/{first['beside']}").json()
    assert (response.status_code, response["Location"]) == (201, f"{BOOKINGS}/{first['code']}")
    assert [first["slot"], second["slot"]] == [slot.code for slot in pair]
    assert names(first) + names(second) == [one.name for one in family]
    assert len(names(first)) == 3
    assert first["state"] == second["state"] == "BOOKED"
    assert second["beside"] == first["code"]
    assert phone.get(response["Location"]).json() == first


def test_sent_again_it_is_the_same_two_and_one_yes_confirms_both(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    first = phone.post(BOOKINGS, body(pair, family), key="k")
    again = phone.post(BOOKINGS, body(pair, family), key="k")

    phone.post(f"{BOOKINGS}/{first.json()['beside']}/confirm")

    assert again.content == first.content
    listed = phone.get(BOOKINGS).json()["results"]
    assert [each["state"] for each in listed] == ["BOOKED", "BOOKED"]
    assert {each["beside"] for each in listed} == {each["code"] for each in listed}


def test_the_hour_that_is_moved_names_the_other_and_is_named_by_it(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    first = phone.post(BOOKINGS, body(pair, family, confirm=True), key="k").json()
    later = another_day(pair[0])

    new = phone.post(f"{BOOKINGS}/{first['code']}/reschedule", {"slot": later.code}, key="m").json()

    second = phone.get(f"{BOOKINGS}/{first['beside']}").json()
    assert (new["beside"], second["beside"]) == (second["code"], new["code"])


def test_who_comes_when_may_be_said(phone: Phone, pair: Pair, family: list[Applicant]) -> None:
    asked = body(pair, family[:3])
    asked["places"][0]["slot"] = pair[1].code.lower()

    first = phone.post(BOOKINGS, asked, key="k").json()

    assert names(first) == [one.name for one in family[1:3]]
    assert (taken(pair[0]), taken(pair[1])) == (2, 1)


def test_who_chose_no_hour_does_not_leave_children_alone(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    born = pair[0].day - timedelta(days=3000)
    Applicant.objects.filter(pk__in=[one.pk for one in family[2:]]).update(birth_date=born)

    first = phone.post(BOOKINGS, body(pair, family), key="k").json()

    second = phone.get(f"{BOOKINGS}/{first['beside']}").json()
    assert names(first) == [family[number].name for number in (0, 2, 3)]
    assert names(second) == [family[number].name for number in (1, 4)]


def test_child_who_is_married_leaves_nobody_alone(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    born = pair[0].day - timedelta(days=6000)
    Applicant.objects.filter(pk__in=[one.pk for one in family[3:]]).update(birth_date=born)
    asked = body(pair, family)
    for place in asked["places"][3:]:
        place["parents"] = "MARRIED"

    first = phone.post(BOOKINGS, asked, key="k").json()

    assert names(first) == [one.name for one in family[:3]]


def test_who_fits_into_one_of_them_is_one_booking(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    answer = phone.post(BOOKINGS, body(pair, family[:3]), key="k").json()

    assert (answer["beside"], len(names(answer))) == ("", 3)
    assert Booking.objects.count() == 1


def test_where_the_second_is_full_nothing_is_held(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    book(pair[1], ApplicantFactory.create_batch(1))

    response = phone.post(BOOKINGS, body(pair, family), key="k")

    assert (response.status_code, response.json()["code"]) == (409, "slot_full")
    assert response.json()["free"] == 1
    assert set(response.json()["fields"]) == {"places.4.slot"}
    assert (taken(pair[0]), taken(pair[1])) == (0, 1)


def test_too_many_named_for_one_hour_are_named_as_they_were_sent(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    asked = body(pair, family[:4])
    for place in asked["places"]:
        place["slot"] = pair[1].code
    asked["places"][1]["slot"] = pair[0].code

    response = phone.post(BOOKINGS, asked, key="k").json()

    assert (response["code"], response["free"]) == ("slot_full", 2)
    assert set(response["fields"]) == {"places.3.slot"}
    assert "cukup untuk 2 orang; Anda memilih 3" in response["detail"]


def test_who_is_at_fault_is_named_as_they_were_sent(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    book(another_day(pair[0]), family[:1])
    asked = body(pair, family[:3])
    asked["places"][0]["slot"] = pair[1].code

    response = phone.post(BOOKINGS, asked, key="k")

    assert response.json()["code"] == "already_booked"
    assert set(response.json()["fields"]) == {"places.0.applicant"}


def test_hours_apart_or_of_nobody_are_refused(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    turned = phone.post(BOOKINGS, body((pair[1], pair[0]), family), key="k")
    apart = phone.post(BOOKINGS, body((pair[0], another_day(pair[1])), family), key="k")
    unknown = body(pair, family) | {"slots": [pair[0].code, "NOSUCHHOUR"]}

    assert turned.json()["code"] == apart.json()["code"] == "not_neighbours"
    assert phone.post(BOOKINGS, unknown, key="k").status_code == 404
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slot": "8KQ2M7XR4T"}, "slot"),
        ({"slots": ["8KQ2M7XR4T"]}, "slots"),
        ({"slots": ["8KQ2M7XR4T"] * 3}, "slots"),
        ({"slots": "8KQ2M7XR4T"}, "slots"),
        ({"slots": ["8KQ2M7XR4T", 7]}, "slots.1"),
        ({"slots": ["8KQ2M7XR4T", "2RXT9K4M7Q"]}, "places.0.slot"),
    ],
)
def test_shape_at_fault_is_named(
    phone: Phone, pair: Pair, family: list[Applicant], changed: dict[str, Any], field: str
) -> None:
    asked = body(pair, family[:2])
    asked["places"][0]["slot"] = pair[0].code

    response = phone.post(BOOKINGS, asked | changed, key="k")

    assert (response.status_code, set(response.json()["fields"])) == (422, {field})


def test_hour_of_a_place_is_for_two_hours_only(
    phone: Phone, pair: Pair, family: list[Applicant]
) -> None:
    asked = wish(pair[0], family[0])
    asked["places"][0]["slot"] = pair[0].code

    response = phone.post(BOOKINGS, asked, key="k")

    assert set(response.json()["fields"]) == {"places.0.slot"}
