"""From a booking to the civil registry and back: asking, and following what it says.

docs/identity.md tells the whole way. A citizen's request never waits for the registry.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import selectors as people
from accounts.models import Applicant, IdentityCheck, Person
from accounts.services import identity as checks
from paspor.kernel import broker
from paspor.kernel.errors import Busy
from paspor.kernel.prepared.writing import Addition
from queueing.booking import selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places
from queueing.integrity import errors, notices
from queueing.integrity.services import voiding

CARRY = "integrity.carry_checks"
NOT_FOUND = "identity_not_found"
# A place that moves away while its booking is waited for is followed so often.
TRIES = 5


def with_places(applicants: Sequence[Applicant], *, now: datetime) -> list[Addition]:
    """The questions about these people, to be written with their places.

    Raises NikNotFound for people whose NIK the registry did not know lately.
    """
    _refuse_unknown(applicants, now=now)
    return [checks.asking(applicants=applicants, then=_hint, now=now)]


def ask_about(*, booking: Booking, now: datetime) -> None:
    """Ask about the people of a booking that an officer made, KTP in hand: nobody is refused."""
    applicants = [place.applicant for place in booking.places.all()]
    checks.asking(applicants=applicants, then=_hint, now=now).write()


def _hint(asked: list[int]) -> None:
    broker.hint(CARRY, asked)


def _refuse_unknown(applicants: Sequence[Applicant], *, now: datetime) -> None:
    """Sure, because the claim looks under the people's lock whether more is known by then."""
    unknown = [one.name for one in applicants if people.is_not_found(one, now=now)]
    if unknown:
        raise errors.NikNotFound(names=", ".join(unknown))


@transaction.atomic
def follow(*, check: IdentityCheck, answer: checks.Answer, now: datetime) -> None:
    """Write an answer together with what follows from it; nothing where the claim is lost.

    Locks the person, then the booking of their live place and its seat. A difference is
    a matter for the counter; only a NIK that is not found costs the place.
    """
    Person.objects.select_for_update(no_key=True).get(pk=check.person_id)
    settled = checks.settle(check=check, answer=answer, now=now)
    if settled is None or settled.outcome != IdentityCheck.Outcome.NOT_FOUND:
        return
    place = lock_live_place(check.person_id)
    if place is not None and _is_to_go(place, now=now):
        _give_up(place, settled, now=now)


def lock_live_place(person_id: int) -> Place | None:
    """The live place of a locked person, its booking locked; None where there is none.

    A move does not lock its people, so the place may be in another booking by the time
    this one is ours: then that one is looked at.
    """
    for _time in range(TRIES):
        place = Place.objects.filter(live_person=person_id).first()
        if place is None:
            return None
        booking = places.lock_booking_by_id(place.booking_id)
        for found in places.places_of(booking):
            if found.pk == place.pk and found.is_live:
                return found
    raise Busy


def _is_to_go(place: Place, *, now: datetime) -> bool:
    """Not who has arrived, nor whom an officer booked or saw with a KTP."""
    if place.state not in voiding.VOIDABLE or place.booking.made_by_id is not None:
        return False
    return people.is_not_found(place.applicant, now=now)


def _give_up(place: Place, check: IdentityCheck, *, now: datetime) -> None:
    booking = place.booking
    voiding.void(
        booking,
        [place],
        why=events.Why(NOT_FOUND),
        actor=Actor.system(),
        now=now,
        detail={"check": check.pk},
    )
    notices.nik_not_found(selectors.booking_by_id(booking.pk), place, now=now)
