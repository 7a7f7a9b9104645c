"""An office closes a day just when a national order has read it: the office's word stands.

Each order is caught between what it reads and what it writes. It holds its office, so the closing
waits until the order is done there; without that lock the order would write over the closing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Event
from types import ModuleType, SimpleNamespace

import pytest

from offices.models import Office, SpecialDay
from offices.services import calendar
from offices.services.wishes import SpecialWish
from paspor.kernel import broker
from queueing.planning.models import NationalOrder
from queueing.planning.services import order_parts, orders, saturdays
from tests.at_once import at_once
from tests.factories import OfficerPostFactory
from tests.live import PATIENCE
from tests.lock_waits import until_somebody_waits
from tests.offices.conftest import officer as officer
from tests.queueing.planning.ordering import (
    MONDAY,
    NOW,
    WHY,
    agree,
    carried_out,
    outcomes,
    prepare,
)
from tests.queueing.planning.saturdays import FIRST, SPAN, is_open, opened, undo

pytestmark = pytest.mark.usefixtures("committed_db")

SATURDAY = SPAN | {"last_day": FIRST}


@dataclass(frozen=True)
class Case:
    """An order, or what undoes it; a day of it, and the function that reads that day for it."""

    wish: dict[str, object]
    day: date
    is_undone: bool
    module: ModuleType
    reads: str


CASES = {
    "more seats": Case({}, MONDAY, False, order_parts, "usual_days"),
    "a Saturday": Case(SATURDAY, FIRST, False, saturdays, "offers"),
    "fewer seats again": Case({}, MONDAY, True, order_parts, "is_orders"),
    "no Saturday again": Case(SATURDAY, FIRST, True, saturdays, "given"),
}


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody carries an order out but the test."""
    monkeypatch.setattr(broker, "tell", lambda *_told: None)


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def order(case: Case, two: list[Office], sistik, second) -> NationalOrder:
    """Agreed to and begun, and not carried out yet."""
    opened(two[0])
    order = prepare(sistik, two, **case.wish)
    if case.is_undone:
        order = undo(carried_out(order, sistik, second), sistik)
    agree(order, sistik, second)
    return orders.start(officer=sistik, code=order.code, now=NOW)


def run_while_closing(
    monkeypatch: pytest.MonkeyPatch, case: Case, order: NationalOrder, office: Office
) -> None:
    """Carry the order out; the day is closed as soon as it has been read.

    The order goes on when the closing waits for it, or is done because nothing held it up.
    """
    head = OfficerPostFactory(role="HEAD", office=office).user
    was_read, closed = Event(), Event()
    reads: Callable[..., object] = getattr(case.module, case.reads)

    def read_and_wait(*given: object) -> object:
        found = reads(*given)
        was_read.set()
        until_somebody_waits(or_else=closed.is_set)
        return found

    def close() -> None:
        assert was_read.wait(PATIENCE)
        try:
            wish = SpecialWish(case.day, "Renovasi")
            calendar.set_special_day(officer=head, office=office, wish=wish, why=WHY, now=NOW)
        finally:
            closed.set()

    monkeypatch.setattr(case.module, case.reads, read_and_wait)
    at_once([lambda: orders.run(order_id=order.pk, now=NOW), close])


def is_closed(office: Office, day: date) -> bool:
    return SpecialDay.objects.filter(office=office, day=day, kind="CLOSURE").exists()


def test_the_day_is_closed(monkeypatch, case, order, two):
    run_while_closing(monkeypatch, case, order, two[0])

    assert is_closed(two[0], case.day)
    assert not is_open(two[0], case.day)
    assert [each[0] for each in outcomes(order)] == ["DONE", "DONE"]


def test_without_the_lock_it_would_be_open(monkeypatch, case, order, two):
    unlocked = SimpleNamespace(select_for_update=lambda **_how: Office.objects)
    monkeypatch.setattr(orders, "Office", SimpleNamespace(objects=unlocked))

    run_while_closing(monkeypatch, case, order, two[0])

    assert not is_closed(two[0], case.day)
