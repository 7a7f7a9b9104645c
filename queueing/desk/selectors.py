"""What the counter sees: today's people, and one booking with what may be done now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import selectors as accounts
from accounts.models import Applicant, User
from accounts.rules import tidy_number
from accounts.selectors import Standing, standing_of
from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from paspor.kernel import policy
from paspor.kernel.codes import grouped, normalized
from queueing.booking import errors as booking_errors
from queueing.booking import rules as booking_rules
from queueing.booking import tickets, words
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.desk import policies, rules

# Shown at the counter: holds are nobody's visit yet, and who moved away comes another day.
SHOWN = (
    Place.State.BOOKED,
    Place.State.CHECKED_IN,
    Place.State.SERVED,
    Place.State.NO_SHOW,
    Place.State.TURNED_AWAY,
)
# Of one search; whoever has a common name gives the code.
MOST_ELSEWHERE = 20
# Which act of the desk a place's state allows, and who may do it.
ACTS: tuple[tuple[Act, tuple[str, ...]], ...] = (
    (Act.CHECK_IN, rules.CHECK_IN_FROM),
    (Act.SERVE, rules.SERVE_FROM),
    (Act.TURN_AWAY, rules.TURN_AWAY_FROM),
    (Act.NO_SHOW, rules.NO_SHOW_FROM),
    (Act.UNDO, tuple(rules.UNDONE)),
)


@dataclass(frozen=True)
class Guest:
    """One person of today. ``acts`` are the acts that their state and the hour allow now.

    ``comes_from`` is the moment from which they may be received, where it is still to come.
    ``says_coming``: not here yet, and answered the reminder that they will come. The words are
    found when they are asked for: a long day is counted whole, and shown in part.
    """

    place: Place
    is_late: bool
    says_coming: bool
    # Only the end of the day ended it.
    is_unended: bool
    comes_from: datetime | None
    acts: tuple[Act, ...]
    # What they come for may still be put right.
    may_correct: bool = False

    @property
    def applicant_code(self) -> str:
        return self.place.applicant.code

    @property
    def booking_code(self) -> str:
        return self.place.booking.code

    @property
    def code_grouped(self) -> str:
        return grouped(self.booking_code)

    @property
    def name(self) -> str:
        return self.place.applicant.name

    @property
    def nik(self) -> str:
        return self.place.applicant.masked_nik

    @property
    def kind(self) -> str:
        return words.errand(self.place)

    @property
    def is_examined(self) -> bool:
        """The passport is looked into before anything else."""
        return words.is_examined(self.place)

    @property
    def bring(self) -> tuple[str, ...]:
        """The originals, for queueing.booking.documents.with_sources."""
        return words.papers(self.place)

    @property
    def passport_type(self) -> str:
        return self.place.get_passport_type_display()

    @property
    def entitlement(self) -> str:
        return self.place.get_entitlement_display() if self.place.entitlement else ""

    @property
    def channel(self) -> str:
        return words.lane(self.place.booking)

    @property
    def state(self) -> str:
        return self.place.state

    @property
    def state_label(self) -> str:
        return words.of_place(self.place.state, self.place.reason)

    def came_since(self, moment: datetime) -> bool:
        return self.place.checked_in_at is not None and self.place.checked_in_at >= moment

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self.place.applicant.warnings)

    @property
    def identity(self) -> Standing:
        return standing_of(self.place.applicant)


@dataclass(frozen=True)
class HourOfGuests:
    """The people of one hour; times are aware, in the office's zone."""

    starts_at: datetime
    ends_at: datetime
    guests: tuple[Guest, ...]


@dataclass(frozen=True)
class DayOfGuests:
    office: Office
    day: date
    hours: tuple[HourOfGuests, ...] = field(default=())

    def count(self, *states: str) -> int:
        return sum(guest.state in states for hour in self.hours for guest in hour.guests)

    @property
    def says_coming(self) -> int:
        return sum(guest.says_coming for hour in self.hours for guest in hour.guests)

    @property
    def unended(self) -> int:
        return sum(guest.is_unended for hour in self.hours for guest in hour.guests)


def day_of(office: Office, day: date, *, now: datetime, text: str = "") -> DayOfGuests:
    """The people of one day by hour, narrowed by a name or a code; three queries at most."""
    moment = Moment.at(office, now)
    places = _places(office, day)
    if text.strip():
        places = places.filter(named(text))
    hours = tuple(
        HourOfGuests(
            starts_at=slot.starts_at.astimezone(office.zone),
            ends_at=slot.ends_at.astimezone(office.zone),
            guests=tuple(_guest(place, moment) for place in people),
        )
        for slot, people in groupby(places, key=lambda place: place.booking.slot)
    )
    return DayOfGuests(office, day, hours)


def on_other_days(office: Office, day: date, *, now: datetime, text: str) -> list[Booking]:
    """Visits still to come at this office on other days, by a name or a code; MOST_ELSEWHERE."""
    if not text.strip():
        return []
    coming = Booking.objects.filter(slot__office=office, slot__ends_at__gt=now).exclude(
        slot__day=day
    )
    booked = Place.objects.filter(
        named(text), booking=OuterRef("pk"), state__in=(Place.State.BOOKED, Place.State.CHECKED_IN)
    )
    found = coming.filter(Exists(booked)).order_by("slot__starts_at", "code")
    return list(
        found.select_related("slot__office").prefetch_related("places__applicant")[:MOST_ELSEWHERE]
    )


def named(text: str) -> Q:
    """All words of a name in any order, a booking code, or the last four digits of a NIK."""
    named = Q()
    for word in text.split():
        named &= Q(applicant__name__icontains=word)
    return named | Q(booking__code=normalized(text)) | Q(applicant__nik_last4=text.strip())


def _places(office: Office, day: date) -> QuerySet[Place]:
    found = Place.objects.filter(
        booking__slot__office=office, booking__slot__day=day, state__in=SHOWN
    )
    return _as_guests(found).order_by(
        "booking__slot__starts_at", "booking__slot", "booking__code", "applicant__name"
    )


def _as_guests(places: QuerySet[Place]) -> QuerySet[Place]:
    """With all that a Guest is made of."""
    answers = BookingEvent.objects.filter(
        booking_id=OuterRef("booking_id"), place_id=OuterRef("pk"), reason=booking_rules.COMING
    )
    return (
        places.annotate(answered=Exists(answers))
        .select_related("applicant__person", "booking__slot__office")
        .prefetch_related("applicant__person__identity_checks")
    )


@dataclass(frozen=True)
class Moment:
    """Now, at one office: its date there, and how early it receives people."""

    now: datetime
    today: date
    early: timedelta

    @classmethod
    def at(cls, office: Office, now: datetime) -> "Moment":
        early = policy.minutes(policies.CHECK_IN_EARLY_MINUTES, now=now, scope=office.code)
        return cls(now, office.today(now), early)


def _guest(place: Place, moment: Moment) -> Guest:
    slot = place.booking.slot
    opens_at = slot.starts_at - moment.early
    waits = place.state == Place.State.BOOKED and slot.day == moment.today
    return Guest(
        place=place,
        is_late=waits and moment.now >= slot.ends_at,
        says_coming=place.state == Place.State.BOOKED and place.answered,
        is_unended=place.reason == booking_rules.NOT_ENDED,
        comes_from=opens_at if waits and moment.now < opens_at else None,
        acts=acts_now(place, moment),
        may_correct=booking_rules.may_be_corrected(
            state=place.state, day=slot.day, today=moment.today
        ),
    )


def acts_now(place: Place, moment: Moment) -> tuple[Act, ...]:
    """What the desk may do with this place at this moment, in the order of a visit."""
    slot = place.booking.slot
    if slot.day != moment.today:
        return ()
    now = moment.now
    not_yet = set()
    if now < slot.starts_at - moment.early:
        not_yet.add(Act.CHECK_IN)
    if not rules.may_mark_no_show(ends_at=slot.ends_at, now=now):
        not_yet.add(Act.NO_SHOW)
    return tuple(act for act, states in ACTS if place.state in states and act not in not_yet)


def ticket_scanned(text: str) -> tickets.Ticket:
    """What a scanned ticket says; also one read while Caps Lock was on.

    A ticket whose signature does not hold is refused, whatever code it claims.
    """
    try:
        return tickets.verify(text.strip())
    except booking_errors.TicketInvalid:
        return tickets.verify(text.strip().swapcase())


def code_scanned(text: str) -> str:
    """The booking code in a scanned ticket, or typed by hand."""
    if "." in text:
        return ticket_scanned(text).code
    code = normalized(text)
    if not code:
        raise booking_errors.BookingUnknown
    return code


def booking_at(office: Office, code: str) -> Booking:
    """A booking of this office, for its counter; raises BookingUnknown for any other."""
    booking = (
        Booking.objects.filter(code=normalized(code), slot__office=office)
        .select_related("slot__office")
        .first()
    )
    if booking is None:
        raise booking_errors.BookingUnknown
    return booking


def live_visits_of(office: Office, niks: Iterable[str]) -> list[Booking]:
    """The live visits at this office of the people with these NIKs."""
    persons = [accounts.person_with_nik(tidy_number(nik)) for nik in niks]
    live = Place.objects.filter(
        live_person__in=[person for person in persons if person], booking__slot__office=office
    )
    found = Booking.objects.filter(pk__in=live.values("booking")).order_by("pk")
    return list(found.select_related("slot__office").prefetch_related("places__applicant"))


def ended_places(booking: Booking) -> list[Place]:
    """The people of a visit who have no place in it any more."""
    over = booking.places.exclude(state__in=Place.LIVE).select_related("applicant")
    return list(over.order_by("applicant__name"))


def guests_of(booking: Booking, *, now: datetime) -> list[Guest]:
    """Everyone in the booking, whatever became of them."""
    moment = Moment.at(booking.slot.office, now)
    places = _as_guests(booking.places.order_by("applicant__name"))
    return [_guest(place, moment) for place in places]


def names_of(booking: Booking, applicant_codes: Collection[str]) -> list[str]:
    """These people of a booking by name."""
    chosen = booking.places.filter(applicant__code__in=applicant_codes)
    return list(chosen.order_by("applicant__name").values_list("applicant__name", flat=True))


def leaving(booking: Booking) -> list[tuple[str, str]]:
    """Code and name of those in the booking whose place can be given up."""
    places = booking.places.filter(state=Place.State.BOOKED).select_related("applicant")
    return [
        (place.applicant.code, place.applicant.name) for place in places.order_by("applicant__name")
    ]


def may_cancel_for(officer: User, booking: Booking, office: Office, now: datetime) -> bool:
    """Whether the counter may give up this visit for its people: a paper ticket, not begun."""
    return (
        booking.account_id is None
        and now < booking.slot.starts_at
        and booking.places.filter(state=Place.State.BOOKED).exists()
        and offices.may(officer, Act.CANCEL_FOR, office, now)
    )


def applicant_at(office: Office, code: str, applicant_code: str) -> Applicant:
    """One of the people of a booking of this office; raises BookingUnknown for any other."""
    return place_at(office, code, applicant_code).applicant


def place_at(office: Office, code: str, applicant_code: str) -> Place:
    """The place of one of them."""
    place = (
        Place.objects.filter(
            booking__code=normalized(code),
            booking__slot__office=office,
            applicant__code=applicant_code,
        )
        .select_related("applicant", "booking__slot__office")
        .first()
    )
    if place is None:
        raise booking_errors.BookingUnknown
    return place
