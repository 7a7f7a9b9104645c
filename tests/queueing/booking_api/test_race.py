"""Races over real HTTP: several processes of the portal, one database, many phones.

Every race asks for *exactly* what there is. Its negative control takes the guard away
and must see the same check fail, or the race proves nothing.
"""

import uuid
from collections.abc import Sequence

import pytest

from accounts.models import Applicant
from queueing.booking.models import Place
from queueing.quota.models import Seat, Slot
from tests.at_once import at_once
from tests.factories import ApplicantFactory, PersonFactory, SlotFactory, UserFactory
from tests.live import Answer, Caller, Portal
from tests.lock_waits import MEET
from tests.queueing.booking_api.conftest import BOOKINGS, wish

# A claim that reads free seats and takes them a moment later, without holding them.
CARELESS_CLAIM = """
CREATE OR REPLACE FUNCTION queueing_claim_seats(
    p_slot bigint, p_channel text, p_count int, p_ahead boolean)
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE seats bigint[];
BEGIN
    SELECT array_agg(id ORDER BY id) INTO seats FROM (
        SELECT id FROM queueing_seat WHERE slot_id = p_slot AND NOT taken ORDER BY id LIMIT p_count
    ) free;
    PERFORM meet(2);
    IF coalesce(array_length(seats, 1), 0) < p_count THEN RETURN '{}'; END IF;
    UPDATE queueing_seat SET taken = true WHERE id = ANY (seats);
    RETURN seats;
END $$
"""
# The first two have both looked before either is written.
LOOK_TOGETHER = """
CREATE FUNCTION look_together() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM meet(2); RETURN NULL; END $$;
CREATE TRIGGER look_together
AFTER INSERT ON queueing_booking FOR EACH ROW EXECUTE FUNCTION look_together();
"""
PERSON_LOCK = "accounts_person WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE"


def book(caller: Caller, slot: Slot, people: Sequence[Applicant]) -> Answer:
    """Book as the mobile app does: told that the portal is busy, it asks again with its key."""
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    while True:
        answer = caller.send("POST", BOOKINGS, wish(slot, *people, confirm=True), headers=headers)
        if answer.status != 409 or answer.json()["code"] not in ("busy", "idempotency_key_in_use"):
            return answer


def race(portal: Portal, slot: Slot, groups: Sequence[Sequence[Applicant]]) -> list[Answer]:
    callers = [portal.caller(group[0].account) for group in groups]
    pairs = list(zip(callers, groups, strict=True))
    return at_once([lambda c=caller, g=group: book(c, slot, g) for caller, group in pairs])


def families(size: int, count: int) -> list[list[Applicant]]:
    return [ApplicantFactory.create_batch(size, account=UserFactory()) for _ in range(count)]


def live_places(slot: Slot) -> int:
    return Place.objects.filter(booking__slot=slot, state__in=Place.LIVE).count()


def check_exactly_full(answers: Sequence[Answer], slot: Slot, *, size: int) -> None:
    capacity = Seat.objects.filter(slot=slot).count()
    winners = [answer for answer in answers if answer.status == 201]
    losers = [answer for answer in answers if answer.status != 201]
    seats = Place.objects.filter(booking__slot=slot).exclude(live_seat=None).values("live_seat")
    assert len(winners) * size == capacity
    assert {(loser.status, loser.json()["code"]) for loser in losers} == {(409, "slot_full")}
    assert live_places(slot) == capacity
    assert seats.distinct().count() == capacity
    assert not Seat.objects.filter(slot=slot, taken=False).exists()


def check_one_place(answers: Sequence[Answer], applicants: Sequence[Applicant]) -> None:
    assert [answer.status for answer in answers].count(201) == 1
    refused = {answer.json()["code"] for answer in answers if answer.status != 201}
    assert refused == {"already_booked"}
    assert Place.objects.filter(applicant__in=applicants, state__in=Place.LIVE).count() == 1


def one_person_in_many_accounts(count: int) -> list[list[Applicant]]:
    person = PersonFactory()
    return [[ApplicantFactory(person=person)] for _ in range(count)]


def without_claim(portal: Portal) -> None:
    with portal.owner() as owner:
        owner.execute(MEET + CARELESS_CLAIM)
        owner.execute("ALTER TABLE queueing_place DROP CONSTRAINT place_one_live_per_seat")


def without_one_person_rule(portal: Portal) -> None:
    """Neither lock nor constraint, and two who meet between looking and writing."""
    with portal.owner() as owner:
        [definition] = owner.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'queueing_book'"
            " ORDER BY pronargs DESC LIMIT 1"
        ).fetchone()
        assert PERSON_LOCK in definition
        owner.execute(definition.replace(PERSON_LOCK, PERSON_LOCK.split(" FOR ")[0]))
        owner.execute(MEET + LOOK_TOGETHER)
        owner.execute("ALTER TABLE queueing_place DROP CONSTRAINT place_one_live_per_person")


def test_forty_phones_get_exactly_the_twelve_seats(portal: Portal) -> None:
    slot = SlotFactory(capacity=12)

    answers = race(portal, slot, families(1, 40))

    check_exactly_full(answers, slot, size=1)


def test_without_the_claim_twelve_seats_are_sold_more_than_once(portal: Portal) -> None:
    slot = SlotFactory(capacity=12)
    without_claim(portal)

    answers = race(portal, slot, families(1, 40))

    with pytest.raises(AssertionError):
        check_exactly_full(answers, slot, size=1)
    assert live_places(slot) > 12


def test_sixteen_families_on_twelve_seats_are_all_or_nothing(portal: Portal) -> None:
    slot = SlotFactory(capacity=12)

    answers = race(portal, slot, families(3, 16))

    check_exactly_full(answers, slot, size=3)


def test_without_the_claim_families_sit_on_each_others_seats(portal: Portal) -> None:
    slot = SlotFactory(capacity=12)
    without_claim(portal)

    answers = race(portal, slot, families(3, 16))

    with pytest.raises(AssertionError):
        check_exactly_full(answers, slot, size=3)
    assert live_places(slot) > 12


def test_one_person_in_twenty_accounts_gets_one_place(portal: Portal) -> None:
    slot = SlotFactory(capacity=20)
    groups = one_person_in_many_accounts(20)

    answers = race(portal, slot, groups)

    check_one_place(answers, [group[0] for group in groups])


def test_without_lock_and_constraint_one_person_gets_several_places(portal: Portal) -> None:
    slot = SlotFactory(capacity=20)
    groups = one_person_in_many_accounts(20)
    without_one_person_rule(portal)

    answers = race(portal, slot, groups)

    assert live_places(slot) > 1
    with pytest.raises(AssertionError):
        check_one_place(answers, [group[0] for group in groups])


def test_one_key_sent_ten_times_at_once_books_once(portal: Portal) -> None:
    slot = SlotFactory(capacity=12)
    [[applicant]] = families(1, 1)
    callers = [portal.caller(applicant.account) for _ in range(10)]
    headers = {"Idempotency-Key": "one-key"}
    body = wish(slot, applicant, confirm=True)

    answers = at_once(
        [lambda c=caller: c.send("POST", BOOKINGS, body, headers=headers) for caller in callers]
    )

    booked = {answer.body for answer in answers if answer.status == 201}
    told_to_wait = [answer for answer in answers if answer.status != 201]
    assert len(booked) == 1
    assert {answer.json()["code"] for answer in told_to_wait} <= {"idempotency_key_in_use"}
    assert all(answer.headers["Retry-After"] for answer in told_to_wait)
    assert Place.objects.filter(applicant=applicant).count() == 1
    assert Seat.objects.filter(slot=slot, taken=True).count() == 1
