"""What every change of a booking does to its places and their seats.

Lock order: the booking, its seats by id, its places by person. Whoever changes a place
holds its booking first; whoever makes an ended place live again, the mailbox of its
account and then its people before that.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.postgres.functions import TransactionNow
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from psycopg.errors import LockNotAvailable

from accounts.models import Applicant, Person, User
from offices import selectors as offices
from paspor.kernel.codes import normalized
from paspor.kernel.database import violated
from paspor.kernel.errors import Busy
from paspor.kernel.prepared.django_insides import keep_prefetched
from paspor.kernel.prepared.reading import Prepared
from queueing.booking import errors, policies, selectors
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Booking, Place, Referral


def lock_booking(code: str, *, account: User | None = None) -> Booking:
    """The booking with its slot and office, locked; of ``account`` where one is given.

    Raises BookingUnknown. Not a plain FOR UPDATE: that would wait for the foreign keys
    of whoever is writing beside us.
    """
    code = normalized(code)
    return _existing(_LOCK.first(code) if account is None else _LOCK_OF.first(code, account.pk))


def lock_account_of(bookings: QuerySet[Booking]) -> User | None:
    """The account of this booking, its mailbox locked; None where an officer booked it.

    Call first of all. Whoever locks the booking afterwards finds there whose it is: a
    paper ticket may have been claimed meanwhile (``check_account``).
    """
    account = User.objects.filter(bookings__in=bookings).first()
    return None if account is None else lock_mailbox(account)


def lock_mailbox(account: User) -> User:
    """Hold every account whose address is one mailbox with this one's, by id.

    They share the count of live places, as queueing_book locks them to count.
    """
    alike = User.objects.filter(mail_key__in=User.objects.filter(pk=account.pk).values("mail_key"))
    locked = alike.order_by("pk").select_for_update(no_key=True)
    return next(row for row in locked if row.pk == account.pk)


def check_account(booking: Booking, account: User | None) -> None:
    """Raises Busy where the locked booking has become another account's."""
    if booking.account_id != (account.pk if account else None):
        raise Busy


def check_room(booking: Booking, account: User | None, people: int, *, now: datetime) -> None:
    """So many more live places, in the account whose mailbox is locked; or TooManyPlaces."""
    if account is None or not people:
        return
    most = policies.MAX_LIVE_PLACES.at(now=now, scope=booking.slot.office.code)
    if selectors.live_places_of(account) + people > most:
        raise errors.TooManyPlaces(most=most)


def lock_people(bookings: QuerySet[Booking]) -> None:
    """Hold the applicants and persons of these bookings, by id; call before lock_booking."""
    applicants = (
        Applicant.objects.filter(
            pk__in=Place.objects.filter(booking__in=bookings).values("applicant")
        )
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    person_ids = [applicant.person_id for applicant in applicants]
    list(Person.objects.filter(pk__in=person_ids).order_by("pk").select_for_update(no_key=True))


def _to_lock() -> QuerySet[Booking]:
    rows = Booking.objects.select_related("slot__office").annotate(
        **offices.told_of_day("slot__office", "slot__day")
    )
    return rows.select_for_update(no_key=True, of=("self",))


_LOCK: Prepared[Booking] = Prepared(lambda code: _to_lock().filter(code=code))
_LOCK_OF: Prepared[Booking] = Prepared(
    lambda code, account: _to_lock().filter(code=code, account=account)
)
_LOCK_ID: Prepared[Booking] = Prepared(lambda booking: _to_lock().filter(pk=booking))
_LOCK_ALL: Prepared[Booking] = Prepared(lambda *ids: _to_lock().filter(pk__in=ids).order_by("pk"))
_PLACES: Prepared[Place] = Prepared(
    lambda booking: (
        Place.objects.select_related("applicant")
        .filter(booking=booking)
        .order_by("person_id", "pk")
    )
)


def with_code(code: str) -> QuerySet[Booking]:
    return Booking.objects.filter(code=normalized(code))


def lock_booking_by_id(booking_id: int) -> Booking:
    return _existing(_LOCK_ID.first(booking_id))


def lock_all(booking_ids: Collection[int]) -> list[Booking]:
    """These bookings with their slots and offices, locked, in order of id."""
    return _LOCK_ALL(*booking_ids) if booking_ids else []


def _existing(booking: Booking | None) -> Booking:
    if booking is None:
        raise errors.BookingUnknown
    return booking


def places_of(booking: Booking) -> list[Place]:
    """All places of a locked booking, by person; it keeps them as its own."""
    places = _PLACES(booking.pk)
    for place in places:
        place.booking = booking
    keep_prefetched(booking, "places", places)
    return places


def visit_facts(booking: Booking, people: Sequence[Place]) -> VisitFacts:
    """What letters say of a booking that was locked here, with its places as they are now."""
    return VisitFacts.of(booking, people, offices.place_read(booking))


def chosen(
    places: Sequence[Place], applicant_codes: Collection[str] | None, among: Collection[str]
) -> list[Place]:
    """The places of these applicants; without codes, all that are in a state of ``among``.

    Raises ApplicantUnknown for a code that is not in the booking.
    """
    if applicant_codes is None:
        return [place for place in places if place.state in among]
    known = {place.applicant.code for place in places}
    if not set(applicant_codes) <= known:
        raise errors.ApplicantUnknown
    return [place for place in places if place.applicant.code in set(applicant_codes)]


def lock_seats(places: Sequence[Place]) -> None:
    """Hold the seats of these places, by id, before waiting for any other seat."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM queueing_seat WHERE id = ANY (%s) ORDER BY id FOR UPDATE",
            [[place.seat_id for place in places]],
        )


def free_seats(places: Sequence[Place], *, minutes: int) -> None:
    """Give the seats back, late and at random; those of a closed slot stay withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_free_seats(%s, %s)", [[place.seat_id for place in places], minutes]
        )


def claim_seats(slot_id: int, channel: str, count: int, *, ahead: bool) -> list[int]:
    """All ``count`` seats of the slot, or SlotFull; Busy where a lock is not to be had.

    ``ahead`` also takes seats that nobody sees yet. Call inside an atomic block that the
    refusal leaves: a lock that timed out has broken the transaction.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT queueing_claim_seats("
                "p_slot => %s, p_channel => %s, p_count => %s, p_ahead => %s)",
                [slot_id, channel, count, ahead],
            )
            (seats,) = cursor.fetchone()
    except OperationalError as problem:
        if isinstance(problem.__cause__, LockNotAvailable):
            raise Busy from problem
        raise
    if not seats:
        raise errors.SlotFull
    return seats


def draft(
    booking: Booking, applicant: Applicant, seat_id: int, state: Place.State, **wanted: str
) -> Place:
    """A place that is still to be saved; in a live state it holds its person and its seat."""
    is_live = state in Place.LIVE
    return Place(
        booking=booking,
        applicant=applicant,
        person_id=applicant.person_id,
        live_person_id=applicant.person_id if is_live else None,
        seat_id=seat_id,
        live_seat_id=seat_id if is_live else None,
        state=state,
        **wanted,
    )


def copy_for(booking: Booking, old: Place, seat_id: int) -> Place:
    """The same person with the same errand, booked in another visit; still to be saved."""
    wanted = {name: getattr(old, name) for name in Place.WANTED}
    place = draft(booking, old.applicant, seat_id, Place.State.BOOKED, **wanted)
    place.booked_at = TransactionNow()
    return place


# In SQL for the sake of RETURNING.
END_PLACES = """
UPDATE queueing_place SET state = %s, reason = %s, live_person_id = NULL, live_seat_id = NULL,
    ended_at = statement_timestamp()
WHERE id = ANY (%s)
RETURNING ended_at
"""


def end(places: Sequence[Place], state: Place.State, *, reason: str = "") -> None:
    """End these places for good: neither person nor seat is held by them any longer."""
    with connection.cursor() as cursor:
        cursor.execute(END_PLACES, [str(state), reason, [place.pk for place in places]])
        ended_at = next((at for (at,) in cursor.fetchall()), None)
    for place in places:
        place.state, place.reason, place.ended_at = state, reason, ended_at
        place.live_person = place.live_seat = None


def revive(places: Sequence[Place], state: Place.State) -> None:
    """Put these places into a live state again, on the seats that they have kept.

    Raises AlreadyBooked where one of these people has another place by now.
    """
    arrived_at = F("checked_in_at") if state == Place.State.CHECKED_IN else None
    try:
        with transaction.atomic():
            Place.objects.filter(pk__in=[place.pk for place in places]).update(
                state=state,
                live_person=F("person"),
                live_seat=F("seat"),
                ended_at=None,
                reason="",
                booked_at=Coalesce("booked_at", TransactionNow()),
                checked_in_at=arrived_at,
            )
    except IntegrityError as problem:
        if not violated(problem, "place_one_live_per_person"):
            raise
        raise errors.AlreadyBooked from problem


def after_ending(booking: Booking) -> None:
    """Where nobody is left: no hold to run out, and the referral may be used again."""
    if any(place.is_live for place in booking.places.all()):
        return
    if booking.held_until is not None:
        booking.held_until = None
        booking.save(update_fields=["held_until"])
    Referral.objects.filter(booking=booking).update(booking=None, used_at=None)
