"""What a passport costs on a day: the law's table, or what a row of policy has set since."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from queueing.booking import fees, policies
from queueing.booking.errands import Errand
from queueing.booking.fees import Fee

# A price is the nation's, and so is its day.
ZONE = ZoneInfo("Asia/Jakarta")


def _evening(day: date) -> datetime:
    """What begins on a day holds for all of it."""
    return datetime.combine(day, time.max, ZONE)


def fees_of(
    passport_type: str, *, day: date, age: int | None, is_married: bool = False
) -> list[Fee]:
    """The choices of one person on that day, the shorter validity first."""
    found = fees.fees(passport_type, day=day, age=age, is_married=is_married)
    return [_translated(fee, day) for fee in found]


def _translated(fee: Fee, day: date) -> Fee:
    figure = policies.FEE_OF[fee.passport_type, fee.years]
    rupiah = figure.at(now=_evening(day))
    if rupiah == figure.default:
        return fee
    return replace(fee, rupiah=rupiah, by_policy=True)


def surcharge(errand: Errand, *, day: date) -> int:
    """Who lost it, or had it damaged, in a disaster pays none (Permenkumham 8/2014 art. 41)."""
    if errand.by_disaster or not fees.surcharge(errand.kind, day=day):
        return 0
    return policies.SURCHARGE_OF[errand.kind].at(now=_evening(day))


def same_day(errand: Errand, *, day: date) -> int:
    """The addition for a passport on the same day; 0 where it is not to be had."""
    if not fees.same_day(errand.kind, day=day):
        return 0
    return policies.SAME_DAY_FEE.at(now=_evening(day))
