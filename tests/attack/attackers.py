"""Those who want the quota for themselves, as they were in 2017 and as they might come."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from accounts.models import Applicant
from accounts.services import applicants as lists
from paspor.kernel.errors import DomainError
from paspor.kernel.origin import Origin
from queueing.booking.models import Booking, Place
from tests.attack.play import Play
from tests.attack.town import OPENS_AT, Household, Identity, Plan, invented

# Accounts and applications of 2017 in three bands (press of January 2018): ten of nearly
# 4,000, some dozens of 100 to 1,000, the rest of 50 to 100; 72,000 from some 200 in all.
BANDS = ((10, 3900), (55, 450), (135, 61))
HANDS = 4
DAYS = 15


@dataclass
class Attacker:
    """One account that files applications, each for somebody new, until its wish is over."""

    play: Play
    home: Household
    draw: random.Random
    wanted: int
    people: Callable[[], Identity]
    confirm: bool = True
    refused: int = 0
    booked: int = 0
    live: list[Applicant] = field(default_factory=list)

    def begin(self) -> None:
        """Applications come interleaved at random with everybody else's."""
        for _n in range(self.wanted):
            self.play.at(OPENS_AT + timedelta(days=DAYS * self.draw.random()), self.file)

    def file(self) -> None:
        """Add somebody, book a place for them. Whatever refuses it costs one attempt."""
        slot = self.play.room(self.play.offices, 1, 14)
        if not slot:
            return
        try:
            applicant = self._somebody()
            booking = self.play.hold(self.home, [applicant], slot, confirm=self.confirm)
        except DomainError as refusal:
            self.refused += 1
            self.play.told[f"attack:{refusal.code}"] += 1
            return
        self.booked += 1
        self._after(booking)

    def _somebody(self) -> Applicant:
        if len(self.live) >= 5:
            self._make_room()
        one = self.people()
        applicant = lists.add_applicant(
            account=self.home.user,
            name=one.name,
            nik=one.nik,
            birth_date=one.birth_date,
            sex=one.sex,
            now=self.play.clock.now,
            guardian_declared=True,
        )
        self.live.append(applicant)
        return applicant

    def _make_room(self) -> None:
        """The list is full: somebody without a live place makes way, if there is anybody."""
        for applicant in self.live:
            if not Place.objects.filter(applicant=applicant, live_person__isnull=False).exists():
                lists.remove_applicant(applicant=applicant, now=self.play.clock.now)
                self.live.remove(applicant)
                return

    def _after(self, booking: Booking) -> None:
        """Nothing: the place is kept, for nobody."""


class LetsGo(Attacker):
    """Holds for the length of a hold and lets it run out, again and again."""

    def _somebody(self) -> Applicant:
        if len(self.live) >= 5:
            return self.draw.choice(self.live)
        return super()._somebody()


def origins(draw: random.Random, hand: int) -> Callable[[], Origin]:
    """A hand has a few machines and many rented addresses."""
    devices = [f"mesin-{hand}-{n}" for n in range(3)]
    addresses = [f"10.66.{hand % 250}.{n}" for n in range(1, 41)]
    return lambda: Origin(draw.choice(devices), draw.choice(addresses))


def in_rows(draw: random.Random) -> Callable[[], Identity]:
    """Numbers made up in rows: one region and birth date, serials that follow each other."""
    rows = _rows(draw)
    return lambda: next(rows)


def _rows(draw: random.Random) -> Iterator[Identity]:
    while True:
        stem = invented(draw).nik[:12]
        start = draw.randrange(200, 6000)
        for serial in range(start, start + draw.randrange(15, 40)):
            yield invented(draw, stem=stem, serial=serial)


def at_random(draw: random.Random) -> Callable[[], Identity]:
    """Numbers that look like anybody's."""
    return lambda: invented(draw, serial=draw.randrange(1, 60))


def plans(
    draw: random.Random,
    accounts: int,
    *,
    origin: Callable[[int], Origin],
    people: Callable[[int], Sequence[Identity]] = lambda _n: (),
    hands: int = HANDS,
    named: str = "x",
) -> list[Plan]:
    """Accounts that signed up in bursts in the days before the opening."""
    made = []
    for number in range(accounts):
        hand = number % hands
        burst = OPENS_AT - timedelta(days=1 + hand, minutes=draw.uniform(0, 90))
        made.append(
            Plan(
                email=f"{named}{number}@sementara{hand}.test",
                people=tuple(people(number)),
                origin=origin(hand),
                joined_at=burst,
                is_honest=False,
                hand=hand,
            )
        )
    return made
