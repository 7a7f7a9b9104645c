"""Two workers and an office's own planner at the same moment: every day is changed once."""

from datetime import timedelta
from functools import partial

import pytest

from offices import selectors as offices
from offices.models import SpecialDay
from offices.services import calendar
from offices.services.wishes import SpecialWish
from paspor.kernel import broker
from paspor.kernel.models import AuditEvent
from queueing.planning.services import orders
from tests.at_once import at_once
from tests.factories import OfficerPostFactory
from tests.offices.conftest import officer as officer
from tests.queueing.planning.ordering import MONDAY, NOW, TUESDAY, WHY, outcomes, stations

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def _untold(monkeypatch):
    """The order is begun and no worker was told: here each is called at its moment."""
    monkeypatch.setattr(broker, "tell", lambda *_told: None)


def test_each_office_is_done_once_and_the_planners_day_is_the_planners(two, begun):
    planner = OfficerPostFactory(role="PLANNER", office=two[0]).user
    usual = offices.weekly_hours(two[0], MONDAY, MONDAY)[0].hours
    wish = SpecialWish(MONDAY, "Renovasi", usual)
    own = partial(
        calendar.set_special_day, officer=planner, office=two[0], wish=wish, why=WHY, now=NOW
    )
    run = partial(orders.run, order_id=begun.pk, now=NOW)

    *done, _day = at_once([run, run, own])
    orders.resume(NOW + timedelta(minutes=1))

    assert sum(done) <= 2
    assert stations() == [
        ("KANIM-A", MONDAY, 4),
        ("KANIM-A", TUESDAY, 5),
        ("KANIM-B", MONDAY, 5),
        ("KANIM-B", TUESDAY, 5),
    ]
    assert [each[0] for each in outcomes(begun)] == ["DONE", "DONE"]
    assert AuditEvent.objects.filter(act="order.office").count() == 2
    assert SpecialDay.objects.get(office=two[0], day=MONDAY).reason == "Renovasi"
