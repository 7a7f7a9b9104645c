"""What citizens did before, written as rows: for the tests of what is bounded for everyone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Applicant
from paspor.kernel import policy
from paspor.kernel.models import NATIONAL
from paspor.kernel.origin import Origin
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import holding
from queueing.quota.models import Slot
from tests.factories import (
    ApplicantFactory,
    BookingFactory,
    BookingOriginFactory,
    PlaceFactory,
    PolicyValueFactory,
    UserFactory,
)
from tests.queueing.booking.visits import account_of, row_of, wish

DEVICE = "pemasangan-warnet"
KK_DIGEST = "k" * 64
PHONE = "+6281200000099"


def database_now() -> datetime:
    """The transaction's own clock, by which ages are told; it stands still within a test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def limit(name: str, most: int, *, scope: str = NATIONAL) -> None:
    PolicyValueFactory(key=name, scope=scope, value=most)
    policy.forget()


def act(what: str, applicant: Applicant, at: datetime, **booking: Any) -> Place:
    """One place that this applicant's account held, let go, booked or cancelled ``at``."""
    fields: dict[str, Any] = {
        "holds": {"state": "NO_SHOW", "created_at": at},
        "let_go": {"state": "EXPIRED", "ended_at": at},
        "bookings": {"state": "NO_SHOW", "booked_at": at},
        "cancellations": {"state": "CANCELLED", "ended_at": at},
    }[what]
    return PlaceFactory(
        booking=BookingFactory(account=applicant.account, created_at=at, **booking),
        applicant=applicant,
        live_person=None,
        live_seat=None,
        seat__taken=False,
        **{"ended_at": timezone.now()} | fields,
    )


def of_device(what: str, applicant: Applicant, at: datetime) -> None:
    place = act(what, ApplicantFactory(), at)
    BookingOriginFactory(booking=place.booking, device=DEVICE, at=at)


# Somebody else than this applicant, but one with them as each limit counts.
OTHERS: dict[str, Callable[[str, Applicant, datetime], object]] = {
    "account": lambda what, me, at: act(what, ApplicantFactory(account=me.account), at),
    "person": lambda what, me, at: act(what, ApplicantFactory(person=me.person), at),
    "kk": lambda what, _me, at: act(what, ApplicantFactory(kk_digest=KK_DIGEST), at),
    "phone": lambda what, _me, at: act(
        what, ApplicantFactory(account=UserFactory(phone=PHONE)), at
    ),
    "device": of_device,
}


def did(name: str, me: Applicant, at: datetime) -> None:
    """One act that the limit of this name counts against ``me``."""
    whose, what = name.split("_", 1)
    OTHERS[whose](what, me, at)


def counted() -> Applicant:
    """Somebody whom every limit can count."""
    return ApplicantFactory(account=UserFactory(phone=PHONE), kk_digest=KK_DIGEST)


def hold(slot: Slot, people: list[Applicant], **more: Any) -> Booking:
    """From the device that the limits count."""
    account = account_of(people)
    actor = Actor.citizen(account, Origin(DEVICE, "10.0.0.1"))
    asked = wish(slot, people, **more)
    return row_of(holding.hold(account=account, wish=asked, actor=actor, now=timezone.now()))


def minute_after(at: datetime) -> datetime:
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)
