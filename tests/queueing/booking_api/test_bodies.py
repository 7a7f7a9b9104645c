"""One serializer for all requests of a thread says what a new one for each would say."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from rest_framework.exceptions import ValidationError

from paspor.kernel.strict import StrictSerializer, checked
from queueing.booking.api.serializers import ApplicantsInput, BookingInput, LookupInput

ONE = {"applicant": "AAAA", "kind": "NEW", "passport_type": "REGULAR"}
WHOLE = {
    "slot": "HOUR1",
    "places": [ONE],
    "channel": "ONLINE",
    "referral_code": "",
    "confirm": True,
}
TWO_HOURS = {"slots": ["HOUR1", "HOUR2"], "places": [ONE, ONE | {"slot": "HOUR2"}]}
ODD: list[Any] = [None, "", "x" * 90, "NEW", 0, 7, 1.5, True, [], [None], ["A", "B"], {}, {"a": 1}]


def bodies() -> Iterator[Any]:
    yield from (WHOLE, TWO_HOURS, {}, None, [], [WHOLE], "text", 3, WHOLE | TWO_HOURS)
    for name in (*WHOLE, "slots", "unknown"):
        yield {key: value for key, value in WHOLE.items() if key != name}
        yield from (WHOLE | {name: value} for value in ODD)
        yield from (TWO_HOURS | {name: value} for value in ODD)
    for name in (*ONE, "entitlement", "slot", "unknown"):
        yield WHOLE | {"places": [{key: value for key, value in ONE.items() if key != name}]}
        yield from (WHOLE | {"places": [ONE, ONE | {name: value}]} for value in ODD)
    yield WHOLE | {"places": [ONE] * 51}


def told(check: Any) -> Any:
    """What came of it: the data, or the words and codes of the refusal."""
    try:
        return dict(check())
    except ValidationError as refusal:
        return refusal.detail, refusal.get_codes()


def anew(kind: type[StrictSerializer], body: Any) -> dict[str, Any]:
    serializer = kind(data=body)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_body_is_told_the_same(language: str) -> None:
    with translation.override(language):
        for kind in (BookingInput, ApplicantsInput, LookupInput):
            for body in bodies():
                here, there = told(lambda: checked(kind, body)), told(lambda: anew(kind, body))  # noqa: B023
                assert here == there, body


def test_what_one_body_changed_the_next_does_not_meet() -> None:
    without = {key: value for key, value in WHOLE.items() if key != "slot"}
    checked(BookingInput, TWO_HOURS)
    with pytest.raises(ValidationError):
        checked(BookingInput, without)
    assert checked(BookingInput, WHOLE) is not checked(BookingInput, WHOLE)


def test_a_part_of_a_body_is_enough_only_where_it_is_asked_for() -> None:
    for _again in range(2):
        assert checked(LookupInput, {}, partial=True) == {}
        with pytest.raises(ValidationError):
            checked(LookupInput, {})
