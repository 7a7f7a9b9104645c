"""An officer who sells the seats of the counter to brokers, and colleagues who do not."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from accounts.models import User
from offices.models import Office, OfficerPost
from paspor.kernel.errors import DomainError
from queueing.booking.models import Booking
from queueing.booking.services import for_someone, tickets
from queueing.booking.services.for_someone import CounterPerson, CounterWish
from queueing.quota.models import Channel, Seat, Slot
from tests.attack.play import GUEST, Play
from tests.attack.town import FIRST_DAY, OPENS_AT, WEEKEND, WEEKS, Household, Identity
from tests.factories import OfficerPostFactory

# Of each hour of the office, on top of what is offered to everyone.
COUNTER_SEATS = 6
# What one broker can carry: the five live places of an account.
BUYERS_A_DAY = 5
COLLEAGUES = 3
# What a colleague does on a day: who stands at the counter, and who asks for another day.
WALK_INS, FOR_LATER = 4, 1
# Of a hundred whom a colleague books for another day, how many take the ticket into an account.
CLAIMED = 40


@dataclass
class Counter:
    """One officer with a post at the counter of an office."""

    play: Play
    draw: random.Random
    office: Office
    user: User

    def book(self, one: Identity, slot: str, reason: str) -> Booking:
        """Type one person in. Raises what the service refuses with."""
        person = CounterPerson(
            one.name, one.nik, one.birth_date, one.sex, "NEW", "REGULAR", guardian_declared=True
        )
        wish = CounterWish(
            people=(person,),
            channel=Channel.COUNTER,
            reason=reason,
            note="Pemohon tidak punya ponsel.",
            slot_code=slot,
        )
        now = self.play.clock.now
        return for_someone.book_for(officer=self.user, office=self.office, wish=wish, now=now)

    def room(self, days: int) -> str:
        return self.play.room((self.office.code,), 1, days, Channel.COUNTER)

    def claim(self, account: User, booking: Booking, one: Identity) -> None:
        tickets.claim_ticket(
            account=account,
            code=booking.code,
            birth_date=one.birth_date,
            now=self.play.clock.now,
        )

    def trying(self, act: Callable[[], None]) -> None:
        try:
            act()
        except DomainError as refusal:
            self.play.told[f"counter:{refusal.code}"] += 1


@dataclass
class Insider:
    """Every morning the officer books for one broker's buyers, hours and days ahead.

    A form a time, as a hand types it. Colleagues at the same office book whoever stands
    there, and some for another day.
    """

    play: Play
    draw: random.Random
    brokers: list[Household]
    buyer: Callable[[], Identity]
    user: User = field(init=False)
    colleagues: list[User] = field(init=False)

    def begin(self) -> None:
        office = Office.objects.get(code=self.play.offices[0])
        _add_counter_seats(office)
        desk = self._counter(office, "loket@contoh.test")
        self.user = desk.user
        honest = [self._counter(office, f"petugas{n}@contoh.test") for n in range(COLLEAGUES)]
        self.colleagues = [one.user for one in honest]
        for day in range(WEEKS * 7):
            morning = OPENS_AT + timedelta(days=day, hours=self.draw.uniform(0, 2))
            self.play.at(morning, partial(self.sell, desk))
            for one in honest:
                self._work(one, day)

    def _counter(self, office: Office, email: str) -> Counter:
        post = OfficerPostFactory(office=office, role="COUNTER", user__email=email)
        return Counter(self.play, self.draw, office, post.user)

    def sell(self, desk: Counter) -> None:
        if self.is_stopped():
            return
        broker = self.draw.choice(self.brokers)
        for n in range(BUYERS_A_DAY):
            pause = timedelta(minutes=3 * n + self.draw.uniform(0, 2))
            self.play.after(pause, partial(desk.trying, partial(self._sell_to, desk, broker)))

    def _sell_to(self, desk: Counter, broker: Household) -> None:
        one = self.buyer()
        booking = desk.book(one, desk.room(days=14), "no_device")
        desk.claim(broker.user, booking, one)

    def is_stopped(self) -> bool:
        return not OfficerPost.objects.filter(user=self.user, ends_at=None).exists()

    def _work(self, desk: Counter, day: int) -> None:
        if day < FIRST_DAY or day % 7 in WEEKEND:
            return
        for _n in range(WALK_INS):
            at = OPENS_AT + timedelta(days=day, hours=self.draw.uniform(0, 4))
            self.play.at(at, partial(desk.trying, partial(self._walk_in, desk)))
        for _n in range(FOR_LATER):
            at = OPENS_AT + timedelta(days=day, hours=self.draw.uniform(0, 4))
            self.play.at(at, partial(desk.trying, partial(self._for_later, desk)))

    def _walk_in(self, desk: Counter) -> None:
        desk.book(self.buyer(), "", "walk_in")

    def _for_later(self, desk: Counter) -> None:
        one = self.buyer()
        booking = desk.book(one, desk.room(days=14), "no_device")
        if self.draw.randrange(100) < CLAIMED:
            number = self.draw.randrange(10**9)
            account = User.objects.create(email=f"{GUEST}{number}@contoh.test")
            desk.claim(account, booking, one)


def _add_counter_seats(office: Office) -> None:
    rows = []
    for slot in Slot.objects.filter(office=office):
        last = slot.seats.count()
        rows += [
            Seat(slot=slot, number=last + n, channel=Channel.COUNTER, visible_at=OPENS_AT)
            for n in range(1, COUNTER_SEATS + 1)
        ]
    Seat.objects.bulk_create(rows, batch_size=5000)
