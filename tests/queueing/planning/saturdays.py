"""How the tests of Saturdays have an order carried out, and look at its days."""

from datetime import date, time

from offices.models import SpecialDay
from queueing.planning.models import NationalOrder
from queueing.planning.services import undoing
from queueing.quota.models import Seat, Slot
from queueing.quota.services import releases
from tests.factories import BookingFactory, PlaceFactory, ReleaseFactory
from tests.queueing.planning.ordering import NOW, WHY

MONDAY = date(2030, 1, 7)
FIRST, SECOND, THIRD = date(2030, 1, 12), date(2030, 1, 19), date(2030, 1, 26)
HOURS = {"opens": time(8), "closes": time(10), "stations": 1, "minutes": 15}
SPAN = {"kind": "SATURDAY", "amount": 100, "first_day": FIRST, "last_day": THIRD}


def opened(office) -> None:
    """The seats of these weeks are made, and may be booked."""
    release = ReleaseFactory(office=office, first_day=MONDAY, last_day=THIRD, opens_at=NOW)
    releases.prepare(release=release, now=NOW)


def left(item) -> dict[str, str]:
    return {told["day"][-2:]: told["why"] for told in item.left}


def saturdays() -> list[tuple]:
    rows = SpecialDay.objects.order_by("office__code", "day")
    return list(rows.values_list("office__code", "day", "stations"))


def undo(order, sistik) -> NationalOrder:
    return undoing.prepare(officer=sistik, code=order.code, why=WHY, now=NOW)


def booked(office, day) -> Seat:
    seat = Slot.objects.filter(office=office, day=day).order_by("hour").first().seats.first()
    PlaceFactory(booking=BookingFactory(slot=seat.slot), seat=seat)
    Seat.objects.filter(pk=seat.pk).update(taken=True)
    return seat


def is_open(office, day) -> bool:
    return Slot.objects.filter(office=office, day=day, closed_at=None).exists()
