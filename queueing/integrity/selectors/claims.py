"""Claims on a NIK as their readers see them. Nothing here writes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Applicant, User
from paspor.kernel.codes import normalized
from queueing.booking import selectors as bookings
from queueing.booking.models import Booking, Place
from queueing.booking.selectors import BookingView
from queueing.integrity import errors
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.policies import claims as policies
from queueing.integrity.rules import claims as rules


def claims_of(account: User) -> QuerySet[IdentityClaim]:
    rows = IdentityClaim.objects.filter(account=account)
    return rows.select_related("applicant", "booking").order_by("-created_at", "-pk")


def claim_of(account: User, code: str) -> IdentityClaim:
    """Raises ClaimUnknown, also where it is somebody else's."""
    claim = claims_of(account).filter(code=normalized(code)).first()
    if claim is None:
        raise errors.ClaimUnknown
    return claim


def open_claim_on(account: User, person_id: int) -> IdentityClaim | None:
    """The account's claim on this person that nobody has decided yet."""
    return claims_of(account).filter(person=person_id, state__in=IdentityClaim.OPEN).first()


def open_claims_of(account: User) -> QuerySet[IdentityClaim]:
    """Those that wait for an answer or for the KTP, the newest first."""
    return claims_of(account).filter(state__in=IdentityClaim.OPEN)


def open_until(claim: IdentityClaim, *, now: datetime) -> datetime | None:
    """When it ends by itself; None once it has been settled."""
    if claim.state not in IdentityClaim.OPEN:
        return None
    return rules.open_until(claim.created_at, days=policies.CLAIM_OPEN_DAYS.at(now=now))


def won_by(claim: IdentityClaim, *, now: datetime) -> BookingView | None:
    """The visit that the claim gave its owner, as it is now."""
    if claim.booking_id is None:
        return None
    return bookings.view(bookings.booking_by_id(claim.booking_id), now=now)


def held_until(claim: IdentityClaim, *, now: datetime) -> datetime | None:
    """Until when the place that was won is to be booked; None where nothing is held."""
    until = claim.booking.held_until if claim.booking else None
    return until if until is not None and until > now else None


def claim_at_counter(code: str) -> IdentityClaim:
    """For officers of any office: the claimant chooses where to show the KTP."""
    rows = IdentityClaim.objects.select_related("applicant", "account")
    claim = rows.filter(code=normalized(code)).first()
    if claim is None:
        raise errors.ClaimUnknown
    return claim


def claimable(account: User, applicants: Iterable[Applicant]) -> list[Applicant]:
    """Those whose NIK somebody else's live place stands on."""
    people = list(applicants)
    taken = set(
        Place.objects.filter(live_person__in=[one.person_id for one in people])
        .exclude(booking__account=account)
        .values_list("live_person_id", flat=True)
    )
    return [one for one in people if one.person_id in taken]


def is_proven(booking: Booking, person_id: int) -> bool:
    """Whether the account of this booking has won the person's NIK by a claim."""
    return IdentityClaim.objects.filter(
        account=booking.account_id, person=person_id, state=IdentityClaim.State.ACCEPTED
    ).exists()


def counts(account: User, person_id: int, *, now: datetime) -> tuple[int, int]:
    """How many claims the account, and anybody on this person, made in the window."""
    since = now - timedelta(days=policies.CLAIM_WINDOW_DAYS.at(now=now))
    lately = IdentityClaim.objects.filter(created_at__gt=since)
    return lately.filter(account=account).count(), lately.filter(person=person_id).count()


def lost_disputes(accounts: Iterable[User]) -> QuerySet[IdentityClaim]:
    """What these accounts lost; ``is_same_family`` tells a quarrel from a theft."""
    return IdentityClaim.objects.filter(
        loser__in=list(accounts), state=IdentityClaim.State.ACCEPTED
    ).order_by("settled_at")
