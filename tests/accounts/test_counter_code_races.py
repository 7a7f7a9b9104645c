"""One KTP at several counters in the same instant, over connections of their own."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from accounts import policies
from accounts.errors import CardUsedOften
from accounts.models import CounterCode, Person, User
from accounts.services import counter_codes, people, registration
from accounts.services.counter_codes import Shown
from accounts.services.registration import Typed
from tests.at_once import at_once
from tests.factories import invented_nik

pytestmark = pytest.mark.usefixtures("committed_db")
NOW = datetime(2030, 1, 1, tzinfo=UTC)
COUNTERS = 6


def redeeming() -> list[Callable[[], str]]:
    """At each counter a sign-up that waits is shown with the same KTP, of a known person."""
    people.find_or_make_person(invented_nik(1))
    codes = [
        counter_codes.issue(
            typed=Typed(User.objects.create(email=f"warga{n}@contoh.test")), now=NOW
        ).code
        for n in range(COUNTERS)
    ]

    def at_counter(code: str) -> str:
        try:
            counter_codes.redeem(shown=Shown(code, invented_nik(1)), where="KANIM-UJI", now=NOW)
        except CardUsedOften as refusal:
            return refusal.code
        return "verified"

    return [lambda code=code: at_counter(code) for code in codes]


def test_one_ktp_at_six_counters_verifies_exactly_three():
    acts, most = redeeming(), policies.VERIFIED_PER_CARD.default

    told = Counter(at_once(acts))

    assert most == 3
    assert told == {"verified": most, CardUsedOften.code: COUNTERS - most}
    assert CounterCode.objects.exclude(used_at=None).count() == most


def test_without_the_lock_it_would_verify_all(monkeypatch: pytest.MonkeyPatch):
    """The negative control: everyone has counted before anyone writes."""
    acts, counted, verify = redeeming(), Barrier(COUNTERS), registration.verify_without_mail

    def verify_when_all_have_counted(**what: Any) -> None:
        counted.wait(10)
        verify(**what)

    def unlocked(**_how: Any) -> Any:
        return Person.objects.all()

    monkeypatch.setattr(Person.objects, "select_for_update", unlocked)
    monkeypatch.setattr(registration, "verify_without_mail", verify_when_all_have_counted)

    assert at_once(acts) == ["verified"] * COUNTERS
