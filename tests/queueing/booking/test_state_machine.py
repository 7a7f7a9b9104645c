"""Any order of acts: no seat is lost, none sold twice, the history is complete."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Applicant
from accounts.services.people import find_or_make_person
from offices.rules import Act
from offices.services.approvals import Request
from paspor.kernel.errors import DomainError
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import (
    changing,
    closing,
    confirming,
    first_rights,
    for_someone,
    holding,
)
from queueing.quota.models import WITHDRAWN, Channel, Release, Seat, Slot
from queueing.quota.services import capacity
from queueing.quota.services.closing import approval_request
from tests.asking import columns
from tests.factories import (
    LONG_AGO,
    ApplicantFactory,
    ApprovalFactory,
    OfficeFactory,
    OfficerPostFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
    invented_nik,
)
from tests.queueing.booking.visits import account_of, book, check_books, live, show_freed_seats
from tests.reasons import WHY

STARTS = datetime(2030, 1, 7, 1, tzinfo=UTC)
BIRTH = date(1990, 8, 17)
PEOPLE = 6
COUNTER_SEATS = 1


class Visits(RuleBasedStateMachine):
    """One office, its planner and its counter; two accounts that share two people."""

    slots: Bundle[int] = Bundle("slots")
    bookings: Bundle[int] = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.office = OfficeFactory()
        self.planner = OfficerPostFactory(office=self.office, role="PLANNER").user
        self.counter = OfficerPostFactory(office=self.office, role="COUNTER").user
        self.second = UserFactory()
        self.niks = [invented_nik(n, BIRTH) for n in range(PEOPLE)]
        people = [find_or_make_person(nik) for nik in self.niks]
        self.accounts = [
            [ApplicantFactory(account=account, person=person) for person in known]
            for account, known in ((UserFactory(), people[:4]), (UserFactory(), people[2:]))
        ]
        # How many seats each open slot has in use, whoever sits on them.
        self.quota: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What it gives, or None where it is refused, which changes nothing.

        Only ending a lapsed hold may stand beside a refusal.
        """
        before = dict(Place.objects.values_list("pk", "state"))
        try:
            return act()
        except DomainError:
            after = dict(Place.objects.values_list("pk", "state"))
            assert before.keys() == after.keys()
            changes = {(before[pk], after[pk]) for pk in after if before[pk] != after[pk]}
            assert changes <= {("HELD", "EXPIRED")}
            return None

    def approve(self, request: Request, asked_by: Any) -> None:
        ApprovalFactory(
            **columns(request),
            asked_by=asked_by,
            state="GRANTED",
            second=self.second,
            decided_at=timezone.now(),
        )

    @initialize(target=slots, seats=st.lists(st.integers(2, 6), min_size=3, max_size=3))
    def open_three_days(self, seats: list[int]) -> Any:
        return multiple(*map(self.open_day, seats))

    @rule(target=slots, seats=st.integers(1, 4))
    def open_another_day(self, seats: int) -> int:
        return self.open_day(seats)

    def open_day(self, seats: int) -> int:
        starts_at = STARTS + timedelta(days=len(self.quota))
        release = Release.objects.create(
            office=self.office,
            first_day=starts_at.date(),
            last_day=starts_at.date(),
            opens_at=LONG_AGO,
            prepared_at=LONG_AGO,
        )
        slot = SlotFactory(release=release, starts_at=starts_at, capacity=seats)
        SeatFactory.create_batch(COUNTER_SEATS, slot=slot, number=900, channel=Channel.COUNTER)
        self.quota[slot.pk] = seats + COUNTER_SEATS
        return slot.pk

    @rule(slot_id=slots, seats=st.integers(0, 4))
    def change_capacity(self, slot_id: int, seats: int) -> None:
        slot = Slot.objects.get(pk=slot_id)
        subject = f"{slot.code}:ONLINE:{seats}"
        self.approve(Request(Act.CHANGE_CAPACITY, subject, self.office), self.planner)
        wanted = capacity.SeatsWanted(slot.code, Channel.ONLINE, seats, WHY)
        changed = self.attempt(
            lambda: capacity.change_capacity(
                wanted=wanted, officer=self.planner, now=timezone.now()
            )
        )
        if changed:
            self.quota[slot_id] = seats + COUNTER_SEATS

    @precondition(lambda self: live() > 0)
    @rule(slot_id=slots)
    def close_a_day(self, slot_id: int) -> None:
        slot = Slot.objects.get(pk=slot_id)
        self.approve(approval_request(self.office, slot.day, None, WHY), self.planner)
        closed = self.attempt(
            lambda: closing.close_day(
                office=self.office,
                day=slot.day,
                why=WHY,
                officer=self.planner,
                now=timezone.now(),
            )
        )
        if closed:
            assert closed.left == 0
            self.quota[slot_id] = 0

    @precondition(lambda self: Place.objects.filter(first_right_until__isnull=False).exists())
    @rule(target=slots, seats=st.integers(1, 3))
    def open_a_day_and_serve_first_rights(self, seats: int) -> int:
        slot_id = self.open_day(seats)
        first_rights.serve_all(timezone.now())
        return slot_id

    def pick(self, whose: int, who: set[int]) -> list[Applicant]:
        return [self.accounts[whose][n] for n in sorted(who)]

    @rule(target=bookings, slot_id=slots, whose=st.integers(0, 1), who=st.integers(0, 3))
    def book_one(self, slot_id: int, whose: int, who: int) -> Any:
        return self.claim(slot_id, whose, {who}, confirm=True)

    family = st.sets(st.integers(0, 3), min_size=2, max_size=3)

    @rule(target=bookings, slot_id=slots, whose=st.integers(0, 1), who=family)
    def book_family(self, slot_id: int, whose: int, who: set[int]) -> Any:
        return self.claim(slot_id, whose, who, confirm=True)

    @rule(target=bookings, slot_id=slots, whose=st.integers(0, 1), who=family)
    def hold_family(self, slot_id: int, whose: int, who: set[int]) -> Any:
        return self.claim(slot_id, whose, who, confirm=False)

    def claim(self, slot_id: int, whose: int, who: set[int], *, confirm: bool) -> Any:
        slot, people = Slot.objects.get(pk=slot_id), self.pick(whose, who)
        made = self.attempt(lambda: book(slot, people, confirm=confirm))
        return made.pk if made else multiple()

    @rule(booking_id=bookings)
    def confirm(self, booking_id: int) -> None:
        booking = Booking.objects.get(pk=booking_id)
        if booking.account is not None:
            account = booking.account
            self.attempt(
                lambda: confirming.confirm(account=account, code=booking.code, now=timezone.now())
            )

    @rule(booking_id=bookings, sweep=st.booleans())
    def run_out(self, booking_id: int, sweep: bool) -> None:
        Booking.objects.filter(pk=booking_id, held_until__isnull=False).update(held_until=LONG_AGO)
        if sweep:
            holding.expire_lapsed(timezone.now())

    @precondition(lambda self: live() > 1)
    @rule(booking_id=bookings, some=st.booleans())
    def cancel(self, booking_id: int, some: bool) -> None:
        booking = Booking.objects.get(pk=booking_id)
        if booking.account is None:
            return
        account = booking.account
        codes = [place.applicant.code for place in booking.places.all()]
        self.attempt(
            lambda: changing.cancel(
                account=account,
                code=booking.code,
                actor=Actor.citizen(account),
                now=timezone.now(),
                applicant_codes=codes[:1] if some else None,
            )
        )

    @rule(target=bookings, booking_id=bookings, slot_id=slots, some=st.booleans())
    def reschedule(self, booking_id: int, slot_id: int, some: bool) -> Any:
        booking = Booking.objects.get(pk=booking_id)
        if booking.account is None:
            return multiple()
        account = booking.account
        codes = [place.applicant.code for place in booking.places.all()]
        new = self.attempt(
            lambda: changing.reschedule(
                account=account,
                code=booking.code,
                slot_code=Slot.objects.get(pk=slot_id).code,
                actor=Actor.citizen(account),
                now=timezone.now(),
                applicant_codes=codes[:1] if some else None,
            )
        )
        return new.booking.pk if new else multiple()

    @rule()
    def time_goes_by(self) -> None:
        show_freed_seats()

    @rule(target=bookings, slot_id=slots, nth=st.integers(0, PEOPLE - 1))
    def book_for_someone(self, slot_id: int, nth: int) -> Any:
        person = for_someone.CounterPerson(
            name="Warga Loket",
            nik=self.niks[nth],
            birth_date=BIRTH,
            sex="M",
            kind="NEW",
            passport_type="REGULAR",
        )
        wish = for_someone.CounterWish(
            people=(person,),
            channel=Channel.COUNTER,
            reason="no_device",
            note="Ponselnya rusak",
            slot_code=Slot.objects.get(pk=slot_id).code,
        )
        made = self.attempt(
            lambda: for_someone.book_for(
                officer=self.counter, office=self.office, wish=wish, now=timezone.now()
            )
        )
        return made.pk if made else multiple()

    @invariant()
    def books_agree(self) -> None:
        check_books()

    @invariant()
    def no_seat_is_lost(self) -> None:
        """Free or taken, but for those beyond a lowered quota, which nobody gets again."""
        seats = Seat.objects.filter(slot__in=self.quota, visible_at__lt=WITHDRAWN)
        counted = seats.order_by().values_list("slot").annotate(Count("pk"))
        assert dict.fromkeys(self.quota, 0) | dict(counted) == self.quota

    @invariant()
    def accounts_keep_to_their_limit(self) -> None:
        accounts = [account_of(known) for known in self.accounts]
        live = Place.objects.filter(booking__account__in=accounts, state__in=Place.LIVE)
        counted = live.order_by().values_list("booking__account").annotate(Count("pk"))
        assert all(places <= 5 for _account, places in counted)


@pytest.mark.django_db
def test_any_order_of_acts_keeps_the_books() -> None:
    run_state_machine_as_test(
        Visits,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
