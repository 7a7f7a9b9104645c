"""The weeks of a play: who acts when, what the portal does by itself, what officers do."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from paspor.kernel.errors import DomainError
from paspor.kernel.proof import ProofNeeded
from queueing.booking.actors import Actor
from queueing.booking.errors import AlreadyBooked
from queueing.booking.models import Place
from queueing.booking.services import changing, confirming, holding
from queueing.booking.services.claiming import Claimed
from queueing.booking.services.holding import PlaceRequest, Wish
from tests.attack.clock import Clock
from tests.attack.town import OPENS_AT, WEEKS, Household

# How the addresses of those begin whose people come; guests took a counter's ticket.
CITIZEN, BROKER, GUEST = "warga", "calo", "tamu"
# Of ten with a paper ticket and no account one stays away, whoever booked.
PAPER_STAYS_AWAY = 10
ENDS_AT = OPENS_AT + timedelta(weeks=WEEKS)

# Hours of these offices with room for so many, in the next days; a lot decides.
ROOM = """
SELECT slot.code FROM queueing_slot slot JOIN offices_office office ON office.id = slot.office_id
WHERE office.code = ANY (%s) AND slot.closed_at IS NULL
  AND slot.starts_at BETWEEN now() + interval '90 minutes' AND now() + %s
  AND %s <= (SELECT count(*) FROM queueing_seat seat WHERE seat.slot_id = slot.id
             AND seat.channel = %s AND NOT seat.taken AND seat.visible_at <= now())
ORDER BY md5(slot.id || %s) LIMIT 1
"""


@dataclass
class Play:
    """One variant under way. ``draw`` decides everything, so a seed repeats it."""

    clock: Clock
    draw: random.Random
    offices: tuple[str, ...]
    told: Counter[str] = field(default_factory=Counter)
    queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    number: int = 0

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Let ``act`` happen at this moment of the play, if that comes."""
        if moment < ENDS_AT:
            self.number += 1
            heapq.heappush(self.queue, (moment, self.number, act))

    def after(self, delay: timedelta, act: Callable[[], None]) -> None:
        self.at(self.clock.now + delay, act)

    def run(self, tell: Callable[[str], None]) -> None:
        """Until nobody wants anything any more; tells of each day that begins."""
        day = None
        while self.queue:
            moment, _number, act = heapq.heappop(self.queue)
            self.clock.set(moment)
            if moment.date() != day:
                day = moment.date()
                tell(f"day {(day - OPENS_AT.date()).days + 1} of {WEEKS * 7}")
            act()

    def every(self, step: timedelta, act: Callable[[], None], *, first: datetime) -> None:
        def again() -> None:
            act()
            self.after(step, again)

        self.at(first, again)

    def room(
        self, offices: tuple[str, ...], people: int, days: int, channel: str = "ONLINE"
    ) -> str:
        """The code of an hour with room, or "" where there is none."""
        lot = str(self.draw.random())
        with connection.cursor() as cursor:
            cursor.execute(ROOM, [list(offices), timedelta(days=days), people, channel, lot])
            row = cursor.fetchone()
        return row[0] if row else ""

    def hold(self, home: Household, people: list[Any], slot: str, *, confirm: bool) -> Claimed:
        """Through the same service as every door. Raises what it refuses with."""
        wish = Wish(
            slot_code=slot,
            places=tuple(PlaceRequest(one.code, "NEW", "REGULAR") for one in people),
            confirm=confirm,
        )
        actor = Actor.citizen(home.user, home.origin)
        try:
            return holding.hold(account=home.user, wish=wish, actor=actor, now=self.clock.now)
        except ProofNeeded:
            # Phones and machines both work it out; it costs them seconds, which are counted.
            self.told["honest:proofs" if home.is_honest else "attack:proofs"] += 1
            return holding.hold(
                account=home.user, wish=wish, actor=actor, proved=True, now=self.clock.now
            )


@dataclass
class Honest:
    """A family that wants one visit, and goes on looking for some days."""

    play: Play
    home: Household
    tries: int = 0
    refusals: list[str] = field(default_factory=list)
    code: str = ""

    def arrive(self) -> None:
        play, people = self.play, self.home.applicants
        self.tries += 1
        for offices, days in ((self.home.offices, 4), (self.home.offices, 14), (play.offices, 14)):
            slot = play.room(offices, len(people), days)
            if slot and self._takes(slot):
                return
        if self.tries < 12:
            play.after(timedelta(hours=play.draw.uniform(6, 24)), self.arrive)

    def _takes(self, slot: str) -> bool:
        confirm = self.play.draw.random() < 0.5
        try:
            booking = self.play.hold(self.home, self.home.applicants, slot, confirm=confirm)
        except AlreadyBooked:
            self.refusals.append("already_booked")
            return False
        except DomainError as refusal:
            self.refusals.append(refusal.code)
            return False
        if confirm:
            self._booked(booking.code)
        else:
            pause = timedelta(seconds=self.play.draw.uniform(20, 420))
            self.play.after(pause, lambda: self._confirm(booking.code))
        return True

    def _confirm(self, code: str) -> None:
        try:
            done = confirming.confirm(account=self.home.user, code=code, now=self.play.clock.now)
        except DomainError as refusal:
            self.refusals.append(refusal.code)
            self.play.after(timedelta(minutes=5), self.arrive)
        else:
            self._booked(done.code)

    def _booked(self, code: str) -> None:
        self.code = code
        mood = self.play.draw.random()
        if mood < 0.03:
            self.play.after(timedelta(hours=self.play.draw.uniform(1, 48)), self._cancel)

    def _cancel(self) -> None:
        """Plans change; most look for another hour the next day."""
        if not self.code:
            return
        user, now = self.home.user, self.play.clock.now
        try:
            changing.cancel(account=user, code=self.code, actor=Actor.citizen(user), now=now)
        except DomainError:
            return
        self.code = ""
        self.play.after(timedelta(hours=self.play.draw.uniform(12, 30)), self.arrive)


def served(now: datetime) -> int:
    """The day is over: the honest and the brokers' buyers came, and were served."""
    with connection.cursor() as cursor:
        cursor.execute(
            SERVE, [now, [f"{one}%" for one in (CITIZEN, BROKER, GUEST)], PAPER_STAYS_AWAY]
        )
        return cursor.rowcount


SERVE = """
UPDATE queueing_place place SET state = 'SERVED', live_person_id = NULL, live_seat_id = NULL,
    checked_in_at = slot.starts_at, ended_at = slot.ends_at
FROM queueing_booking booking
JOIN queueing_slot slot ON slot.id = booking.slot_id
LEFT JOIN accounts_user account ON account.id = booking.account_id
WHERE place.booking_id = booking.id AND place.state = 'BOOKED' AND slot.ends_at <= %s
  AND (account.email LIKE ANY (%s) OR account.id IS NULL AND place.id %% %s <> 0)
"""


def people_served() -> int:
    """How many honest people have got what they came for."""
    return (
        Place.objects.filter(
            state__in=[*Place.LIVE, Place.State.SERVED], booking__account__email__startswith=CITIZEN
        )
        .exclude(state=Place.State.HELD)
        .values("applicant")
        .distinct()
        .count()
    )
