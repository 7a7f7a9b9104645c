from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import GuardianNeeded
from accounts.models import Applicant, Message, User
from accounts.services.people import find_or_make_person
from offices.errors import ReasonNeeded
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking import errors
from queueing.booking.models import Booking, BookingEvent
from queueing.booking.services import referrals
from queueing.booking.services.for_someone import (
    CounterWish,
    approval_request,
    book_for,
    cancel_for,
)
from queueing.quota.models import Slot
from tests.asking import columns
from tests.factories import (
    ApplicantFactory,
    ApprovalFactory,
    IncidentFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
    invented_nik,
)
from tests.queueing.booking.counter_wishes import BIRTH, person, wish
from tests.queueing.booking.visits import book, check_books, live, states, taken
from tests.reasons import WHY

pytestmark = pytest.mark.django_db


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "is_child"), [("Asia/Jakarta", True), ("Asia/Jayapura", False)])
def test_a_child_is_one_by_the_offices_day(zone: str, is_child: bool) -> None:
    """23.30 in Jakarta, on the eve of a 17th birthday; in Jayapura the day has come."""
    now = datetime(2030, 1, 7, 16, 30, tzinfo=UTC)
    slot = SlotFactory(release__office__timezone=zone, starts_at=now + timedelta(hours=9))
    SeatFactory(slot=slot, channel="COUNTER")
    officer = OfficerPostFactory(office=slot.office).user
    asked = wish(person(birth_date=date(2013, 1, 8)), slot_code=slot.code)

    if is_child:
        with pytest.raises(GuardianNeeded):
            at_counter(officer, slot, asked, now=now)
    else:
        at_counter(officer, slot, asked, now=now)


@pytest.fixture
def slot(db: None) -> Slot:
    slot = SlotFactory(capacity=2)
    SeatFactory.create_batch(6, slot=slot, channel="COUNTER")
    SeatFactory.create_batch(2, slot=slot, channel="PRIORITY")
    return slot


@pytest.fixture
def officer(slot: Slot) -> User:
    return OfficerPostFactory(office=slot.office).user


def at_counter(officer: User, slot: Slot, asked: CounterWish, **more: Any) -> Any:
    fields: dict[str, Any] = {"office": slot.office, "now": timezone.now()} | more
    return book_for(officer=officer, wish=asked, **fields)


def grant(act: Act, slot: Slot, officer: User, asked: CounterWish) -> None:
    ApprovalFactory(
        **columns(approval_request(slot.office, asked, now=timezone.now())) | {"act": act},
        asked_by=officer,
        state="GRANTED",
        second=UserFactory(),
        decided_at=timezone.now(),
    )


def test_family_at_the_counter_is_booked_without_an_account(slot: Slot, officer: User) -> None:
    asked = wish(person(0), person(1), slot_code=slot.code, note="Ibu menunggu di loket 2.")

    booking = at_counter(officer, slot, asked)

    assert states(booking) == ["BOOKED"] * 2
    assert (booking.account, booking.made_by, booking.channel) == (None, officer, "COUNTER")
    assert {place.applicant.account for place in booking.places.all()} == {None}
    assert not Message.objects.exists()
    audit = AuditEvent.objects.get(act="book_for")
    assert (audit.actor_id, audit.stream, audit.reason) == (
        officer.pk,
        slot.office.code,
        "no_device",
    )
    assert "Ibu" not in str(audit.detail)
    event = BookingEvent.objects.first()
    assert event is not None
    assert (event.actor_kind, event.reason) == ("OFFICER", "no_device")
    check_books()


def test_today_means_the_first_hour_with_room(officer: User, slot: Slot) -> None:
    now = timezone.now()
    began = SlotFactory(release=slot.release, starts_at=now - timedelta(minutes=10))
    later = SlotFactory(release=slot.release, starts_at=now + timedelta(minutes=50))
    tomorrow = SlotFactory(release=slot.release, starts_at=now + timedelta(days=1))
    today = slot.office.today(now)
    Slot.objects.filter(pk__in=[began.pk, later.pk]).update(day=today)
    for hour in (began, later, tomorrow):
        SeatFactory(slot=hour, channel="COUNTER")

    assert at_counter(officer, slot, wish(person(0))).slot == began
    assert at_counter(officer, slot, wish(person(1))).slot == later
    with pytest.raises(errors.SlotFull):
        at_counter(officer, slot, wish(person(2)))
    # Nobody can book it online any more: it would be lost.
    SeatFactory(slot=later, channel="ONLINE")
    assert at_counter(officer, slot, wish(person(2))).channel == "ONLINE"


def test_a_family_comes_in_the_hour_that_serves_now_with_what_is_left_of_it(
    officer: User, slot: Slot
) -> None:
    """Not hours later, because the counter's own seats of this one are for fewer."""
    now = timezone.now()
    began = SlotFactory(release=slot.release, starts_at=now - timedelta(minutes=10))
    later = SlotFactory(release=slot.release, starts_at=now + timedelta(minutes=50))
    Slot.objects.filter(pk__in=[began.pk, later.pk]).update(day=slot.office.today(now))
    SeatFactory(slot=began, channel="COUNTER")
    SeatFactory.create_batch(2, slot=began, channel="ONLINE")
    SeatFactory.create_batch(2, slot=later, channel="COUNTER")

    family = at_counter(officer, slot, wish(person(0), person(1)))

    assert (family.slot, family.channel) == (began, "ONLINE")
    assert at_counter(officer, slot, wish(person(2))).slot == began
    assert at_counter(officer, slot, wish(person(3))).slot == later


def test_a_seat_that_can_still_be_booked_online_is_not_the_counters(
    officer: User, slot: Slot
) -> None:
    now = timezone.now()
    later = SlotFactory(release=slot.release, starts_at=now + timedelta(minutes=70))
    Slot.objects.filter(pk=later.pk).update(day=slot.office.today(now))
    SeatFactory(slot=later, channel="ONLINE")
    with pytest.raises(errors.SlotFull):
        at_counter(officer, slot, wish())

    IncidentFactory(office=slot.office, opens_walk_in=True)
    assert at_counter(officer, slot, wish()).channel == "ONLINE"


def test_today_without_hours_is_closed(officer: User, slot: Slot) -> None:
    with pytest.raises(errors.SlotClosed):
        at_counter(officer, slot, wish())


def test_hour_that_is_over_takes_nobody(officer: User, slot: Slot) -> None:
    ended = timezone.now() - timedelta(minutes=61)
    over = SlotFactory(release=slot.release, starts_at=ended)
    SeatFactory(slot=over, channel="COUNTER")
    with pytest.raises(errors.TooLateToBook):
        at_counter(officer, slot, wish(slot_code=over.code))


def test_person_who_is_booked_online_is_refused_and_nothing_is_left(
    officer: User, slot: Slot
) -> None:
    known = ApplicantFactory(person=find_or_make_person(invented_nik(0, BIRTH)))
    book(slot, [known])

    with pytest.raises(errors.AlreadyBooked):
        at_counter(officer, slot, wish(person(1), person(0), slot_code=slot.code))

    assert live() == 1
    assert Applicant.objects.filter(account=None).count() == 0
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (errors.ReasonNeeded, {"reason": " "}),
        (errors.ReasonNeeded, {"reason": "urgent", "note": " "}),
        (errors.ReasonNeeded, {"reason": "Pak Budi dari lantai dua"}),
        (errors.ChannelNotOffered, {"channel": "ONLINE"}),
        (errors.SamePersonTwice, {"people": (person(0), person(0))}),
        (errors.GroupSize, {"people": ()}),
        (errors.SlotUnknown, {"slot_code": "NONE"}),
        (errors.PassportTypeNotOffered, {"people": (person(passport_type="POLYCARBONATE"),)}),
    ],
)
def test_bad_wish_is_refused(
    officer: User, slot: Slot, error: type[Exception], change: dict[str, Any]
) -> None:
    with pytest.raises(error):
        at_counter(officer, slot, wish(**{"slot_code": slot.code} | change))
    assert taken(slot) == 0


def test_officers_of_another_office_and_planners_may_not(slot: Slot, officer: User) -> None:
    planner = OfficerPostFactory(office=slot.office, role="PLANNER").user
    stranger = OfficerPostFactory().user
    for someone in (planner, stranger):
        with pytest.raises(NotAllowed):
            at_counter(someone, slot, wish(slot_code=slot.code))
    elsewhere = SlotFactory()
    with pytest.raises(errors.WrongOffice):
        at_counter(officer, slot, wish(slot_code=elsewhere.code))


def test_from_five_people_on_a_second_officer_agrees(slot: Slot, officer: User) -> None:
    four = wish(*map(person, range(4)), slot_code=slot.code)
    assert len(states(at_counter(officer, slot, four))) == 4
    SeatFactory.create_batch(5, slot=slot, channel="COUNTER")
    five = wish(*(person(n % 8, nik=invented_nik(n, BIRTH)) for n in range(4, 9)))
    five = wish(*five.people, reason="walk_in", slot_code=slot.code)
    with pytest.raises(NeedsApproval):
        at_counter(officer, slot, five)

    grant(Act.BOOK_FOR, slot, officer, five)

    assert len(states(at_counter(officer, slot, five))) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"people": tuple(person(0, nik=invented_nik(n, BIRTH)) for n in range(5, 10))},
        {"people": tuple(person(n, entitlement="DISABLED") for n in range(5))},
        {"channel": "PRIORITY"},
        {"has_proof": True},
        {"slot_code": ""},
    ],
)
def test_approval_is_for_these_people_and_this_wish_alone(
    slot: Slot, officer: User, change: dict[str, Any]
) -> None:
    SeatFactory.create_batch(5, slot=slot, channel="PRIORITY")
    five = wish(*map(person, range(5)), slot_code=slot.code)
    grant(Act.BOOK_FOR, slot, officer, five)
    now = timezone.now()
    other = replace(five, **change)

    assert approval_request(slot.office, other, now=now) != approval_request(
        slot.office, five, now=now
    )
    with pytest.raises((NeedsApproval, errors.SlotClosed)):
        at_counter(officer, slot, other)


def test_approval_stays_whoever_is_typed_first_and_with_spaces(slot: Slot) -> None:
    people = [person(n) for n in range(5)]
    spaced = replace(people[0], nik=f"{people[0].nik[:6]} {people[0].nik[6:]}", name="Lain")
    now = timezone.now()

    assert approval_request(slot.office, wish(*people), now=now) == approval_request(
        slot.office, wish(*people[1:], spaced), now=now
    )


def test_second_officer_reads_what_is_asked_and_nobodys_number(slot: Slot) -> None:
    people = [person(n) for n in range(5)]
    asked = wish(*people, slot_code=slot.code)
    subject = approval_request(slot.office, asked, now=timezone.now()).subject

    assert subject.startswith(f"{slot.office.code}:{slot.day}:{slot.code}:COUNTER:5:")
    assert all(one.nik not in subject for one in people)


def test_priority_needs_proof_or_a_second_officer(slot: Slot, officer: User) -> None:
    entitled = person(entitlement="DISABLED")
    proven = wish(entitled, channel="PRIORITY", slot_code=slot.code, has_proof=True)
    unproven = wish(person(1, entitlement="DISABLED"), channel="PRIORITY", slot_code=slot.code)

    assert at_counter(officer, slot, proven).channel == "PRIORITY"
    with pytest.raises(NeedsApproval):
        at_counter(officer, slot, unproven)
    grant(Act.PRIORITY_UNPROVEN, slot, officer, unproven)
    assert at_counter(officer, slot, unproven).channel == "PRIORITY"


def test_priority_needs_somebody_entitled(slot: Slot, officer: User) -> None:
    asked = wish(channel="PRIORITY", slot_code=slot.code, has_proof=True)
    with pytest.raises(errors.PriorityNeedsEntitlement):
        at_counter(officer, slot, asked)


def test_ltsp_officer_issues_a_code_that_is_counted() -> None:
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    officer = OfficerPostFactory(office=office).user
    now = datetime.now(tz=office.zone)

    referral = referrals.issue(officer=officer, office=office, why=WHY, now=now)

    assert len(referral.code) == 10
    assert referral.expires_at - now == timedelta(days=30)
    audit = AuditEvent.objects.get(act="issue_referral")
    assert audit.stream == office.code
    assert referral.code not in audit.subject


def test_other_offices_issue_no_referrals() -> None:
    post = OfficerPostFactory()
    with pytest.raises(errors.WrongOffice):
        referrals.issue(officer=post.user, office=post.office, why=WHY, now=timezone.now())
    with pytest.raises(NotAllowed):
        referrals.issue(officer=UserFactory(), office=post.office, why=WHY, now=timezone.now())


OWN_WISH = Why("own_wish", "Datang ke loket, batal berangkat")


def give_up(officer: User, slot: Slot, booking: Booking, **fields: Any) -> Booking:
    defaults: dict[str, Any] = {
        "office": slot.office,
        "why": OWN_WISH,
        "applicant_codes": None,
        "now": timezone.now(),
    }
    return cancel_for(officer=officer, code=booking.code, **defaults | fields)


def test_a_paper_ticket_is_given_up_where_it_was_made(officer: User, slot: Slot) -> None:
    booking = at_counter(officer, slot, wish(person(0), person(1), slot_code=slot.code))
    first = booking.places.order_by("pk").first()

    give_up(officer, slot, booking, applicant_codes=[first.applicant.code])

    assert states(booking) == ["CANCELLED", "BOOKED"]
    check_books()
    log = AuditEvent.objects.get(act="cancel_for")
    assert (log.actor_id, log.reason, log.detail) == (officer.pk, "own_wish", {"people": 1})
    # The person is free again.
    at_counter(officer, slot, wish(person(0), slot_code=slot.code))


@pytest.mark.parametrize("why", [Why("own_wish", " "), Why("sesuatu", "kata"), Why()])
def test_giving_up_needs_a_reason_and_words(officer: User, slot: Slot, why: Why) -> None:
    booking = at_counter(officer, slot, wish(slot_code=slot.code))
    with pytest.raises(ReasonNeeded):
        give_up(officer, slot, booking, why=why)
    assert states(booking) == ["BOOKED"]


def test_no_officer_takes_a_place_of_an_account(officer: User, slot: Slot) -> None:
    citizen = PlaceFactory(booking__slot=slot, state="BOOKED").booking
    with pytest.raises(errors.OfAnAccount):
        give_up(officer, slot, citizen)
    assert states(citizen) == ["BOOKED"]


def test_another_office_gives_up_nothing(officer: User, slot: Slot) -> None:
    booking = at_counter(officer, slot, wish(slot_code=slot.code))
    other = OfficeFactory()
    stranger = OfficerPostFactory(office=other).user
    with pytest.raises(errors.WrongOffice):
        give_up(stranger, slot, booking, office=other)
    with pytest.raises(NotAllowed):
        give_up(stranger, slot, booking)


def test_five_at_once_take_two_officers(officer: User, slot: Slot) -> None:
    five = wish(*map(person, range(5)), slot_code=slot.code)
    grant(Act.BOOK_FOR, slot, officer, five)
    booking = at_counter(officer, slot, five)
    with pytest.raises(NeedsApproval):
        give_up(officer, slot, booking)
    assert states(booking) == ["BOOKED"] * 5


def test_what_has_begun_is_not_given_up(officer: User, slot: Slot) -> None:
    booking = at_counter(officer, slot, wish(slot_code=slot.code))
    with pytest.raises(errors.TooLateToCancel):
        give_up(officer, slot, booking, now=slot.starts_at)
