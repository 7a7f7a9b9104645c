from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Message
from offices.models import Approval
from paspor.kernel.errors import Busy, NeedsApproval, NotAllowed
from queueing.booking import errors
from queueing.booking import first_right_selectors as rights
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place, Referral
from queueing.booking.services import changing, closing, confirming, first_rights, moving
from queueing.quota.models import WITHDRAWN, Channel, Seat, Slot
from queueing.quota.services.closing import approval_request
from tests.asking import columns
from tests.factories import (
    ApprovalFactory,
    OfficeFactory,
    OfficerPostFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.booking.closing_days import BANJIR, close, follow_up, opening, planner_of
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    another_hour,
    book,
    check_books,
    family,
    lapse,
    live,
    states,
    taken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(db: None) -> Slot:
    return SlotFactory(capacity=5)


def test_family_gets_an_alternative_that_is_booked() -> None:
    slot, people = SlotFactory(capacity=3), family(3)
    next_day = another_day(slot)
    old = book(slot, people)

    assert close(slot) == closing.Closing(moved=1)

    new = follow_up(old)
    assert new.slot == next_day
    assert states(old) == ["CLOSED_BY_OFFICE"] * 3
    assert states(new) == ["BOOKED"] * 3
    assert (new.no_fault, new.moves_used, new.account) == (True, 0, account_of(people))
    assert set(Seat.objects.filter(slot=slot).values_list("visible_at", flat=True)) == {WITHDRAWN}
    message = Message.objects.get(kind="closed_with_alternative")
    assert "Banjir" in message.text
    assert message.attachments
    events = BookingEvent.objects.filter(what="CLOSED_BY_OFFICE")
    assert {event.actor_kind for event in events} == {"OFFICER"}
    check_books()


def test_requests_to_close_what_is_closed_by_now_end() -> None:
    slot = SlotFactory(capacity=1)
    since = another_hour(slot, hours=2).hour
    standing = {"state": "ASKED", "expires_at": timezone.now() + timedelta(hours=1)}
    whole, _part = (
        ApprovalFactory(
            **columns(approval_request(slot.office, slot.day, from_hour, BANJIR)), **standing
        )
        for from_hour in (None, since)
    )
    elsewhen = slot.day + timedelta(days=1)
    other = ApprovalFactory(
        **columns(approval_request(slot.office, elsewhen, None, BANJIR)), **standing
    )

    def standing_now() -> set[str]:
        rows = Approval.objects.filter(expires_at__gt=timezone.now(), state="ASKED")
        return set(rows.values_list("code", flat=True))

    officer = planner_of(slot)
    closing.close_day(
        office=slot.office,
        day=slot.day,
        since=since,
        why=BANJIR,
        officer=officer,
        now=timezone.now(),
    )
    assert standing_now() == {whole.code, other.code}

    closing.close_day(
        office=slot.office, day=slot.day, why=BANJIR, officer=officer, now=timezone.now()
    )
    assert standing_now() == {other.code}


def test_alternative_may_be_moved_freely_and_cancelled() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    another_day(slot)
    old = book(slot, people)
    Booking.objects.update(moves_used=1)
    close(slot)
    account, new = account_of(people), follow_up(old)

    for days in (2, 3):
        new = changing.reschedule(
            account=account,
            code=new.code,
            slot_code=another_day(slot, days=days).code,
            actor=Actor.citizen(account),
            now=timezone.now(),
        ).booking

    assert new.moves_used == 1
    changing.cancel(
        account=account, code=new.code, actor=Actor.citizen(account), now=timezone.now()
    )
    check_books()


def test_nearest_day_wins_and_on_it_the_nearest_hour() -> None:
    slot = SlotFactory(capacity=1)
    another_day(slot, days=2)
    next_day = another_day(slot, capacity=0)
    same_hour_but_late = another_hour(next_day, hours=2)
    nearest = another_hour(next_day, hours=1)
    old = book(slot, family(1))

    close(slot)

    assert follow_up(old).slot == nearest
    assert taken(same_hour_but_late) == 0


def test_family_is_never_torn_apart() -> None:
    slot = SlotFactory(capacity=3)
    another_day(slot, capacity=2)
    whole = another_day(slot, days=2, capacity=3)
    old = book(slot, family(3))

    close(slot)

    assert follow_up(old).slot == whole


@pytest.mark.parametrize("barred", ["closed", "invisible", "another office", "too far", "earlier"])
def test_hour_that_nobody_could_book_is_no_alternative(barred: str) -> None:
    slot = SlotFactory(capacity=1)
    later = {"visible_at": timezone.now() + timedelta(minutes=5)}
    if barred == "closed":
        another_day(slot, closed_at=timezone.now(), closed_why="libur")
    if barred == "invisible":
        another_day(slot, **{f"capacity__{name}": value for name, value in later.items()})
    if barred == "another office":
        SlotFactory(starts_at=slot.starts_at + timedelta(days=1), capacity=1)
    if barred == "too far":
        another_day(slot, days=31)
    if barred == "earlier":
        another_day(slot, days=-1)
    old = book(slot, family(1))

    close(slot)

    place = old.places.get()
    assert (place.state, place.moved_to) == ("CLOSED_BY_OFFICE", None)
    assert place.first_right_until is not None


def test_priority_family_may_get_an_online_hour_on_the_nearest_day() -> None:
    slot = SlotFactory(capacity=1)
    another_day(slot)
    old = book(slot, family(1))
    Booking.objects.update(channel=Channel.PRIORITY)

    close(slot)

    assert follow_up(old).channel == Channel.ONLINE


def test_holds_end_without_alternative_and_arrivals_stay_with_the_desk() -> None:
    slot = SlotFactory(capacity=2)
    another_day(slot)
    held = book(slot, family(1), confirm=False)
    arrived = book(slot, family(1))
    Place.objects.filter(booking=arrived).update(state=Place.State.CHECKED_IN)

    close(slot)

    assert states(held) == ["CLOSED_BY_OFFICE"]
    assert states(arrived) == ["CHECKED_IN"]
    held.refresh_from_db()
    assert held.held_until is None
    assert taken(slot) == 1


@pytest.mark.parametrize("lapsed", [False, True])
def test_who_was_still_choosing_is_told_that_the_hold_has_ended(lapsed: bool) -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    held = book(slot, people, confirm=False)
    if lapsed:
        lapse(held)

    close(slot)

    assert states(held) == ["CLOSED_BY_OFFICE"]
    told = Message.objects.filter(kind="closed_while_held")
    assert told.count() == (not lapsed)
    for message in told:
        assert message.to == account_of(people).email
        assert "Banjir" in message.text
        assert not message.attachments
    with pytest.raises(errors.SlotClosed):
        confirming.confirm(account=account_of(people), code=held.code, now=timezone.now())


def test_people_without_an_account_are_given_another_day_too() -> None:
    slot = SlotFactory(capacity=1)
    another_day(slot)
    old = book(slot, family(1))
    Booking.objects.update(account=None, made_by=UserFactory())
    Message.objects.all().delete()

    close(slot)

    assert states(follow_up(old)) == ["BOOKED"]
    assert not Message.objects.exists()


def test_only_the_offices_planner_closes_and_with_a_second_officers_yes() -> None:
    slot = SlotFactory(capacity=1)
    booking = book(slot, family(1))
    stranger = OfficerPostFactory(role="PLANNER").user
    request: dict[str, Any] = {"office": slot.office, "day": slot.day, "why": BANJIR}

    with pytest.raises(NotAllowed):
        closing.close_day(**request, officer=stranger, now=timezone.now())
    with pytest.raises(NeedsApproval):
        closing.close_day(**request, officer=planner_of(slot), now=timezone.now())

    assert states(booking) == ["BOOKED"]


def test_closing_that_was_cut_off_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = SlotFactory(capacity=3)
    another_day(slot)
    bookings = [book(slot, family(1)) for _n in range(3)]
    with monkeypatch.context() as cut:
        cut.setattr(closing, "AT_ONCE", 1)
        assert close(slot) == closing.Closing(moved=1, left=2)
    assert live() == 3
    assert [states(booking) for booking in bookings].count(["BOOKED"]) == 2

    assert closing.follow_closures(timezone.now()) == 2
    assert closing.follow_closures(timezone.now()) == 0

    assert {follow_up(booking).slot.day for booking in bookings} == {slot.day + timedelta(days=1)}
    assert Message.objects.filter(kind="closed_with_alternative").count() == 3
    check_books()


def test_closing_again_by_hand_goes_on_too(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = SlotFactory(capacity=2)
    another_day(slot)
    bookings = [book(slot, family(1)) for _n in range(2)]
    officer = planner_of(slot)
    with monkeypatch.context() as cut:
        cut.setattr(closing, "AT_ONCE", 1)
        close(slot, officer)

    close(slot, officer)

    assert [states(booking) for booking in bookings] == [["CLOSED_BY_OFFICE"]] * 2
    check_books()


def test_busy_alternatives_are_tried_again_and_never_become_a_first_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = SlotFactory(capacity=1)
    another_day(slot)
    booking = book(slot, family(1))

    def busy(*_args: Any, **_fields: Any) -> None:
        raise Busy

    with monkeypatch.context() as window:
        window.setattr(moving, "move", busy)
        assert close(slot) == closing.Closing(left=1)
    assert states(booking) == ["BOOKED"]

    assert closing.follow_closures(timezone.now()) == 1
    assert states(follow_up(booking)) == ["BOOKED"]


def test_referral_goes_along_to_the_alternative() -> None:
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    slot = SlotFactory(release__office=office, capacity=1)
    another_day(slot)
    Referral.objects.create(
        code="RUJUKAN234",
        office=office,
        issued_by=UserFactory(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    old = book(slot, family(1), referral_code="RUJUKAN234")

    close(slot)

    assert Referral.objects.get().booking == follow_up(old)


def test_who_was_left_without_a_place_is_served_before_the_opening(slot: Slot) -> None:
    people = family(2)
    old = book(slot, people)
    close(slot)
    assert live() == 0
    coming = opening(slot)
    citizen = family(1)
    with pytest.raises(errors.NotOpenYet):
        book(coming, citizen)

    assert first_rights.serve_all(timezone.now()) == 1
    assert first_rights.serve_all(timezone.now()) == 0

    new = follow_up(old)
    assert new.slot == coming
    assert states(new) == ["BOOKED"] * 2
    assert new.no_fault
    assert not Place.objects.filter(first_right_until__isnull=False).exists()
    assert Message.objects.filter(kind="first_right_served").count() == 1
    check_books()


def test_longest_waiting_is_served_first(slot: Slot) -> None:
    second, first = book(slot, family(1)), book(slot, family(1))
    close(slot)
    Place.objects.filter(booking=first).update(ended_at=timezone.now() - timedelta(days=1))
    coming = opening(slot, capacity=1)

    assert first_rights.serve_first_rights(release=coming.release, now=timezone.now()) == 1

    assert first.places.get().moved_to is not None
    assert second.places.get().moved_to is None
    check_books()


def test_who_has_found_a_place_meanwhile_is_passed_over(slot: Slot) -> None:
    people = family(2)
    old = book(slot, people)
    close(slot)
    elsewhere = book(SlotFactory(capacity=1), [people[0]])
    opening(slot)

    first_rights.serve_all(timezone.now())

    moved = {place.applicant: place.moved_to for place in Place.objects.filter(booking=old)}
    assert moved[people[0]] is None
    assert moved[people[1]] is not None
    assert states(elsewhere) == ["BOOKED"]
    check_books()


def test_first_right_ends_on_its_day_and_at_its_office(slot: Slot) -> None:
    book(slot, family(1))
    close(slot)
    strange = opening(SlotFactory(capacity=0))
    coming = opening(slot)
    now = timezone.now()

    assert first_rights.serve_first_rights(release=strange.release, now=now) == 0
    late = now + timedelta(days=60)
    assert first_rights.serve_first_rights(release=coming.release, now=late) == 0
    awaited = rights.releases_awaited(now=now)
    assert coming.release in awaited
    assert strange.release not in awaited
    assert not rights.releases_awaited(now=late).exists()


def test_withdrawn_seats_serve_no_first_right(slot: Slot) -> None:
    book(slot, family(1))
    close(slot)
    coming = opening(slot, capacity=0)
    SeatFactory(slot=coming, visible_at=WITHDRAWN)

    assert first_rights.serve_all(timezone.now()) == 0
