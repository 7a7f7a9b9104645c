"""Tying a paper ticket to an account. Making and checking tickets is queueing.booking.tickets."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Applicant, User
from accounts.services import applicants
from paspor.kernel.errors import Busy
from queueing.booking import errors, replacements, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.reads import BookingRead
from queueing.booking.services import events, places


@transaction.atomic
def claim_ticket(*, account: User, code: str, birth_date: date, now: datetime) -> BookingRead:
    """Give a visit that was booked at a counter to this account; the booking.

    Where an office has closed it, the visit that stands instead is handed over, and the closed
    ones with it. Code and birth date of one of its people are asked together, and a wrong pair
    says nothing more than TicketUnknown; so does a ticket that another account holds. Whoever
    has claimed it already gets it as it is. Its people count towards the account's limit, and
    become people of the account, so that its export, its list of readings and its erasure hold
    them. Locks the account, its applicants, the people of the bookings, then the bookings. The
    people only of a ticket that no account holds: two who claim each other's would wait for
    each other's lists.
    """
    places.lock_mailbox(account)
    if mine := _already_of(account, code, birth_date):
        return mine
    known = applicants.hold_applicants_of(account)
    tickets = _lock_tickets(code)
    standing = tickets[-1]
    people = places.places_of(standing)
    if all(place.applicant.birth_date != birth_date for place in people):
        raise errors.TicketUnknown
    if not any(place.is_live or place.first_right_until for place in people):
        raise errors.WrongState
    coming = [place for place in people if place.is_live]
    places.check_room(standing, account, len(coming), now=now)
    given: dict[int, Applicant] = {}
    for booking in tickets:
        _give(booking, account, known, given, now=now)
    return selectors.booking_by_id(standing.pk)


def _already_of(account: User, code: str, birth_date: date) -> BookingRead | None:
    """The visit of a ticket that this account holds, or what stands instead of it."""
    held = Booking.objects.filter(account=account)
    known = places.with_code(code) & held.filter(places__applicant__birth_date=birth_date)
    mine = known.distinct().first()
    if mine is None:
        return None
    after = held.filter(pk__in=replacements.given_instead(mine.pk)[-1:]).first()
    return selectors.booking_by_id((after or mine).pk)


def _lock_tickets(code: str) -> list[Booking]:
    """The ticket of this code and those given instead of it, locked; the last one stands.

    Raises TicketUnknown, and Busy where a closing has just led further.
    """
    booking_ids = list(places.with_code(code).values_list("pk", flat=True))
    if not booking_ids:
        raise errors.TicketUnknown
    booking_ids += replacements.given_instead(booking_ids[0])
    places.lock_people(Booking.objects.filter(pk__in=booking_ids, account=None))
    tickets = {booking.pk: booking for booking in places.lock_all(booking_ids)}
    if replacements.given_instead(booking_ids[-1]):
        raise Busy
    if any(booking.account_id is not None for booking in tickets.values()):
        raise errors.TicketUnknown
    return [tickets[booking_id] for booking_id in booking_ids]


def _give(
    booking: Booking,
    account: User,
    known: dict[int, Applicant],
    given: dict[int, Applicant],
    *,
    now: datetime,
) -> None:
    """``known`` are the account's own people by person, ``given`` those handed over so far."""
    booking.account = account
    booking.save(update_fields=["account"])
    people = places.places_of(booking)
    for place in people:
        if place.applicant_id not in given:
            given[place.applicant_id] = applicants.give_to_account(
                account=account,
                applicant=place.applicant,
                known=known.get(place.person_id),
                now=now,
            )
        place.applicant = given[place.applicant_id]
    Place.objects.bulk_update(people, ["applicant"])
    events.record(booking, "CLAIMED", actor=Actor.citizen(account))
