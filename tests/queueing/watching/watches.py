"""Asking to be told of free seats."""

from datetime import UTC, datetime, time

from django.utils import timezone

from queueing.watching.services import asking
from queueing.watching.services.asking import Wish
from tests.factories import UserFactory
from tests.queueing.pages.visitors import near_day


def ask(office, account=None, **fields):
    usual = {"radius_km": 0, "people": 1, "passport_type": "REGULAR", "until": near_day(20)}
    wish = Wish(office=office.code, **usual | fields)
    return asking.ask(account=account or UserFactory(), wish=wish, now=timezone.now())


def this_morning() -> datetime:
    """10.00 WIB, when letters may be sent; whether there is room goes by the database's clock."""
    return datetime.combine(timezone.localdate(), time(3), UTC)
