"""A hand with many accounts for the demonstration, so that headquarters sees one at work."""

import datetime as dt
from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import Applicant, Trace, User
from accounts.services import traces
from accounts.services.applicants import add_applicant
from offices.models import Office
from paspor.kernel.origin import Origin
from queueing.booking.actors import Actor
from queueing.booking.models import Booking
from queueing.booking.services import holding
from queueing.booking.services.holding import PlaceRequest, Wish
from queueing.integrity.services import cases, scoring
from queueing.quota.models import Channel, Slot

ACCOUNTS = 12
DEVICE = "peragaan-satu-tangan"
BORN = dt.date(1991, 5, 17)
# One region and birth date, serials in a row; district 99 exists nowhere.
STEM = "327399170591"


def make(office: Office, account: Callable[[str], User], *, now: datetime) -> None:
    """Accounts of one device that book for NIKs in a row, and the case that a rule opens."""
    if Trace.objects.filter(device=DEVICE).exists():
        return
    for number in range(1, ACCOUNTS + 1):
        user = account(f"peragaan{number:02}")
        origin = Origin(DEVICE, f"10.66.0.{number % 3 + 1}")
        traces.note(user=user, what=Trace.What.SIGN_UP, origin=origin, now=now)
        person = add_applicant(
            account=user,
            name=f"Uji {'ABCDEFGHIJKL'[number - 1]}",
            nik=f"{STEM}{number:04}",
            birth_date=BORN,
            sex=Applicant.Sex.MALE,
            now=now,
        )
        _book(office, user, person, origin, now=now)
    scoring.score_all(now=now)
    cases.open_from_scores(now)


def _book(office: Office, user: User, person: Applicant, origin: Origin, *, now: datetime) -> None:
    slot = (
        Slot.objects.filter(
            office=office,
            closed_at=None,
            starts_at__gt=now + timedelta(hours=2),
            seats__channel=Channel.ONLINE,
            seats__taken=False,
            seats__visible_at__lte=now,
        )
        .order_by("-starts_at")  # away from what a newcomer tries first
        .first()
    )
    if slot is None or Booking.objects.filter(account=user).exists():
        return
    wish = Wish(slot.code, (PlaceRequest(person.code, "NEW", "REGULAR"),), confirm=True)
    actor = Actor.citizen(user, origin)
    holding.hold(account=user, wish=wish, actor=actor, proved=True, now=now)
