"""Bookings as their readers see them. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
)

from accounts.models import User
from accounts.selectors import standing_of
from offices import selectors as offices
from offices.models import Office, PassportType
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.masking import mask_name
from queueing.booking import documents, errors, policies, rules, where, whole, words
from queueing.booking.errands import Errand
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Booking, Place
from queueing.booking.reads import AnyRead, BookingRead, PlannedPlace


def all_bookings() -> QuerySet[Booking]:
    """Three queries for any number of bookings; ``reads`` makes of them what a view needs."""
    places = whole.places().prefetch_related("applicant__person__identity_checks")
    return whole.bookings().prefetch_related(Prefetch("places", places))


def bookings_of(account: User) -> QuerySet[Booking]:
    """The account's bookings, newest first."""
    return all_bookings().filter(account=account).order_by("-created_at", "-pk")


def upcoming_first(bookings: QuerySet[Booking], *, now: datetime) -> QuerySet[Booking]:
    """Visits to come, the next one first; then the others, the latest first."""
    live = Place.objects.filter(booking=OuterRef("pk"), state__in=Place.LIVE)
    return bookings.annotate(
        comes_at=Case(
            When(Exists(live) & Q(slot__ends_at__gt=now), then=F("slot__starts_at")),
        )
    ).order_by(F("comes_at").asc(nulls_last=True), "-slot__starts_at", "-pk")


def reads(rows: Iterable[Booking]) -> list[BookingRead]:
    """Of rows of ``all_bookings``; without their history."""
    return [whole.read(row) for row in rows]


def booking_of(account: User, code: str) -> BookingRead:
    """Raises BookingUnknown, also where it is somebody else's."""
    booking = whole.of_account(account.pk, normalized(code))
    if booking is None:
        raise errors.BookingUnknown
    return booking


def has_booking(account: User, code: str) -> bool:
    return Booking.objects.filter(account=account, code=normalized(code)).exists()


def booking_by_code(code: str) -> BookingRead:
    """For officers and for our own processes; the caller checks who may see it."""
    booking = whole.with_code(normalized(code))
    if booking is None:
        raise errors.BookingUnknown
    return booking


def booking_by_id(booking_id: int) -> BookingRead:
    """For services that have just written it."""
    booking = whole.with_id(booking_id)
    if booking is None:
        raise Booking.DoesNotExist
    return booking


def relocated_on_paper(office: Office, day: date) -> QuerySet[Booking]:
    """Visits without an account whose day went to another place: nobody could write to them."""
    coming = Place.objects.filter(booking=OuterRef("pk"), state=Place.State.BOOKED)
    found = Booking.objects.filter(Exists(coming), slot__office=office, slot__day=day)
    found = found.filter(account=None, relocations__gt=0).select_related("slot__office")
    return found.order_by("slot__starts_at", "code")


def lookup(code: str, birth_date: date) -> BookingRead:
    """The booking of this code where one of its people was born on that day.

    For people who are not signed in. A wrong code and a wrong birth date get the same
    answer; the doors limit how often one may guess.
    """
    booking = (
        all_bookings()
        .filter(code=normalized(code), places__applicant__birth_date=birth_date)
        .first()
    )
    if booking is None:
        raise errors.TicketUnknown
    return whole.read(booking)


def visit_facts(booking: AnyRead) -> VisitFacts:
    """What letters and calendar files say of it."""
    return VisitFacts.of_read(booking)


CLOSED = Place.State.CLOSED_BY_OFFICE


@dataclass(frozen=True)
class PlaceView:
    """One person's part. Labels are lazy: they follow the reader's language.

    ``identity`` is of accounts.rules.Identity, ``differing`` the fields that do not match.
    """

    applicant_code: str
    name: str
    # Masked, as paspor.kernel.masking shows it.
    nik: str
    state: str
    state_label: str
    kind: str
    passport_type: str
    old_passport: str
    parents: str
    entitlement: str
    identity: str
    differing: tuple[str, ...]
    is_live: bool
    # Under 17 on the day of the visit; false where the birth date is not known.
    is_under_age: bool
    may_cancel: bool
    may_move: bool
    moved_to_code: str
    first_right_until: datetime | None
    # Why it ended: a code, where there is one to tell.
    reason: str

    @property
    def passport_type_label(self) -> str:
        return str(PassportType(self.passport_type).label)

    @property
    def entitlement_label(self) -> str:
        return str(Place.Entitlement(self.entitlement).label) if self.entitlement else ""

    @property
    def documents(self) -> tuple[str, ...]:
        """The originals to bring."""
        return documents.for_errand(Errand.of(self), is_child=self.is_under_age)

    @property
    def may_change_errand(self) -> bool:
        return self.may_cancel and self.state == Place.State.BOOKED

    @property
    def is_child(self) -> bool:
        return self.is_under_age and not Errand.of(self).is_married


@dataclass(frozen=True)
class BookingView:
    """One visit with its derived state and what may still be done, as of one moment.

    ``starts_at``, ``ends_at`` and the deadlines are aware, in the office's own zone.
    ``move_until`` and ``cancel_until`` are the first moments that are too late;
    ``move_last`` is the minute to tell people (23.59). ``moves_left`` is None where
    there is no limit because the fault is ours.
    """

    code: str
    code_grouped: str
    state: str
    state_label: str
    channel: str
    channel_label: str
    office: Office
    slot_code: str
    day: date
    starts_at: datetime
    ends_at: datetime
    zone_name: str
    # Where it takes place if not at the office, and what the public is told of that day.
    place: str
    note: str
    held_until: datetime | None
    created_at: datetime
    is_paper: bool
    no_fault: bool
    is_relocated: bool
    places: tuple[PlaceView, ...]
    may_confirm: bool
    may_cancel: bool
    may_move: bool
    # That it might be moved, were the account not suspended.
    move_suspended: bool
    has_ticket: bool
    moves_left: int | None
    move_until: datetime
    move_last: datetime
    cancel_until: datetime
    moved_from_code: str
    moved_to_code: str
    # Of a family in two neighbouring hours: its other booking.
    beside_code: str

    @property
    def has_calendar(self) -> bool:
        """Whether a calendar is to be told: that it comes, or that it is off."""
        return self.has_ticket or self.state in rules.CALLED_OFF

    @property
    def may_change_errand(self) -> bool:
        """Whether what anybody comes for may still be changed."""
        return any(place.may_change_errand for place in self.places)

    @property
    def ended_apart(self) -> bool:
        """Nobody is left, and what became of its people differs."""
        return rules.ended_apart({place.state for place in self.places})

    @property
    def live_places(self) -> tuple[PlaceView, ...]:
        return tuple(place for place in self.places if place.is_live)


@dataclass(frozen=True)
class Terms:
    """What may be done with a booking at this moment, for each of its places alike."""

    state: str
    day: date
    cancellable: bool
    movable: bool
    suspended: bool
    moves_left: int | None
    move_until: datetime

    @classmethod
    def of(cls, read: AnyRead, *, now: datetime) -> "Terms":
        booking, slot = read.booking, read.slot
        office = slot.office
        until = rules.moves_until(
            day=slot.day, zone=office.zone, starts_at=slot.starts_at, no_fault=booking.moves_freely
        )
        allowed = policies.SELF_MOVES.at(now=now, scope=office.code)
        left = None if booking.moves_freely else max(0, allowed - booking.moves_used)
        state = rules.state_of(
            {place.state for place in read.places},
            held_until=booking.held_until,
            now=now,
        )
        # Asked only where the answer changes something.
        if state == Place.State.BOOKED and (left == 0 or now >= until):
            excused = offices.excused_until(office, slot.starts_at, slot.ends_at, now=now)
            left, until = (None, max(excused, until)) if excused else (left, until)
        return cls(
            state=state,
            day=slot.day,
            cancellable=now < slot.starts_at,
            movable=now < until and left != 0,
            suspended=booking.account is not None and booking.account.suspended_at is not None,
            moves_left=left,
            move_until=until.astimezone(office.zone),
        )


def view(read: AnyRead, *, now: datetime, masked: bool = False) -> BookingView:
    """``masked`` is for those who are not signed in."""
    booking, slot, office = read.booking, read.slot, read.slot.office
    terms = Terms.of(read, now=now)
    there = where.where_of(read)
    places = tuple(_place(place, terms) for place in read.places)
    shown = BookingView(
        code=booking.code,
        code_grouped=grouped(booking.code),
        state=terms.state,
        state_label=words.state(
            terms.state, {place.state for place in places}, [place.state_label for place in places]
        ),
        channel=booking.channel,
        channel_label=words.lane(booking),
        office=office,
        slot_code=slot.code,
        day=slot.day,
        starts_at=slot.starts_at.astimezone(office.zone),
        ends_at=slot.ends_at.astimezone(office.zone),
        zone_name=office.zone_name,
        place=there.place,
        note=there.note,
        held_until=booking.held_until.astimezone(office.zone)
        if booking.held_until and terms.state == Place.State.HELD
        else None,
        created_at=booking.created_at.astimezone(office.zone),
        is_paper=booking.account_id is None,
        no_fault=booking.no_fault,
        is_relocated=booking.relocations > 0,
        places=places,
        may_confirm=terms.state == Place.State.HELD,
        may_cancel=any(place.may_cancel for place in places),
        may_move=any(place.may_move for place in places),
        move_suspended=terms.suspended
        and terms.movable
        and any(place.state == Place.State.BOOKED for place in places),
        has_ticket=terms.state in (Place.State.BOOKED, Place.State.CHECKED_IN),
        moves_left=terms.moves_left,
        move_until=terms.move_until,
        move_last=terms.move_until - timedelta(minutes=1),
        cancel_until=slot.starts_at.astimezone(office.zone),
        moved_from_code=read.moved_from,
        moved_to_code=_moved_to(places),
        beside_code=read.beside,
    )
    return _for_strangers(shown) if masked else shown


def _for_strangers(shown: BookingView) -> BookingView:
    """The ticket alone: whoever has its code and a birth date may not act, and other
    visits, the codes of its people and what entitles them are not theirs to know.

    But for what an office gave instead of a visit that it closed: a paper ticket's people
    have no other way to learn of it.
    """
    places = tuple(
        replace(
            place,
            applicant_code="",
            name=mask_name(place.name),
            nik="",
            parents="",
            entitlement="",
            identity="",
            differing=(),
            may_cancel=False,
            may_move=False,
            moved_to_code=place.moved_to_code if place.state == CLOSED else "",
            reason="",
        )
        for place in shown.places
    )
    return replace(
        shown,
        places=places,
        may_confirm=False,
        may_cancel=False,
        may_move=False,
        move_suspended=False,
        moved_from_code="",
        moved_to_code=_moved_to(places),
        beside_code="",
    )


def _moved_to(places: Iterable[PlaceView]) -> str:
    return next((place.moved_to_code for place in places if place.moved_to_code), "")


def _place(place: Place | PlannedPlace, terms: Terms) -> PlaceView:
    applicant = place.applicant
    lapsed = terms.state == Place.State.EXPIRED and place.state == Place.State.HELD
    state = Place.State.EXPIRED if lapsed else Place.State(place.state)
    standing = standing_of(applicant)
    return PlaceView(
        applicant_code=applicant.code,
        name=applicant.name,
        nik=applicant.masked_nik,
        state=state.value,
        state_label=words.of_place(state, place.reason),
        kind=place.kind,
        passport_type=place.passport_type,
        old_passport=place.old_passport,
        parents=place.parents,
        entitlement=place.entitlement,
        identity=standing.identity.value,
        differing=standing.differing,
        is_live=state in Place.LIVE,
        is_under_age=documents.is_child(applicant.birth_date, terms.day),
        may_cancel=state in (Place.State.HELD, Place.State.BOOKED) and terms.cancellable,
        may_move=state == Place.State.BOOKED and terms.movable and not terms.suspended,
        moved_to_code=place.moved_to.booking.code if place.moved_to else "",
        first_right_until=place.first_right_until,
        reason=place.reason,
    )


def people_with_a_place(person_ids: Iterable[int]) -> set[int]:
    """Those of these persons who have a live place anywhere; the caller has locked them."""
    live = Place.objects.filter(live_person__in=list(person_ids))
    return set(live.values_list("person_id", flat=True))


def live_places_of(account: User) -> int:
    """Of all accounts whose addresses are one mailbox with this one's."""
    mailbox = User.objects.filter(pk=account.pk).values("mail_key")
    alike = Place.objects.filter(booking__account__mail_key__in=mailbox)
    return alike.filter(state__in=Place.LIVE).count()
