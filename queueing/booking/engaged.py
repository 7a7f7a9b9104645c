"""Who of some people has an appointment already, of which one person may have one. Reads."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import Applicant, User
from queueing.booking.models import Place


def engaged(
    people: Iterable[Applicant], account: User, *, now: datetime
) -> dict[str, Place | None]:
    """By the applicant's code their place with its hour and office, where this account has
    booked it; None where somebody else has, of which no more is told (errors.AlreadyBooked).

    A hold that has run out stands in nobody's way: the next claim ends it.
    """
    by_person = {person.person_id: person.code for person in people}
    lapsed = Q(state=Place.State.HELD, booking__held_until__lte=now)
    standing = Place.objects.filter(live_person__in=by_person).exclude(lapsed)
    return {
        by_person[place.live_person_id]: place if place.booking.account_id == account.pk else None
        for place in standing.select_related("booking__slot__office")
    }
