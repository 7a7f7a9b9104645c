"""Claims against each other, against a closing and against a change of capacity.

Each race asks for exactly the number that is right. Its negative control takes the guard
away and must see the race fail, or the race proves nothing.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Event

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import Applicant
from offices.models import Office
from queueing.booking.models import Booking, Place
from queueing.quota.models import WITHDRAWN, Seat, Slot
from queueing.quota.services import capacity, closing, seats
from queueing.quota.services.capacity import SeatsWanted
from queueing.quota.services.seats import LockedDay
from tests.at_once import at_once
from tests.factories import (
    ApplicantFactory,
    ReleaseFactory,
    SlotFactory,
    UserFactory,
)
from tests.lock_waits import until_somebody_waits
from tests.queueing.quota.conftest import (
    MONDAY,
    NOW,
    agreed,
    book,
    book_call,
    make_office,
    officer_of,
    prepared,
)
from tests.reasons import WHY

pytestmark = pytest.mark.usefixtures("committed_db")


def families(size: int, count: int) -> list[list[Applicant]]:
    return [ApplicantFactory.create_batch(size, account=UserFactory()) for _ in range(count)]


def until_told(slot: Slot, people: list[Applicant], code: str) -> str:
    """Book as a phone does: told that the portal is busy, it asks again."""
    for nth in range(50):
        outcome, _ = book(slot.pk, people, code=f"{code}{nth:02}"[:8])
        if outcome != "BUSY":
            return outcome
    return "BUSY"


def race(slot: Slot, groups: list[list[Applicant]]) -> Counter[str]:
    return Counter(
        at_once([partial(until_told, slot, group, f"R{n:03}") for n, group in enumerate(groups)])
    )


def check_consistent() -> None:
    """No seat lost, none sold twice: taken seats and live places are the same seats."""
    live = Place.objects.exclude(live_seat=None).values_list("live_seat_id", flat=True)
    taken = Seat.objects.filter(taken=True).values_list("pk", flat=True)
    assert sorted(live) == sorted(taken)
    assert len(set(live)) == len(live)


def redefine(function: str, change: Callable[[str], str]) -> None:
    """Replace a function of the database, as its owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s"
            " ORDER BY pronargs DESC LIMIT 1",
            [function],
        )
        before = cursor.fetchone()[0]
        after = change(before)
        assert after != before
        cursor.execute(after)


def test_forty_people_get_exactly_the_twelve_seats() -> None:
    slot = SlotFactory(capacity=12)

    assert race(slot, families(1, 40)) == {"BOOKED": 12, "FULL": 28}

    check_consistent()


def test_sixteen_families_fill_exactly_twelve_seats() -> None:
    slot = SlotFactory(capacity=12)

    assert race(slot, families(3, 16)) == {"BOOKED": 4, "FULL": 12}

    check_consistent()
    assert set(Counter(Place.objects.values_list("booking", flat=True)).values()) == {3}


def own_connection() -> psycopg.Connection:
    """A connection whose transaction the test ends itself."""
    return psycopg.connect(**connection.get_connection_params())


def looked_at(slot: Slot, count: int) -> psycopg.Connection:
    """Another caller has seats locked and has not decided yet."""
    other = own_connection()
    other.execute(
        "SELECT id FROM queueing_seat WHERE slot_id = %s ORDER BY id LIMIT %s FOR UPDATE",
        [slot.pk, count],
    )
    return other


def test_seats_that_somebody_looks_at_are_busy_and_not_full() -> None:
    slot, group = SlotFactory(capacity=5), families(5, 1)[0]

    with looked_at(slot, 3):
        assert book(slot.pk, group, code="SIBUK")[0] == "BUSY"
    assert book(slot.pk, group, code="MUAT")[0] == "BOOKED"

    check_consistent()


def test_without_the_second_attempt_that_would_be_a_false_full() -> None:
    slot = SlotFactory(capacity=5)
    redefine(
        "queueing_claim_seats",
        lambda body: body.replace("        NULL;\n", "        RETURN '{}';\n"),
    )

    with looked_at(slot, 3):
        assert book(slot.pk, families(5, 1)[0], code="PENUH")[0] == "FULL"


def test_without_skipping_callers_wait_for_each_other() -> None:
    """What SKIP LOCKED is for: one seat being looked at must not hold up the others."""
    slot = SlotFactory(capacity=5)

    with looked_at(slot, 1):
        assert book(slot.pk, families(1, 1)[0], code="LEWAT")[0] == "BOOKED"
        redefine(
            "queueing_claim_seats",
            lambda body: body.replace("FOR UPDATE SKIP LOCKED", "FOR UPDATE NOWAIT"),
        )
        assert book(slot.pk, families(1, 1)[0], code="TUNGGU")[0] == "BUSY"


@pytest.fixture
def monday() -> list[Slot]:
    """Two hours of an office, each with 16 ONLINE seats."""
    prepared(make_office())
    return list(Slot.objects.order_by("starts_at"))


def test_a_closing_meets_claims_and_loses_nobody(monday: list[Slot]) -> None:
    office = monday[0].office
    head = officer_of(office)
    agreed(closing.approval_request(office, MONDAY, None, WHY), head)
    people = [
        partial(until_told, random.choice(monday), group, f"T{n:03}")
        for n, group in enumerate(families(2, 20))
    ]

    def close() -> list[int]:
        return closing.withdraw_day(office=office, day=MONDAY, why=WHY, officer=head, now=NOW)

    *outcomes, booked = at_once([*people, close])

    assert set(outcomes) <= {"BOOKED", "CLOSED", "FULL"}
    assert outcomes.count("BOOKED") == len(booked) == Booking.objects.count()
    assert not Seat.objects.filter(taken=False, visible_at__lt=WITHDRAWN).exists()
    check_consistent()


def test_whoever_waited_for_a_closing_is_told_closed(monday: list[Slot]) -> None:
    office = monday[0].office
    head = officer_of(office)
    group = families(2, 1)[0]
    other = own_connection()
    other.execute("SELECT FROM queueing_seat ORDER BY id FOR NO KEY UPDATE")

    def close() -> str:
        other.execute("UPDATE queueing_seat SET visible_at = %s", [WITHDRAWN])
        other.execute("UPDATE queueing_slot SET closed_at = now(), closed_why = 'Banjir'")
        until_somebody_waits()
        other.commit()
        other.close()
        return head.code

    outcome, _ = at_once([lambda: book(monday[0].pk, group, code="TUNGGU")[0], close])

    assert outcome == "CLOSED"


def free_while_closing(monday: list[Slot]) -> Seat:
    """Cancel in the very moment in which a closing holds the seat; the closing commits first."""
    [seat] = monday[0].seats.order_by("pk")[:1]
    Seat.objects.filter(pk=seat.pk).update(taken=True)
    other = own_connection()
    other.execute("SELECT FROM queueing_seat ORDER BY id FOR NO KEY UPDATE")
    other.execute("UPDATE queueing_slot SET closed_at = now(), closed_why = 'Banjir'")

    def cancel() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT queueing_free_seats(%s, 10)", [[seat.pk]])

    def finish() -> None:
        until_somebody_waits()
        other.commit()
        other.close()

    at_once([cancel, finish])
    seat.refresh_from_db()
    return seat


def test_a_seat_cancelled_during_a_closing_stays_withdrawn(monday: list[Slot]) -> None:
    assert free_while_closing(monday).visible_at == WITHDRAWN


def test_freeing_in_one_statement_would_bring_it_back(monday: list[Slot]) -> None:
    """A statement that waited for the lock still sees the slot as it was before."""
    redefine(
        "queueing_free_seats",
        lambda body: body.replace(
            "    PERFORM FROM queueing_seat WHERE id = ANY (p_seats) ORDER BY id FOR UPDATE;\n", ""
        ),
    )

    assert free_while_closing(monday).visible_at < WITHDRAWN


def close_while_claiming(monday: list[Slot]) -> list[int]:
    """Close while a claim has its seats but has not been committed; it is, a moment later."""
    office = monday[0].office
    head, group = officer_of(office), families(2, 1)[0]
    agreed(closing.approval_request(office, MONDAY, None, WHY), head)
    other = own_connection()
    other.execute(*book_call(monday[0].pk, group, code="DULU"))

    closed = Event()

    def close() -> list[int]:
        try:
            return closing.withdraw_day(office=office, day=MONDAY, why=WHY, officer=head, now=NOW)
        finally:
            closed.set()

    def commit() -> None:
        until_somebody_waits(or_else=closed.is_set)
        other.commit()
        other.close()

    return at_once([close, commit])[0]


def test_a_closing_waits_for_claims_under_way(monday: list[Slot]) -> None:
    assert close_while_claiming(monday) == [Booking.objects.get().pk]


def test_a_closing_that_does_not_wait_forgets_people(
    monday: list[Slot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "lock_day", unlocked_day)

    assert close_while_claiming(monday) == []
    assert Booking.objects.count() == 1


def unlocked_day(office: Office, day: date) -> LockedDay:
    slots = list(Slot.objects.filter(office=office, day=day).order_by("pk"))
    return LockedDay(slots, {slot.pk: list(slot.seats.order_by("pk")) for slot in slots})


def change(slot: Slot, number: int) -> capacity.Changed:
    wanted = SeatsWanted(slot.code, "ONLINE", number, WHY)
    return capacity.change_capacity(
        wanted=wanted, officer=officer_of(slot.office), now=timezone.now()
    )


def claims(slot: Slot, count: int) -> list[Callable[[], str]]:
    return [
        partial(until_told, slot, group, f"K{n:03}") for n, group in enumerate(families(1, count))
    ]


def test_lowering_meets_claims_and_every_seat_is_accounted_for(monday: list[Slot]) -> None:
    slot = monday[0]
    people = claims(slot, 20)

    answers = at_once([*people[:6], lambda: change(slot, 6), *people[6:]])

    remain = answers.pop(6).remain
    online = slot.seats.filter(channel="ONLINE")
    assert Counter(answers) == {"BOOKED": remain, "FULL": 20 - remain}
    assert remain >= 6
    assert online.filter(taken=True, visible_at__lt=WITHDRAWN).count() == 6
    assert online.filter(taken=True, visible_at=WITHDRAWN).count() == remain - 6
    assert online.filter(taken=False, visible_at=WITHDRAWN).count() == 16 - remain
    check_consistent()


def test_lowering_without_locks_withdraws_a_seat_that_was_just_taken(
    monday: list[Slot], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, group = monday[0], families(1, 1)[0]

    def overtaken(office: Office, day: date) -> LockedDay:
        found = unlocked_day(office, day)
        assert at_once([lambda: book(slot.pk, group, code="SELA")[0]]) == ["BOOKED"]
        return found

    monkeypatch.setattr(seats, "lock_day", overtaken)

    assert change(slot, 0).remain == 0 < Seat.objects.filter(taken=True).count()


def test_raising_meets_claims_and_makes_exactly_the_seats_asked_for(monday: list[Slot]) -> None:
    slot = monday[0]
    people = claims(slot, 25)

    answers = at_once(
        [*people[:8], lambda: change(slot, 20), lambda: change(slot, 20), *people[8:]]
    )

    assert [answers.pop(8).remain, answers.pop(8).remain] == [20, 20]
    online = slot.seats.filter(channel="ONLINE")
    assert online.count() == 20
    assert 16 <= answers.count("BOOKED") == online.filter(taken=True).count() <= 20
    late = [until_told(slot, group, f"L{n:03}") for n, group in enumerate(families(1, 5))]
    assert answers.count("BOOKED") + late.count("BOOKED") == 20
    check_consistent()


CLAIMS = {
    "first": "ORDER BY visible_at LIMIT $3 FOR UPDATE SKIP LOCKED",
    "second": "ORDER BY id LIMIT $3 FOR UPDATE",
}


@pytest.mark.parametrize("attempt", CLAIMS)
def test_a_claim_goes_by_the_index_of_free_seats(attempt: str) -> None:
    """With a plan for any values, as functions keep them, among 20,000 mostly taken seats."""
    release = ReleaseFactory()
    begin = datetime(2031, 1, 1, tzinfo=UTC)
    slots = [SlotFactory(release=release, starts_at=begin + timedelta(hours=n)) for n in range(100)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO queueing_seat (slot_id, number, channel, taken, visible_at) "
            "SELECT s, n, 'ONLINE', n > 20, '2020-01-01' "
            "FROM unnest(%s::bigint[]) s, generate_series(1, 200) n",
            [[slot.pk for slot in slots]],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE queueing_seat")
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(
            "PREPARE claim(bigint, text, int, timestamptz) AS SELECT id FROM queueing_seat "
            "WHERE slot_id = $1 AND channel = $2 AND NOT taken AND visible_at <= $4 "
            + CLAIMS[attempt]
        )
        cursor.execute("EXPLAIN EXECUTE claim(%s, 'ONLINE', 5, now())", [slots[50].pk])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "using seat_free" in plan
