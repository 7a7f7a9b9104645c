"""One phone asked for from many browsers in the same instant, over connections of their own."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from accounts import policies
from accounts.errors import TextsTooMany
from accounts.models import Message, TextCode
from accounts.services import text_codes
from accounts.services.registration import Typed
from accounts.services.text_codes import Asked
from tests.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")
NOW = datetime(2030, 1, 1, tzinfo=UTC)
BROWSERS = 6


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.TEXT_GATEWAY = "accounts.texting.simulator.Simulator"


def asking() -> list[Callable[[], str]]:
    def ask(number: int) -> str:
        email = f"warga{number}@contoh.test"
        asked = Asked(typed=Typed(None), email=email, phone="+6281234567890", device="")
        try:
            text_codes.send(asked=asked, now=NOW)
        except TextsTooMany as refusal:
            return refusal.code
        return "sent"

    return [lambda number=number: ask(number) for number in range(BROWSERS)]


def test_six_browsers_have_exactly_three_texts_sent_to_one_phone():
    most = policies.TEXTS_PER_PHONE.default

    told = Counter(at_once(asking()))

    assert most == 3
    assert told == {"sent": most, TextsTooMany.code: BROWSERS - most}
    assert TextCode.objects.count() == Message.objects.count() == most


def test_without_the_lock_it_would_be_all(monkeypatch: pytest.MonkeyPatch):
    """The negative control: everyone has counted before anyone writes."""
    counted, check = Barrier(BROWSERS), text_codes._check_limits

    def check_and_wait(*what: Any) -> None:
        check(*what)
        counted.wait(10)

    monkeypatch.setattr(text_codes, "_one_at_a_time", lambda: None)
    monkeypatch.setattr(text_codes, "_check_limits", check_and_wait)

    assert at_once(asking()) == ["sent"] * BROWSERS
