from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Applicant, Message, User
from paspor.kernel.origin import Origin
from queueing.booking import errors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, BookingOrigin, Referral
from queueing.booking.services import claiming, confirming, holding
from queueing.quota.models import Seat, Slot
from tests.factories import ApplicantFactory, OfficeFactory, SeatFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import (
    account_of,
    book,
    check_books,
    family,
    lapse,
    live,
    row_of,
    states,
    taken,
    wish,
)

pytestmark = pytest.mark.django_db


def refused(error: type[Exception], slot: Slot, people: list[Applicant], **more: Any) -> None:
    """Booking this is refused and changes nothing."""
    seats, places = taken(slot), live()
    with pytest.raises(error):
        book(slot, people, **more)
    assert (taken(slot), live()) == (seats, places)


def test_family_is_held_together() -> None:
    slot, people = SlotFactory(capacity=3), family(3)

    booking = book(slot, people, confirm=False)

    assert states(booking) == ["HELD"] * 3
    assert taken(slot) == 3
    assert booking.held_until is not None
    assert timedelta(minutes=9) < booking.held_until - timezone.now() < timedelta(minutes=11)
    assert not Message.objects.exists()
    check_books()


def test_hold_and_confirm_in_one_call_writes_the_mail() -> None:
    slot, people = SlotFactory(capacity=1), family(1)

    booking = book(slot, people)

    assert states(booking) == ["BOOKED"]
    assert booking.held_until is None
    message = Message.objects.get()
    assert message.dedup_key == f"booking:{booking.code}:booked"
    assert message.to == account_of(people).email
    check_books()


def test_confirming_books_what_is_held_and_may_be_repeated() -> None:
    people = family(2)
    booking = book(SlotFactory(capacity=2), people, confirm=False)

    for _again in range(2):
        booking = confirming.confirm(
            account=account_of(people), code=booking.code, now=timezone.now()
        ).booking

    assert states(booking) == ["BOOKED"] * 2
    assert Message.objects.count() == 1
    assert BookingEvent.objects.filter(what="BOOKED").count() == 2
    check_books()


def test_code_may_be_typed_with_dash_and_small_letters() -> None:
    people = family(1)
    booking = book(SlotFactory(capacity=1), people, confirm=False)
    typed = f"{booking.code[:4]}-{booking.code[4:]}".lower()

    confirmed = confirming.confirm(
        account=account_of(people), code=typed, now=timezone.now()
    ).booking

    assert confirmed.code == booking.code


def test_lapsed_hold_is_refused_and_left_to_the_sweep() -> None:
    people = family(1)
    slot = SlotFactory(capacity=1)
    booking = book(slot, people, confirm=False)
    lapse(booking)

    for _again in range(2):
        with pytest.raises(errors.HoldLapsed):
            confirming.confirm(account=account_of(people), code=booking.code, now=timezone.now())
        assert states(booking) == ["HELD"]

    assert holding.expire_lapsed(timezone.now()) == 1
    assert taken(slot) == 0
    with pytest.raises(errors.HoldLapsed):
        confirming.confirm(account=account_of(people), code=booking.code, now=timezone.now())
    check_books()


def test_hold_in_a_day_that_was_closed_is_not_confirmed() -> None:
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people, confirm=False)
    _closed(slot)

    with pytest.raises(errors.SlotClosed):
        confirming.confirm(account=account_of(people), code=booking.code, now=timezone.now())

    assert states(booking) == ["HELD"]
    assert not Message.objects.exists()


def test_another_accounts_hold_is_unknown() -> None:
    booking = book(SlotFactory(capacity=1), family(1), confirm=False)
    with pytest.raises(errors.BookingUnknown):
        confirming.confirm(account=UserFactory(), code=booking.code, now=timezone.now())


def test_sweeper_ends_lapsed_holds_only_and_seats_return_late() -> None:
    slot = SlotFactory(capacity=4)
    lapsed = [book(slot, family(1), confirm=False) for _n in range(2)]
    running = book(slot, family(1), confirm=False)
    for booking in lapsed:
        lapse(booking)

    assert holding.expire_lapsed(timezone.now()) == 2
    assert holding.expire_lapsed(timezone.now()) == 0

    assert [states(booking) for booking in lapsed] == [["EXPIRED"], ["EXPIRED"]]
    assert states(running) == ["HELD"]
    now = timezone.now()
    freed = Seat.objects.filter(slot=slot, taken=False, visible_at__gt=now)
    assert freed.count() == 2
    assert all(
        timedelta(seconds=50) < seat.visible_at - now < timedelta(minutes=11) for seat in freed
    )
    check_books()


def test_new_claim_ends_lapsed_holds_of_its_own_people_first() -> None:
    slot, people = SlotFactory(capacity=2), family(1)
    first = book(slot, people, confirm=False)
    lapse(first)

    second = book(slot, people)

    assert states(first) == ["EXPIRED"]
    assert states(second) == ["BOOKED"]
    check_books()


def test_person_booked_by_another_account_is_refused_without_details() -> None:
    slot, people = SlotFactory(capacity=3), family(1)
    elsewhere = SlotFactory(capacity=1)
    twin = ApplicantFactory(person=people[0].person)
    booking = book(elsewhere, [twin])

    refused(errors.AlreadyBooked, slot, people)

    assert booking.code not in str(errors.AlreadyBooked().message)


def test_full_slot_takes_no_part_of_a_family() -> None:
    slot = SlotFactory(capacity=2)
    refused(errors.SlotFull, slot, family(3))
    book(slot, family(2))
    refused(errors.SlotFull, slot, family(1))


def test_an_account_holds_five_places_at_most() -> None:
    people = family(6)
    slot = SlotFactory(capacity=9)
    book(slot, people[:5])
    refused(errors.TooManyPlaces, slot, people[5:])


def test_people_who_hold_places_are_told_so_before_the_account_is_counted() -> None:
    people = family(5)
    slot = SlotFactory(capacity=9)
    book(slot, people, confirm=False)
    refused(errors.AlreadyBooked, slot, people)


def test_refusal_names_which_of_ones_own_people_are_booked_already() -> None:
    people, slot = family(3), SlotFactory(capacity=9)
    elsewhere = ApplicantFactory(person=people[1].person)
    book(slot, [elsewhere])

    with pytest.raises(errors.AlreadyBooked) as refusal:
        book(slot, people)

    assert refusal.value.faults == {1: {"applicant": [errors.AlreadyBooked.person]}}


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (errors.ChannelNotForCitizens, {"channel": "COUNTER"}),
        (errors.ChannelNotForCitizens, {"channel": "SAME_DAY"}),
        (errors.PriorityNeedsEntitlement, {"channel": "PRIORITY"}),
        (errors.SlotUnknown, {"slot_code": "abc"}),
        (errors.GroupSize, {"places": ()}),
    ],
)
def test_bad_wish_is_refused(error: type[Exception], change: dict[str, Any]) -> None:
    refused(error, SlotFactory(capacity=5), family(1), **change)


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (errors.KindUnknown, {"kind": "OTHER"}),
        (errors.KindUnknown, {"entitlement": "RICH"}),
        (errors.PassportTypeNotOffered, {"passport_type": "POLYCARBONATE"}),
        (errors.EntitlementImplausible, {"entitlement": "ELDERLY"}),
        (errors.EntitlementImplausible, {"entitlement": "UNDER_FIVE"}),
        (errors.EntitlementImplausible, {"entitlement": "PREGNANT"}),
    ],
)
def test_bad_request_for_one_person_is_refused(
    error: type[Exception], change: dict[str, str]
) -> None:
    people = family(1)
    asked = {"kind": "NEW", "passport_type": "REGULAR"} | change
    request = holding.PlaceRequest(people[0].code, **asked)
    refused(error, SlotFactory(capacity=5), people, places=(request,))


def test_six_people_and_the_same_person_twice_are_refused() -> None:
    slot, people = SlotFactory(capacity=9), family(6)
    refused(errors.GroupSize, slot, people)
    refused(errors.SamePersonTwice, slot, [people[0], people[0]])


@pytest.mark.parametrize("spoil", ["stranger", "removed"])
def test_strangers_and_removed_applicants_are_unknown(spoil: str) -> None:
    people = family(1)
    if spoil == "stranger":
        people.append(ApplicantFactory())
    else:
        gone = {"account": account_of(people), "removed_at": timezone.now()}
        people.append(ApplicantFactory(**gone))
    refused(errors.ApplicantUnknown, SlotFactory(capacity=5), people)


def _closed(slot: Slot) -> None:
    slot.closed_at, slot.closed_why = timezone.now(), "banjir"
    slot.save()


def _not_open(slot: Slot) -> None:
    slot.release.opens_at = timezone.now() + timedelta(days=1)
    slot.release.save()


def _too_near(slot: Slot) -> None:
    slot.starts_at = timezone.now() + timedelta(minutes=59)
    slot.ends_at = slot.starts_at + timedelta(hours=1)
    slot.save()


def _resting(slot: Slot) -> None:
    slot.office.is_active = False
    slot.office.save()


@pytest.mark.parametrize(
    ("error", "spoil"),
    [
        (errors.SlotClosed, _closed),
        (errors.NotOpenYet, _not_open),
        (errors.TooLateToBook, _too_near),
        (errors.SlotClosed, _resting),
    ],
)
def test_hour_that_takes_nobody_is_refused(
    error: type[Exception], spoil: Callable[[Slot], None]
) -> None:
    slot = SlotFactory(capacity=5)
    spoil(slot)
    refused(error, slot, family(1))


def test_the_database_refuses_a_late_booking_by_its_own_clock() -> None:
    """A caller whose clock is slow: the rules let it pass, the function does not."""
    slot, people = SlotFactory(capacity=5), family(1)
    _too_near(slot)
    account = account_of(people)
    with pytest.raises(errors.TooLateToBook):
        holding.hold(
            account=account,
            wish=wish(slot, people),
            actor=Actor.citizen(account),
            now=timezone.now() - timedelta(hours=1),
        )


def test_place_says_when_it_was_booked() -> None:
    slot, people = SlotFactory(capacity=5), family(1)
    held = book(slot, people, confirm=False)
    assert held.places.get().booked_at is None

    confirming.confirm(account=account_of(people), code=held.code, now=timezone.now())

    assert held.places.get().booked_at is not None
    assert book(slot, family(1)).places.get().booked_at is not None


def test_hold_says_where_it_came_from() -> None:
    slot, people = SlotFactory(capacity=5), family(1)
    account = account_of(people)

    made = holding.hold(
        account=account,
        wish=wish(slot, people),
        actor=Actor.citizen(account, Origin("pemasangan", "10.1.2.3")),
        now=timezone.now(),
    )

    booking = row_of(made)
    assert (booking.origin.device, booking.origin.address) == ("pemasangan", "10.1.2.3")
    book(slot, family(1))
    assert BookingOrigin.objects.count() == 1


def test_suspended_account_books_nothing() -> None:
    slot, people = SlotFactory(capacity=5), family(1)
    User.objects.filter(pk=account_of(people).pk).update(suspended_at=timezone.now())
    refused(errors.AccountSuspended, slot, people)


def test_addresses_of_one_mailbox_share_the_limit() -> None:
    slot = SlotFactory(capacity=9)
    one = UserFactory(email="warga@contoh.test")
    other = UserFactory(email="warga+2@contoh.test")
    book(slot, ApplicantFactory.create_batch(3, account=one))

    refused(errors.TooManyPlaces, slot, ApplicantFactory.create_batch(3, account=other))
    book(slot, ApplicantFactory.create_batch(2, account=other))

    User.objects.filter(pk=one.pk).update(suspended_at=timezone.now())
    refused(errors.AccountSuspended, slot, [ApplicantFactory(account=other)])


def test_blocked_account_books_nothing() -> None:
    slot, people = SlotFactory(capacity=5), family(1)
    account = account_of(people)
    account.is_active = False
    account.save()
    refused(errors.AccountBlocked, slot, people)


def test_seats_not_yet_visible_are_not_sold() -> None:
    slot = SlotFactory(capacity=1, capacity__visible_at=timezone.now() + timedelta(minutes=5))
    refused(errors.SlotFull, slot, family(1))


def test_grandmother_brings_the_family_into_the_priority_channel() -> None:
    slot = SlotFactory(capacity=0)
    SeatFactory.create_batch(2, slot=slot, channel="PRIORITY")
    people = family(2)
    people[0].birth_date = date(1950, 3, 1)
    people[0].save()
    requests = (
        holding.PlaceRequest(people[0].code, "NEW", "REGULAR", "ELDERLY"),
        holding.PlaceRequest(people[1].code, "NEW", "REGULAR"),
    )

    booking = book(slot, people, places=requests, channel="PRIORITY")

    assert booking.channel == "PRIORITY"
    assert states(booking) == ["BOOKED"] * 2


def test_small_sites_have_no_priority() -> None:
    office = OfficeFactory(kind="MPP", parent=OfficeFactory())
    slot = SlotFactory(release__office=office, capacity=5)
    people = family(1)
    request = holding.PlaceRequest(people[0].code, "NEW", "REGULAR", "PREGNANT")
    refused(errors.ChannelNotOffered, slot, people, places=(request,), channel="PRIORITY")


def test_code_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = SlotFactory(capacity=3)
    first = book(slot, family(1))
    codes = iter([first.code, "NEWCODE2"])
    monkeypatch.setattr(claiming, "new_booking_code", lambda: next(codes))

    second = book(slot, family(1))

    assert second.code == "NEWCODE2"
    assert taken(slot) == 2


@pytest.fixture
def ltsp() -> Slot:
    office = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    return SlotFactory(release__office=office, capacity=5)


def referral(slot: Slot, **fields: Any) -> Referral:
    defaults = {
        "code": f"RJ{Referral.objects.count():08}",
        "office": slot.office,
        "issued_by": UserFactory(),
        "expires_at": timezone.now() + timedelta(days=1),
    }
    return Referral.objects.create(**defaults | fields)


def test_referral_is_used_once(ltsp: Slot) -> None:
    code = referral(ltsp).code
    booking = book(ltsp, family(1), referral_code=code.lower())
    assert Referral.objects.get().booking == booking
    refused(errors.ReferralInvalid, ltsp, family(1), referral_code=code)


def test_ltsp_without_a_fitting_referral_is_refused(ltsp: Slot) -> None:
    elsewhere = referral(ltsp, office=OfficeFactory())
    expired = referral(ltsp, expires_at=timezone.now())
    refused(errors.ReferralNeeded, ltsp, family(1))
    for code in (elsewhere.code, expired.code, "NONE"):
        refused(errors.ReferralInvalid, ltsp, family(1), referral_code=code)
    refused(errors.GroupSize, ltsp, family(2), referral_code="NONE")


def test_lapsed_hold_gives_the_referral_back_even_before_the_sweep(ltsp: Slot) -> None:
    code, people = referral(ltsp).code, family(1)
    lapse(book(ltsp, people, referral_code=code, confirm=False))

    booking = book(ltsp, people, referral_code=code)

    assert Referral.objects.get().booking == booking


def test_booking_returned_by_the_service_needs_no_further_query(
    django_assert_num_queries: Any,
) -> None:
    people = family(1)
    held = book(SlotFactory(capacity=1), people, confirm=False)
    booked = confirming.confirm(account=account_of(people), code=held.code, now=timezone.now())
    with django_assert_num_queries(0):
        assert booked.slot.office.name
        assert [place.applicant.name for place in booked.places]


def test_hold_is_few_round_trips(django_assert_max_num_queries: Any) -> None:
    slot, people = SlotFactory(capacity=5), family(5)
    account = account_of(people)
    now = timezone.now()
    holding.policies.HOLD_MINUTES.at(now=now)  # the figures are read once in a while
    with django_assert_max_num_queries(12):
        holding.hold(
            account=account,
            wish=wish(slot, people, confirm=False),
            actor=Actor.citizen(account),
            now=now,
        )
    assert Booking.objects.count() == 1
