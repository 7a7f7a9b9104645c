from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Applicant, Message
from accounts.services import messages
from queueing.booking import errors, selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place, Referral
from queueing.booking.services import changing
from queueing.booking.services.holding import PlaceRequest
from queueing.quota.models import Slot
from tests.factories import IncidentFactory, OfficeFactory, SeatFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    another_hour,
    book,
    check_books,
    family,
    states,
    taken,
)

pytestmark = pytest.mark.django_db


def move(
    booking: Booking,
    people: list[Applicant],
    slot: Slot,
    *,
    codes: list[str] | None = None,
    now: datetime | None = None,
) -> Booking:
    account = account_of(people)
    return changing.reschedule(
        account=account,
        code=booking.code,
        slot_code=slot.code,
        actor=Actor.citizen(account),
        now=now or timezone.now(),
        applicant_codes=codes,
    ).booking


def refused(error: type[Exception], booking: Booking, *args: Any, **more: Any) -> None:
    """The old visit stands untouched."""
    with pytest.raises(error):
        move(booking, *args, **more)
    assert set(states(booking)) == {"BOOKED"}
    check_books()


def test_moving_makes_a_new_booking_and_frees_the_old_seats() -> None:
    slot, people = SlotFactory(capacity=2), family(2)
    later = another_day(slot)
    old = book(slot, people)

    new = move(old, people, later)

    assert new.code != old.code
    assert states(old) == ["MOVED"] * 2
    assert states(new) == ["BOOKED"] * 2
    assert new.moves_used == 1
    assert (taken(slot), taken(later)) == (0, 2)
    moved = Place.objects.filter(booking=old).values_list("moved_to__booking", flat=True)
    assert set(moved) == {new.pk}
    message = messages.laid_out(Message.objects.get(kind="moved"))
    assert new.code[:4] in message.text.splitlines()[0]
    check_books()


def test_kind_type_and_entitlement_go_along() -> None:
    people = family(1)
    slot = SlotFactory(capacity=1)
    old = book(slot, people)
    Place.objects.update(kind="LOST", passport_type="ELECTRONIC", entitlement="DISABLED")

    new = move(old, people, another_hour(slot))

    place = new.places.get()
    assert (place.kind, place.passport_type) == ("LOST", "ELECTRONIC")
    assert place.entitlement == "DISABLED"


def test_some_of_a_family_move_and_the_used_move_goes_with_them() -> None:
    slot, people = SlotFactory(capacity=3), family(3)
    later = another_hour(slot)
    old = book(slot, people)

    new = move(old, people, later, codes=[people[1].code])

    assert states(old) == ["BOOKED", "MOVED", "BOOKED"]
    assert [place.applicant for place in new.places.all()] == [people[1]]
    assert new.moves_used == 1
    old.refresh_from_db()
    assert old.moves_used == 0
    check_books()


def test_second_move_is_refused_unless_the_fault_is_ours() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    second, third = another_hour(slot), another_hour(slot, hours=2)
    new = move(book(slot, people), people, second)
    refused(errors.MoveUsed, new, people, third)

    Booking.objects.filter(pk=new.pk).update(no_fault=True)

    newest = move(new, people, third)
    assert newest.no_fault
    assert newest.moves_used == 1


@pytest.mark.parametrize(
    ("timezone_name", "midnight"),
    [
        ("Asia/Jakarta", datetime(2030, 1, 6, 17, tzinfo=UTC)),
        ("Asia/Makassar", datetime(2030, 1, 6, 16, tzinfo=UTC)),
        ("Asia/Jayapura", datetime(2030, 1, 6, 15, tzinfo=UTC)),
    ],
)
def test_moving_ends_at_midnight_of_the_office(timezone_name: str, midnight: datetime) -> None:
    office = OfficeFactory(timezone=timezone_name)
    slot = SlotFactory(release__office=office, capacity=2)
    later = another_day(slot)
    people, others = family(1), family(1)
    on_time, late = book(slot, people), book(slot, others)

    refused(errors.TooLateToMove, late, others, later, now=midnight)
    move(on_time, people, later, now=midnight - timedelta(seconds=1))


def test_full_target_leaves_the_old_visit_untouched() -> None:
    slot, people = SlotFactory(capacity=2), family(2)
    old = book(slot, people)
    refused(errors.SlotFull, old, people, another_hour(slot, capacity=1))


def test_the_same_hour_a_closed_and_an_unknown_one_are_refused() -> None:
    slot, people = SlotFactory(capacity=2), family(1)
    old = book(slot, people)
    closed = another_hour(slot, closed_at=timezone.now(), closed_why="banjir")
    refused(errors.SameSlot, old, people, slot)
    refused(errors.SlotClosed, old, people, closed)
    refused(errors.SlotUnknown, old, people, Slot(code="ABC"))


def test_a_hold_cannot_be_moved() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    old = book(slot, people, confirm=False)
    with pytest.raises(errors.WrongState):
        move(old, people, another_hour(slot))


def test_a_stranger_moves_nothing() -> None:
    slot = SlotFactory(capacity=1)
    old = book(slot, family(1))
    refused(errors.BookingUnknown, old, family(1), another_hour(slot))


def test_another_office_must_offer_the_passport_type() -> None:
    people = family(1)
    old = book(SlotFactory(capacity=1), people)
    elsewhere = SlotFactory(release__office__passport_types=["ELECTRONIC"], capacity=1)
    refused(errors.PassportTypeNotOffered, old, people, elsewhere)


def test_nobody_moves_into_an_ltsp_without_referral() -> None:
    people = family(1)
    old = book(SlotFactory(capacity=1), people)
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    refused(errors.ReferralNeeded, old, people, SlotFactory(release__office=office, capacity=1))


@pytest.mark.parametrize("stays", [True, False])
def test_referral_goes_along_within_the_ltsp_and_back_elsewhere(stays: bool) -> None:
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    slot, people = SlotFactory(release__office=office, capacity=1), family(1)
    Referral.objects.create(
        code="RUJUKAN234",
        office=office,
        issued_by=UserFactory(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    old = book(slot, people, referral_code="RUJUKAN234")

    new = move(old, people, another_hour(slot) if stays else SlotFactory(capacity=1))

    assert Referral.objects.get().booking == (new if stays else None)


def test_priority_is_kept_by_the_entitled_only() -> None:
    slot = SlotFactory(capacity=2)
    later = another_hour(slot, capacity=0)
    SeatFactory.create_batch(2, slot=later, channel="PRIORITY")
    people = family(2)
    old = book(slot, people)
    Booking.objects.update(channel="PRIORITY")
    Place.objects.filter(applicant=people[0]).update(entitlement="DISABLED")

    refused(errors.PriorityNeedsEntitlement, old, people, later, codes=[people[1].code])
    new = move(old, people, later)

    assert new.channel == "PRIORITY"
    check_books()


def test_someone_booked_at_the_counter_moves_into_an_online_seat() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    old = book(slot, people)
    Booking.objects.update(channel="COUNTER")

    assert move(old, people, another_hour(slot)).channel == "ONLINE"


def test_child_who_turns_five_meanwhile_is_not_moved_on_the_priority_lane() -> None:
    slot = SlotFactory(capacity=0)
    SeatFactory(slot=slot, channel="PRIORITY")
    people = family(1, birth_date=slot.day.replace(year=slot.day.year - 5) + timedelta(days=2))
    request = PlaceRequest(people[0].code, "NEW", "REGULAR", "UNDER_FIVE")
    old = book(slot, people, channel="PRIORITY", places=(request,))
    day_before, birthday = (another_day(slot, days=days, capacity=0) for days in (1, 2))
    for hour in (day_before, birthday):
        SeatFactory(slot=hour, channel="PRIORITY")

    refused(errors.EntitlementImplausible, old, people, birthday)

    assert move(old, people, day_before).slot == day_before


def test_moving_is_free_while_something_is_broken_and_also_after_the_hour() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    old = book(slot, people)
    Booking.objects.filter(pk=old.pk).update(moves_used=1)
    later = another_day(slot)
    refused(errors.MoveUsed, old, people, later)
    IncidentFactory(office=None)
    shown = selectors.view(selectors.booking_by_id(old.pk), now=slot.ends_at)

    new = move(old, people, later, now=slot.ends_at)

    assert (shown.may_move, shown.moves_left) == (True, None)
    assert (new.moves_used, new.no_fault) == (1, False)
