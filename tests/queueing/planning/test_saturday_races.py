"""Two confirmations, an office that closes, somebody who books: all at the same moment."""

from functools import partial

import pytest

from offices.models import Approval, SpecialDay
from offices.services import calendar
from offices.services.wishes import SpecialWish
from paspor.kernel import broker
from paspor.kernel.errors import DomainError
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Place
from queueing.planning import errors
from queueing.planning.services import orders
from queueing.quota.models import Release, Slot
from tests.at_once import at_once
from tests.factories import OfficerPostFactory
from tests.offices.conftest import officer as officer
from tests.queueing.booking.visits import book, check_books, family, live, show_freed_seats
from tests.queueing.planning.ordering import NOW, WHY, agree, carried_out, outcomes, prepare
from tests.queueing.planning.saturdays import (
    FIRST,
    SECOND,
    SPAN,
    is_open,
    opened,
    undo,
)

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def _untold(monkeypatch):
    """No worker is told: here each is called at its moment."""
    monkeypatch.setattr(broker, "tell", lambda *_told: None)


def tried(act):
    try:
        return act()
    except DomainError as refusal:
        return type(refusal)


def test_of_two_confirmations_at_once_one_starts_it(two, sistik, second):
    order = prepare(sistik, two, **SPAN)
    agree(order, sistik, second)
    start = partial(orders.start, officer=sistik, code=order.code, now=NOW)

    found = at_once([partial(tried, start), partial(tried, start)])

    assert [each for each in found if each is errors.OrderBegun] == [errors.OrderBegun]
    assert AuditEvent.objects.filter(act="order.start").count() == 1
    assert Approval.objects.get().state == "USED"


def test_a_saturday_that_its_office_closes_at_this_moment_is_closed(two, sistik, second):
    opened(two[0])
    order = prepare(sistik, two, **SPAN | {"last_day": SECOND})
    agree(order, sistik, second)
    orders.start(officer=sistik, code=order.code, now=NOW)
    head = OfficerPostFactory(role="HEAD", office=two[0]).user
    wish = SpecialWish(FIRST, "Renovasi")
    close = partial(
        calendar.set_special_day, officer=head, office=two[0], wish=wish, why=WHY, now=NOW
    )

    at_once([partial(orders.run, order_id=order.pk, now=NOW), close])
    orders.resume(NOW)

    assert SpecialDay.objects.get(office=two[0], day=FIRST).kind == "CLOSURE"
    assert not is_open(two[0], FIRST)
    assert is_open(two[0], SECOND)
    assert [each[0] for each in outcomes(order)] == ["DONE", "DONE"]


def test_who_books_while_it_is_taken_back_keeps_an_open_saturday_or_gets_nothing(
    two, sistik, second
):
    opened(two[0])
    order = carried_out(prepare(sistik, two, **SPAN | {"last_day": FIRST}), sistik, second)
    Release.objects.update(opens_at=order.prepared_at.replace(year=2020))
    show_freed_seats()
    back = undo(order, sistik)
    agree(back, sistik, second)
    orders.start(officer=sistik, code=back.code, now=NOW)
    slots = list(Slot.objects.filter(office=two[0], day=FIRST))
    assert len(slots) == 2

    run = partial(orders.run, order_id=back.pk, now=NOW)
    wishes = [partial(tried, partial(book, slot, family())) for slot in slots * 2]
    at_once([*wishes, run])
    orders.resume(NOW)

    check_books()
    closed = Place.objects.filter(state__in=Place.LIVE, booking__slot__closed_at__isnull=False)
    assert not closed.exists()
    assert is_open(two[0], FIRST) is (live() > 0)
