"""Programs that die in the middle: nothing half-done, nothing lost, and work goes on."""

import asyncio
import http.client
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from accounts.models import Applicant, Message
from paspor.kernel.models import StoredAnswer
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.quota.models import Seat, Slot
from tests.factories import ApplicantFactory, SlotFactory, UserFactory
from tests.live import LOOPBACK, Answer, Caller, Portal, free_port, wait_until
from tests.queueing.booking_api.conftest import BOOKINGS, Phone, wish

FAMILIES = 60
SIZE = 2
# Each booking dwells in its transaction for a moment, so that some are always under way.
DWELL = """
CREATE FUNCTION dwell() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$;
CREATE TRIGGER dwell AFTER INSERT ON queueing_booking FOR EACH ROW EXECUTE FUNCTION dwell();
"""
UNDER_WAY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND query LIKE '%queueing_visit(%'
AND pid <> pg_backend_pid()
"""
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename <> current_user"


@dataclass
class Family:
    """People who want to come, and the key with which their phone asks."""

    people: list[Applicant]
    caller: Caller
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def book(self, slot: Slot) -> Answer:
        body = wish(slot, *self.people, confirm=True)
        return self.caller.send("POST", BOOKINGS, body, headers={"Idempotency-Key": self.key})


def families(portal: Portal, count: int) -> list[Family]:
    people = [ApplicantFactory.create_batch(SIZE, account=UserFactory()) for _ in range(count)]
    return [Family(family, portal.caller(family[0].account)) for family in people]


def bookings_under_way() -> int:
    """Transactions of the portal that are inside queueing_book at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY)
        return cursor.fetchone()[0]


def nothing_half_done(slot: Slot) -> None:
    taken = set(Seat.objects.filter(slot=slot, taken=True).values_list("pk", flat=True))
    live = Place.objects.filter(state__in=Place.LIVE)
    assert set(live.values_list("seat", flat=True)) == taken
    assert live.count() == len(taken)
    for booking in Booking.objects.prefetch_related("places"):
        places = {place.pk for place in booking.places.all()}
        events = BookingEvent.objects.filter(booking_id=booking.pk)
        assert len(places) == SIZE
        assert set(events.values_list("place_id", flat=True)) == places
    told = {answer.body["code"] for answer in StoredAnswer.objects.all()}
    assert told == set(Booking.objects.values_list("code", flat=True))
    about = set(Message.objects.values_list("about", flat=True))
    assert len(about) == Booking.objects.count()


def outcome(future: Future[Answer]) -> int:
    """The status, or 0 for a phone that was cut off."""
    try:
        return future.result().status
    except (OSError, http.client.HTTPException):
        return 0


def test_web_server_killed_in_the_middle_of_bookings_leaves_nothing_half_done(
    own_portal: Portal,
) -> None:
    portal = own_portal
    asking = families(portal, FAMILIES)
    slot = SlotFactory(capacity=SIZE * FAMILIES)
    with portal.owner() as owner:
        owner.execute(DWELL)
        with ThreadPoolExecutor(16) as pool:
            asked = [pool.submit(family.book, slot) for family in asking]
            wait_until(lambda: Booking.objects.count() >= 10, what="some bookings stand")
            wait_until(lambda: bookings_under_way() > 2, what="others are under way")
            portal.programs[0].kill()
            statuses = [outcome(future) for future in asked]
        with pytest.raises((OSError, http.client.HTTPException)):
            portal.caller().send("GET", "/healthz")
        connection.close()
        wait_until(
            lambda: owner.execute(OTHERS, [portal.database]).fetchone()[0] == 0,
            what="the database has noticed that its clients are gone",
        )
        owner.execute("DROP TRIGGER dwell ON queueing_booking")

    booked = Booking.objects.count()
    assert statuses.count(201) <= booked < FAMILIES
    assert statuses.count(0) == FAMILIES - statuses.count(201)
    nothing_half_done(slot)

    for family in asking:
        family.caller.close()
    portal.start_web()
    again = [family.book(slot) for family in asking]

    assert {answer.status for answer in again} == {201}
    assert [answer.headers["Idempotent-Replayed"] for answer in again].count("true") == booked
    assert Booking.objects.count() == FAMILIES
    nothing_half_done(slot)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE queueing_seat SET taken = true",
        "UPDATE queueing_seat SET taken = false",
        "DELETE FROM queueing_place WHERE id = (SELECT min(id) FROM queueing_place)",
        "DELETE FROM kernel_storedanswer",
        "DELETE FROM accounts_message",
    ],
)
def test_half_done_things_would_be_seen(quiet_portal: Portal, damage: str) -> None:
    account = UserFactory()
    slot = SlotFactory(capacity=SIZE + 1)
    family = ApplicantFactory.create_batch(SIZE, account=account)
    assert Phone(account).book(slot, *family, confirm=True).status_code == 201
    nothing_half_done(slot)

    with quiet_portal.owner() as owner:
        owner.execute(damage)

    with pytest.raises(AssertionError):
        nothing_half_done(slot)


class SlowSink:
    """A mail server on loopback that takes its time over each letter."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.in_hand = 0
        self.received: list[str] = []
        self.port = free_port()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.in_hand += 1
        await asyncio.sleep(self.seconds)
        self.in_hand -= 1
        self.received.append(message_from_bytes(envelope.content)["Message-ID"])
        return "250 Taken"

    @contextmanager
    def listening(self) -> Iterator[None]:
        controller = Controller(self, hostname=LOOPBACK, port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()


def states() -> set[str]:
    return set(Message.objects.values_list("state", flat=True))


def test_worker_killed_with_mails_in_flight_loses_none(
    quiet_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal, sink = quiet_portal, SlowSink(0.5)
    portal.variables = {"EMAIL_HOST": LOOPBACK, "EMAIL_PORT": str(sink.port)}
    monkeypatch.setattr("paspor.kernel.broker.tell", portal.tell)
    slot = SlotFactory(capacity=SIZE * 8)
    for _ in range(8):
        family = ApplicantFactory.create_batch(SIZE, account=UserFactory())
        assert Phone(family[0].account).book(slot, *family, confirm=True).status_code == 201
    expected = set(Message.objects.values_list("message_id", flat=True))
    assert (len(expected), states()) == (8, {"QUEUED"})

    with sink.listening():
        worker = portal.start_worker()
        wait_until(lambda: sink.received and sink.in_hand, what="some sent, some in flight")
        worker.kill()
        in_flight = set(
            Message.objects.filter(state="SENDING").values_list("message_id", flat=True)
        )
        assert in_flight
        assert "QUEUED" in states()
        with portal.owner() as owner:  # the two minutes of their lease go by
            owner.execute("UPDATE accounts_message SET claimed_until = now() WHERE claim <> ''")
        sink.seconds = 0
        portal.start_worker()
        portal.tell("accounts.sweep_messages")
        wait_until(lambda: states() == {"ACCEPTED"}, what="every message is accepted")

    twice = {name for name in sink.received if sink.received.count(name) > 1}
    assert set(sink.received) == expected
    assert twice <= in_flight
    assert not Message.objects.exclude(claim="", text="", html="").exists()
