"""One booking with all that a view of it needs, by questions whose SQL is written once."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import IdentityCheck
from offices import selectors as offices
from paspor.kernel import prepared
from paspor.kernel.prepared import Prepared
from queueing.booking.models import Booking, Place


def bookings() -> QuerySet[Booking]:
    """Without their places. ``came_from`` is the code of the booking that its people moved
    from, or None; ``beside_code`` that of the family's other hour, or None.
    """
    before = Place.objects.filter(moved_to__booking=OuterRef("pk")).order_by("pk")
    return (
        Booking.objects.select_related("slot__office", "account")
        .annotate(came_from=Subquery(before.values("booking__code")[:1]))
        .annotate(beside_code=F("beside__code"))
        .annotate(**offices.told_of_day("slot__office", "slot__day"))
    )


def places() -> QuerySet[Place]:
    """Without what is known of their persons' identity."""
    return Place.objects.select_related("applicant__person", "moved_to__booking").order_by("pk")


def of_account(account_id: int, code: str) -> Booking | None:
    return _with_places(_OF_ACCOUNT.first(account_id, code))


def with_code(code: str) -> Booking | None:
    return _with_places(_WITH_CODE.first(code))


def with_id(booking_id: int) -> Booking | None:
    return _with_places(_WITH_ID.first(booking_id))


def _with_places(booking: Booking | None) -> Booking | None:
    if booking is None:
        return None
    its_places = _PLACES(booking.pk)
    checks = _CHECKS(*(place.person_id for place in its_places)) if its_places else []
    for place in its_places:
        place.booking = booking
        person = place.applicant.person
        known = [check for check in checks if check.person_id == person.pk]
        prepared.keep(person, "identity_checks", known)
    prepared.keep(booking, "places", its_places)
    return booking


def _checks_of(*persons: int) -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.filter(person__in=persons)


_OF_ACCOUNT: Prepared[Booking] = Prepared(
    lambda account, code: bookings().filter(account=account, code=code)
)
_WITH_CODE: Prepared[Booking] = Prepared(lambda code: bookings().filter(code=code))
_WITH_ID: Prepared[Booking] = Prepared(lambda booking: bookings().filter(pk=booking))
_PLACES: Prepared[Place] = Prepared(lambda booking: places().filter(booking=booking))
_CHECKS: Prepared[IdentityCheck] = Prepared(_checks_of)
