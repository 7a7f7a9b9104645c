"""Saying anew what somebody comes for: the hour and the seat stay."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from queueing.booking import documents, errors, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.errands import Errand
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events, places

CHANGED = events.Why("errand")


@transaction.atomic
def change(
    *, account: User, code: str, told: Mapping[str, Errand], actor: Actor, now: datetime
) -> BookingRead:
    """Errands by the codes of their applicants, who are booked; those told the same stay.

    Locks the booking.
    """
    booking = places.lock_booking(code, account=account)
    known = {place.applicant.code: place for place in places.places_of(booking)}
    rules.check_known(list(told), known)
    rules.check_states({known[one].state for one in told}, [Place.State.BOOKED])
    rules.check_time_to_change(starts_at=booking.slot.starts_at, now=now)
    for number, (one, errand) in enumerate(told.items()):
        _check(errand, known[one], person=number)
    fresh = [known[one] for one, errand in told.items() if Errand.of(known[one]) != errand]
    for place in fresh:
        errand = told[place.applicant.code]
        place.kind, place.old_passport = errand.kind, errand.old_passport
        place.parents = errand.parents
    Place.objects.bulk_update(fresh, ["kind", "old_passport", "parents"])
    if fresh:
        events.record(booking, Place.State.BOOKED, actor=actor, places=fresh, why=CHANGED)
    return selectors.booking_by_id(booking.pk)


def _check(errand: Errand, place: Place, *, person: int) -> None:
    if errand.kind not in Place.Kind.values:
        raise errors.KindUnknown
    is_child = documents.is_child(place.applicant.birth_date, place.booking.slot.day)
    rules.check_errand(errand, is_child=is_child, person=person)
