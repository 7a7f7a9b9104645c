"""What raising and undoing have in common: an office's usual days, a digest, the log."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from accounts.models import User
from offices import rules as calendars
from offices import selectors as offices
from offices.models import Office
from offices.rules import SpecialHours, WorkingHours
from offices.services import authority, calendar
from paspor.kernel import audit
from paspor.kernel.errors import N_
from queueing.planning import order_rules
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.planning.order_rules import Held, UsualDay
from queueing.quota import selectors as quota

# A day of an order, as its plan keeps it: which, the usual hours' fingerprint, what it gets.
type Told = dict[str, Any]
# What the public reads beside a day that an order has given more.
PUBLIC_REASON = N_("Tambahan layanan menurut perintah nasional.")
SATURDAY_REASON = N_("Layanan Sabtu menurut perintah nasional.")


@dataclass(frozen=True)
class Given:
    """A coming day that stands as an order made it; ``people`` are in hours that go with it.

    ``usual``: its hours without the order; None where it had none.
    """

    day: date
    usual: WorkingHours | None
    made: WorkingHours
    people: int

    @property
    def fewer(self) -> int:
        return order_rules.seats_of(self.made) - order_rules.seats_of(self.usual)


def usual_days(office: Office, first: date, last: date) -> list[UsualDay]:
    """The days of a span with their usual hours; a day that the office has set itself has none.

    Nor has one that it closed in part: added hours would serve beside those it closed.
    """
    kept = dict.fromkeys(quota.days_closed_in_part(office, first, last), Held.PARTLY)
    kept |= dict.fromkeys(offices.special_days(office, first, last), Held.OWN_DAY)
    return [
        UsualDay(each.day, None, kept[each.day]) if each.day in kept else each
        for each in by_calendar(office, first, last)
    ]


def by_calendar(office: Office, first: date, last: date) -> list[UsualDay]:
    """The same, as if no day had hours of its own.

    A day that its office has closed is closed, though the calendar still has hours for it:
    changing the hours of a day opens it again.
    """
    weekly = offices.weekly_hours(office, first, last)
    holidays = offices.holidays_of(office, first, last)
    closed = {*holidays, *quota.days_closed(office, first, last)}
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        hours = calendars.weekly_hours_on(day, weekly)
        if day in closed or hours is None or not hours.stations:
            found.append(UsualDay(day, None, Held.CLOSED))
        else:
            found.append(UsualDay(day, hours))
    return found


def is_orders(special: SpecialHours | None, made: str, reason: str = PUBLIC_REASON) -> bool:
    """Whether a day stands as an order made it: nobody has touched it since.

    ``made`` is the fingerprint of what it was given.
    """
    if special is None or special.hours is None or special.place:
        return False
    return special.reason == reason and fingerprint(special.hours) == made


def raised(hours: WorkingHours, told: Told) -> WorkingHours:
    closes = time.fromisoformat(told["closes"])
    return replace(hours, stations=told["stations"], closes=closes)


def fingerprint(hours: WorkingHours) -> str:
    told = {name: str(value) for name, value in calendar.columns_of(hours).items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def digest(head: Sequence[Any], items: Sequence[OrderOffice]) -> str:
    """Of everything that was shown: what an order is, and each office's days."""
    told = [*head, *([item.office.code, item.plan] for item in items)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def record(what: str, order: NationalOrder, officer: User | None, **detail: Any) -> None:
    audit.record(
        what,
        actor_id=officer.pk if officer else None,
        subject=f"order:{order.code}",
        stream=authority.stream_of(None),
        reason=order.reason,
        note=order.note if what == "order.prepare" else "",
        detail={"kind": order.kind, "amount": order.amount, "digest": order.digest} | detail,
    )
