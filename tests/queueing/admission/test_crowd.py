"""Too many at once over real HTTP: few book, all others are told so at once, readers read on."""

import uuid
from threading import Thread
from time import monotonic

from django.utils import timezone

from queueing.admission import rules
from queueing.booking.models import Place
from queueing.quota.models import Seat
from tests.at_once import at_once
from tests.factories import ApplicantFactory, SlotFactory
from tests.live import Answer, Caller, Portal, wait_until
from tests.queueing.admission.lining import seen_by, share
from tests.queueing.booking_api.conftest import BOOKINGS, wish

PEOPLE = 50
PROCESSES, PERMITS = 2, 3
# Whoever books stays in it until the door is opened.
DWELL = """
CREATE TABLE door (opened int);
GRANT SELECT ON door TO PUBLIC;
CREATE FUNCTION dwell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    WHILE NOT EXISTS (SELECT FROM door) LOOP PERFORM pg_sleep(0.02); END LOOP; RETURN NULL;
END $$;
CREATE TRIGGER dwell AFTER INSERT ON queueing_booking FOR EACH ROW EXECUTE FUNCTION dwell();
"""


def book(caller: Caller, slot, applicant, **headers) -> tuple[Answer, float]:
    started = monotonic()
    sent = {"Idempotency-Key": uuid.uuid4().hex, **headers}
    answer = caller.send("POST", BOOKINGS, wish(slot, applicant, confirm=True), headers=sent)
    return answer, monotonic() - started


def booked() -> int:
    return Place.objects.filter(state="BOOKED").count()


def test_few_book_at_once_the_others_are_refused_at_once_and_readers_read_on(portal: Portal):
    portal.permit(PERMITS)
    slot = SlotFactory(capacity=PEOPLE)
    people = ApplicantFactory.create_batch(PEOPLE)
    callers = [portal.caller(person.account) for person in people]
    with seen_by(portal):
        share(passes=PEOPLE, pressure=10_000)
    answers: list[tuple[Answer, float]] = []

    def come(number: int) -> None:
        answers.append(book(callers[number], slot, people[number]))

    with portal.owner() as owner:
        owner.execute(DWELL)
        threads = [Thread(target=come, args=[number]) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(answers) == PEOPLE - PROCESSES * PERMITS, what="all refusals")
        reading = portal.caller().send("GET", "/api/v1/offices")
        refusals = list(answers)
        assert booked() == 0
        owner.execute("INSERT INTO door VALUES (1)")
        for thread in threads:
            thread.join()

    assert reading.status == 200
    assert {answer.status for answer, _seconds in refusals} == {503}
    assert {answer.json()["code"] for answer, _seconds in refusals} == {"at_capacity"}
    waits = [int(answer.headers["Retry-After"]) for answer, _seconds in refusals]
    assert 1 <= min(waits) < max(waits) <= 6  # not all at the same moment
    assert sum(answer.status == 201 for answer, _seconds in answers) == PROCESSES * PERMITS
    assert booked() == Seat.objects.filter(taken=True).count() == PROCESSES * PERMITS


def test_everybody_books_in_turn_and_nobody_twice(portal: Portal):
    """Eight phones, two passes: each asks again as it is told, until it has booked."""
    slot = SlotFactory(capacity=5)
    people = ApplicantFactory.create_batch(8)
    with seen_by(portal):
        share(passes=2, waves=(rules.wave_of(timezone.now()) - 5,))

    def persist(person) -> str:
        caller, token = portal.caller(person.account), ""
        while True:
            answer, _seconds = book(caller, slot, person, **({"X-Turn": token} if token else {}))
            said = answer.json()
            if answer.status == 409 and said["code"] == "busy":
                continue
            if answer.status != 503:
                # Full for this person: the turn is somebody else's.
                caller.send("DELETE", "/api/v1/turn")
                return said.get("code", "") if answer.status != 201 else "booked"
            token = said["turn"]["token"]

    ends = at_once([lambda p=person: persist(p) for person in people])

    assert sorted(set(ends)) == ["booked", "slot_full"]
    assert ends.count("booked") == booked() == 5
