"""From a booking to the registry and back: who is asked about, and what follows an answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.models import IdentityCheck, Message
from accounts.registry.simulator import Temper
from accounts.services import identity as checks
from queueing.booking import selectors
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import changing, claiming, confirming
from queueing.integrity import errors, tasks
from queueing.integrity.services import identity
from queueing.quota.models import Seat
from tests.factories import SlotFactory
from tests.queueing.booking.visits import another_hour, book, check_books, states, taken
from tests.queueing.integrity.conftest import (
    OTHER_NAME,
    UNKNOWN,
    make_due,
    outcomes,
    people_of,
    person,
    registry_answers,
    temper,
)

pytestmark = pytest.mark.django_db


def places_told(booking: Booking) -> list[str]:
    view = selectors.view(selectors.booking_by_id(booking.pk), now=timezone.now())
    return [place.identity for place in view.places]


def test_a_booking_asks_about_its_people_and_does_not_wait():
    booking = book(SlotFactory(capacity=5), people_of(1, 2))
    assert outcomes() == ["PENDING", "PENDING"]
    assert places_told(booking) == ["not_checked", "not_checked"]


def test_who_matches_is_said_to_match():
    booking = book(SlotFactory(capacity=1), people_of(1))
    assert registry_answers() == 1
    assert places_told(booking) == ["matched"]
    assert states(booking) == ["BOOKED"]


def test_a_refused_booking_asks_nothing():
    slot = SlotFactory(capacity=1)
    book(slot, people_of(1))
    with pytest.raises(Exception, match="slot_full"):
        book(slot, people_of(2))
    assert IdentityCheck.objects.count() == 1


def test_a_worker_is_told_after_the_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    told: list[Any] = []
    monkeypatch.setattr("paspor.kernel.broker.tell", lambda *said: told.append(said))
    with django_capture_on_commit_callbacks(execute=True):
        book(SlotFactory(capacity=2), people_of(1, 2))
    numbers = list(IdentityCheck.objects.order_by("pk").values_list("pk", flat=True))
    assert (identity.CARRY, numbers) in told


def test_a_difference_costs_nothing_and_is_told():
    booking = book(SlotFactory(capacity=1), people_of(OTHER_NAME))
    registry_answers()
    view = selectors.view(selectors.booking_by_id(booking.pk), now=timezone.now())
    assert (view.places[0].identity, view.places[0].differing) == ("differs", ("name",))
    assert states(booking) == ["BOOKED"]
    assert not Message.objects.filter(kind="nik_not_found").exists()


def test_an_unknown_nik_costs_that_place_and_no_other_of_the_family():
    slot = SlotFactory(capacity=5)
    booking = book(slot, people_of(1, 2, UNKNOWN, 4, 5))

    registry_answers()

    assert sorted(states(booking)) == ["BOOKED"] * 4 + ["VOIDED"]
    gone = booking.places.get(state="VOIDED")
    assert (gone.applicant.nik_last4, gone.reason) == ("9400", "identity_not_found")
    assert taken(slot) == 4
    check_books()


def test_the_seat_of_an_unknown_nik_comes_back_late():
    slot = SlotFactory(capacity=1)
    book(slot, people_of(UNKNOWN))
    registry_answers()
    seat = Seat.objects.get(slot=slot)
    assert seat.visible_at > timezone.now() + timedelta(seconds=50)


def test_the_event_names_the_check_and_the_account_is_told_what_to_do():
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))
    registry_answers()

    event = BookingEvent.objects.filter(what="VOIDED").get()
    assert (event.reason, event.actor_kind) == ("identity_not_found", "SYSTEM")
    assert event.detail == {"check": IdentityCheck.objects.get().pk}
    message = Message.objects.get(kind="nik_not_found")
    assert message.user == booking.account
    assert all(word in message.text for word in ("Disdukcapil", "KTP asli", "Warga 9400"))


def test_a_held_place_goes_too_and_can_no_longer_be_confirmed():
    people = people_of(UNKNOWN)
    booking = book(SlotFactory(capacity=1), people, confirm=False)
    registry_answers()
    assert states(booking) == ["VOIDED"]
    with pytest.raises(Exception, match="wrong_state"):
        confirming.confirm(account=people[0].account, code=booking.code, now=timezone.now())


@pytest.mark.parametrize("state", ["CHECKED_IN", "SERVED"])
def test_who_has_arrived_keeps_the_place(state: str):
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))
    live = {} if state == "CHECKED_IN" else {"live_person": None, "live_seat": None}
    ended = None if state == "CHECKED_IN" else timezone.now()
    booking.places.update(state=state, ended_at=ended, **live)
    registry_answers()
    assert states(booking) == [state]


def test_whom_an_officer_booked_keeps_the_place_and_is_flagged():
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))
    Booking.objects.filter(pk=booking.pk).update(made_by=booking.account)
    registry_answers()
    assert (states(booking), places_told(booking)) == (["BOOKED"], ["not_found"])


def test_an_unknown_nik_books_again_only_with_its_ktp_seen():
    slot, someone = SlotFactory(capacity=2), person(UNKNOWN)
    book(slot, [someone])
    registry_answers()
    with pytest.raises(errors.NikNotFound) as refusal, transaction.atomic():
        book(slot, [someone])
    assert refusal.value.params == {"names": "Warga 9400"}

    checks.record_seen(
        person=someone.person,
        name=someone.name,
        birth_date=someone.birth_date,
        sex=someone.sex,
        now=timezone.now(),
    )

    again = book(slot, [someone])
    registry_answers()
    assert (states(again), places_told(again)) == (["BOOKED"], ["seen"])


def test_what_the_registry_says_between_reading_and_claiming_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Judged before the people are locked, and again where more is known under their lock."""
    slot, someone = SlotFactory(capacity=2), person(UNKNOWN)
    book(slot, [someone])
    planned, tries = claiming.planned, []

    def plan_while_the_registry_answers(*asked: Any) -> Any:
        tries.append(asked)
        registry_answers()
        return planned(*asked)

    changing.cancel(
        account=someone.account,
        code=Booking.objects.get().code,
        applicant_codes=None,
        actor=Actor.citizen(someone.account),
        now=timezone.now(),
    )
    monkeypatch.setattr(claiming, "planned", plan_while_the_registry_answers)
    with pytest.raises(errors.NikNotFound), transaction.atomic():
        book(slot, [someone])
    assert (len(tries), taken(slot)) == (1, 0)


def test_a_refusal_leaves_no_seat_behind():
    slot, someone = SlotFactory(capacity=2), person(UNKNOWN)
    book(slot, [someone])
    registry_answers()
    with pytest.raises(errors.NikNotFound), transaction.atomic():
        book(slot, [someone])
    assert taken(slot) == 0
    check_books()


def a_sweep_later() -> int:
    """The next probe, when the rest after a failure is over."""
    cache.delete(checks.REST)
    make_due()
    return registry_answers()


def test_a_day_without_the_registry_costs_nobody_a_place_and_all_are_checked_after():
    temper(Temper.DOWN)
    slot = SlotFactory(capacity=12)
    bookings = [book(slot, people_of(n)) for n in range(1, 11)]
    bookings.append(book(slot, people_of(UNKNOWN)))
    for _half_hour in range(48):
        a_sweep_later()
    assert outcomes() == ["PENDING"] * 11
    assert {state for booking in bookings for state in states(booking)} == {"BOOKED"}

    temper(Temper.NORMAL)
    a_sweep_later()

    assert sorted(outcomes()) == ["MATCH"] * 10 + ["NOT_FOUND"]
    assert [states(booking) for booking in bookings] == [["BOOKED"]] * 10 + [["VOIDED"]]


def test_one_probe_is_enough_while_the_registry_is_away():
    temper(Temper.DOWN)
    for n in range(1, 6):
        book(SlotFactory(capacity=1), people_of(n))
    registry_answers()
    registry_answers()
    assert sum(IdentityCheck.objects.values_list("attempts", flat=True)) == 1


def test_a_limiting_registry_is_not_asked_on(monkeypatch: pytest.MonkeyPatch):
    temper(Temper.LIMITING)
    for n in range(1, 4):
        book(SlotFactory(capacity=1), people_of(n))
    registry_answers()
    assert sum(IdentityCheck.objects.values_list("attempts", flat=True)) == 1
    temper(Temper.NORMAL)
    assert a_sweep_later() == 3


def test_a_slow_registry_keeps_nobody_waiting_but_the_worker(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("accounts.registry.simulator.SLOW_SECONDS", 0)
    temper(Temper.SLOW)
    booking = book(SlotFactory(capacity=1), people_of(1))
    assert states(booking) == ["BOOKED"]
    registry_answers()
    assert places_told(booking) == ["matched"]


def test_a_worker_killed_after_it_asked_loses_nothing():
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))
    now = timezone.now()
    IdentityCheck.objects.update(unfound_at=now)
    lost = checks.claim(now=now)
    answer = checks.hear(check=lost, now=now)

    assert registry_answers() == 0  # the lease still stands
    make_due()
    assert registry_answers() == 1
    identity.follow(check=lost, answer=answer, now=timezone.now())

    assert states(booking) == ["VOIDED"]
    assert BookingEvent.objects.filter(what="VOIDED").count() == 1
    assert Message.objects.filter(kind="nik_not_found").count() == 1


def test_following_that_fails_is_done_again(monkeypatch: pytest.MonkeyPatch):
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))

    def broken(*_args: Any, **_fields: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken_once:
        broken_once.setattr("queueing.integrity.notices.nik_not_found", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            registry_answers()
    assert (outcomes(), states(booking)) == (["PENDING"], ["BOOKED"])

    make_due()
    registry_answers()

    assert (outcomes(), states(booking)) == (["NOT_FOUND"], ["VOIDED"])
    check_books()


def test_a_nudge_carries_just_its_own():
    for n in (1, 2):
        book(SlotFactory(capacity=1), people_of(n))
    tasks.carry_checks([IdentityCheck.objects.order_by("pk").first().pk])
    assert outcomes() == ["MATCH", "PENDING"]


def test_who_moved_meanwhile_is_found_where_they_are():
    slot, people = SlotFactory(capacity=1), people_of(UNKNOWN)
    old = book(slot, people)
    later = another_hour(slot)
    new = changing.reschedule(
        account=people[0].account,
        code=old.code,
        slot_code=later.code,
        actor=Actor.citizen(people[0].account),
        now=timezone.now(),
    ).booking
    registry_answers()
    assert (states(old), states(new)) == (["MOVED"], ["VOIDED"])
    assert taken(later) == 0


def test_the_pages_of_its_owner_say_so_kindly(client: Any):
    account = people_of(OTHER_NAME)[0].account
    people = [*account.applicants.all(), person(2, account)]
    booking = book(SlotFactory(capacity=5), people)
    client.force_login(account)
    address = f"/janji/{booking.code}/"
    waiting = client.get(address).content.decode()
    registry_answers()
    after = client.get(address).content.decode()
    assert "Identitas belum diperiksa: Warga 9100, Warga 2" in waiting
    assert "Data berbeda dengan Dukcapil: Warga 9100" in after
    assert "Yang berbeda: nama." in after
    assert "Identitas belum diperiksa" not in after


def test_the_page_of_a_voided_place_says_what_to_do(client: Any):
    booking = book(SlotFactory(capacity=5), people_of(UNKNOWN))
    registry_answers()
    client.force_login(booking.account)
    page = client.get(f"/janji/{booking.code}/").content.decode()
    assert "Tempat digugurkan karena NIK tidak ditemukan: Warga 9400" in page
    assert "Digugurkan: NIK tidak ditemukan" in page


def test_live_place_is_none_where_there_is_none():
    someone = person(1)
    with transaction.atomic():
        assert identity.lock_live_place(someone.person_id) is None
    book(SlotFactory(capacity=1), [someone])
    with transaction.atomic():
        assert isinstance(identity.lock_live_place(someone.person_id), Place)


def test_nobody_asks_when_the_rate_is_used_up(monkeypatch: pytest.MonkeyPatch):
    book(SlotFactory(capacity=1), people_of(1))
    monkeypatch.setattr(checks, "may_ask", lambda _now: False)
    assert registry_answers() == 0
