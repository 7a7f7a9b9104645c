"""Tying a paper ticket to an account. Making and checking tickets is queueing.booking.tickets."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.services import applicants
from queueing.booking import errors, rules, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import events, places


@transaction.atomic
def claim_ticket(*, account: User, code: str, birth_date: date, now: datetime) -> Booking:
    """Give a visit that was booked at a counter to this account; the booking.

    Code and birth date of one of its people are asked together, and a wrong pair says
    nothing more than TicketUnknown; so does a ticket that an account holds already. Its
    people count towards the account's limit, and become people of the account, so that
    its export, its list of readings and its erasure hold them. Locks the account, its
    applicants, the people of the booking, then the booking. The people only of a ticket
    that no account holds: two who claim each other's would wait for each other's lists.
    """
    places.lock_mailbox(account)
    known = applicants.hold_applicants_of(account)
    places.lock_people(places.with_code(code).filter(account=None))
    try:
        booking = places.lock_booking(code)
    except errors.BookingUnknown:
        raise errors.TicketUnknown from None
    people = places.places_of(booking)
    if booking.account_id is not None or all(
        place.applicant.birth_date != birth_date for place in people
    ):
        raise errors.TicketUnknown
    rules.check_states({place.state for place in people} & set(Place.LIVE), Place.LIVE)
    coming = [place for place in people if place.is_live]
    places.check_room(booking, account, len(coming), now=now)
    booking.account = account
    booking.save(update_fields=["account"])
    for place in people:
        place.applicant = applicants.give_to_account(
            account=account,
            applicant=place.applicant,
            known=known.get(place.person_id),
            now=now,
        )
    Place.objects.bulk_update(people, ["applicant"])
    events.record(booking, "CLAIMED", actor=Actor.citizen(account))
    return selectors.booking_by_id(booking.pk)
