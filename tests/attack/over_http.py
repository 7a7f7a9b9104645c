"""A sample of 2017 over the wire: the mobile app's doors, a worker, the clock on the wall.

The plays call services; this shows that whoever comes by HTTP is told the same.
"""

import tempfile
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections
from django.db.models import QuerySet

from accounts.models import User
from accounts.policies import IDENTITY_SECOND_LOOK_MINUTES
from queueing.booking.models import Place
from queueing.quota.models import Slot
from tests.at_once import at_once
from tests.attack.town import NAMES
from tests.factories import SlotFactory, UserFactory, invented_nik
from tests.live import Answer, Caller, Portal, wait_until
from tests.paspor.proving import set_figure

CITIZENS, ATTACKERS, TRIES = 20, 6, 25
LIMIT = 5
# The simulated registry does not know these serials.
UNKNOWN_FROM = 9400


@dataclass
class Sample:
    """What was answered, and who had a place once the registry had been asked."""

    told: Counter[str] = field(default_factory=Counter)
    citizens_booked: int = 0
    attackers_booked: int = 0
    attackers_left: int = 0

    def faults(self) -> list[str]:
        found = []
        if self.citizens_booked != CITIZENS:
            found.append(f"over HTTP: {self.citizens_booked} of {CITIZENS} citizens have a place")
        if self.attackers_booked > ATTACKERS * LIMIT:
            found.append(f"over HTTP: {self.attackers_booked} places for {ATTACKERS} accounts")
        if self.attackers_left:
            found.append(f"over HTTP: {self.attackers_left} places stand for nobody")
        return found

    def as_text(self) -> str:
        answers = ", ".join(f"{code} {count}" for code, count in sorted(self.told.items()))
        return (
            f"over HTTP: {self.citizens_booked} of {CITIZENS} citizens have their place; of "
            f"{ATTACKERS * TRIES} applications {self.attackers_booked} got one and "
            f"{self.attackers_left} kept it ({answers})"
        )


def play(database: str) -> Sample:
    """On a fresh database that this process uses; ends what it starts."""
    with tempfile.TemporaryDirectory() as folder:
        verifier = {"TEST_VERIFIER": "accounts.registry.simulator.Simulator"}
        portal = Portal(database, Path(folder), verifier)
        try:
            portal.start_web()
            portal.start_worker()
            return _play(portal)
        finally:
            portal.stop()
            connections.close_all()


def _play(portal: Portal) -> Sample:
    sample = Sample()
    # Nobody waits a quarter of an hour by the clock of the wall for the second look.
    set_figure(IDENTITY_SECOND_LOOK_MINUTES, 0)
    slot = SlotFactory(capacity=CITIZENS + ATTACKERS * LIMIT)
    citizens = [UserFactory() for _n in range(CITIZENS)]
    attackers = [UserFactory() for _n in range(ATTACKERS)]
    acts = [
        *(_citizen(portal.caller(user), slot, n, sample) for n, user in enumerate(citizens)),
        *(_attacker(portal.caller(user), slot, n, sample) for n, user in enumerate(attackers)),
    ]
    at_once(acts)
    sample.attackers_booked = _places(attackers).count()
    # In a rush workers are told of the first only.
    portal.tell("integrity.sweep_checks")
    wait_until(lambda: not _standing(attackers), what="the registry was asked about everybody")
    sample.attackers_left = _standing(attackers)
    sample.citizens_booked = _standing(citizens)
    return sample


def _places(users: list[User]) -> QuerySet[Place]:
    return Place.objects.filter(booking__account__in=users)


def _standing(users: list[User]) -> int:
    return _places(users).filter(state=Place.State.BOOKED).count()


def _citizen(caller: Caller, slot: Slot, n: int, sample: Sample) -> Callable[[], None]:
    def act() -> None:
        person = _add(caller, n + 1)
        sample.told[f"citizen {_code(_book(caller, slot, person))}"] += 1

    return act


def _attacker(caller: Caller, slot: Slot, n: int, sample: Sample) -> Callable[[], None]:
    """So many applications, each for somebody new who does not exist."""

    def act() -> None:
        for number in range(TRIES):
            person = _add(caller, UNKNOWN_FROM + (n * TRIES + number) % 99)
            answer = person if person.status != 201 else _book(caller, slot, person)
            sample.told[f"attacker {_code(answer)}"] += 1

    return act


def _add(caller: Caller, serial: int) -> Answer:
    body = {
        "name": NAMES[serial % len(NAMES)],
        "nik": invented_nik(serial - 1),
        "birth_date": "1990-08-17",
        "sex": "M",
    }
    return caller.send("POST", "/api/v1/applicants", body)


def _book(caller: Caller, slot: Slot, person: Answer) -> Answer:
    """Told that the portal is busy, an app asks again with its key."""
    place = {"applicant": person.json()["code"], "kind": "NEW", "passport_type": "REGULAR"}
    body = {"slot": slot.code, "places": [place], "confirm": True}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    while True:
        answer = caller.send("POST", "/api/v1/bookings", body, headers=key)
        if answer.status != 409 or answer.json()["code"] != "busy":
            return answer


def _code(answer: Answer) -> str:
    return "booked" if answer.status == 201 else str(answer.json()["code"])
