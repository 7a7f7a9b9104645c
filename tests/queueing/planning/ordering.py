"""How the tests of national orders prepare one, and have it agreed to."""

from datetime import UTC, date, datetime

import pytest

from offices.models import SpecialDay
from offices.reasons import Why
from offices.services import approvals
from paspor.kernel.errors import NeedsApproval
from queueing.planning.models import NationalOrder
from queueing.planning.services import orders
from queueing.planning.services.orders import Wish

NOW = datetime(2030, 1, 4, 3, tzinfo=UTC)  # Friday
MONDAY, TUESDAY = date(2030, 1, 7), date(2030, 1, 8)
WHY = Why("instruction", "Penumpukan akhir tahun")


def prepare(officer, offices, **changed) -> NationalOrder:
    wish = {"kind": "SHARE", "amount": 20, "first_day": MONDAY, "last_day": TUESDAY} | changed
    wish = Wish(offices=offices, **wish)
    return orders.prepare(officer=officer, wish=wish, why=WHY, now=NOW)


def agree(order, asker, second):
    with pytest.raises(NeedsApproval) as refusal:
        orders.start(officer=asker, code=order.code, now=NOW)
    asked = approvals.ask(request=refusal.value.request, officer=asker, reason=WHY.reason, now=NOW)
    approvals.grant(approval=asked, second=second, used_second_factor=True, now=NOW)


def carried_out(order, sistik, second) -> NationalOrder:
    agree(order, sistik, second)
    orders.start(officer=sistik, code=order.code, now=NOW)
    orders.run(order_id=order.pk, now=NOW)
    order.refresh_from_db()
    return order


def outcomes(order) -> list[tuple[str, int, int, str]]:
    rows = order.offices.order_by("office__code")
    return list(rows.values_list("outcome", "days_done", "seats_added", "why"))


def stations() -> list[tuple[str, date, int]]:
    rows = SpecialDay.objects.order_by("office__code", "day")
    return list(rows.values_list("office__code", "day", "stations"))
