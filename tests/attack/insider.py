"""An officer who sells the seats of the counter to brokers, with paper tickets."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from accounts.models import User
from offices.models import Office, OfficerPost
from paspor.kernel.errors import DomainError
from queueing.booking.services import for_someone, tickets
from queueing.booking.services.for_someone import CounterPerson, CounterWish
from queueing.quota.models import Channel, Seat, Slot
from tests.attack.play import Play
from tests.attack.town import OPENS_AT, WEEKS, Household, Identity
from tests.factories import OfficerPostFactory

# Of each hour of the office, on top of what is offered to everyone.
COUNTER_SEATS = 2
# What one broker can carry: the five live places of an account.
BUYERS_A_DAY = 5


@dataclass
class Insider:
    """Every morning the officer books for one broker's buyers, hours and days ahead."""

    play: Play
    draw: random.Random
    brokers: list[Household]
    buyer: Callable[[], Identity]
    user: User = field(init=False)
    office: Office = field(init=False)

    def begin(self) -> None:
        self.office = Office.objects.get(code=self.play.offices[0])
        self.user = OfficerPostFactory(
            office=self.office, role="COUNTER", user__email="loket@contoh.test"
        ).user
        _add_counter_seats(self.office)
        for day in range(WEEKS * 7):
            morning = OPENS_AT + timedelta(days=day, hours=self.draw.uniform(0, 2))
            self.play.at(morning, self.sell)

    def sell(self) -> None:
        if self.is_stopped():
            return
        broker = self.draw.choice(self.brokers)
        for _n in range(BUYERS_A_DAY):
            try:
                self._sell_to(broker, self.buyer())
            except DomainError as refusal:
                self.play.told[f"insider:{refusal.code}"] += 1

    def _sell_to(self, broker: Household, one: Identity) -> None:
        slot = self.play.room((self.office.code,), 1, 14, Channel.COUNTER)
        person = CounterPerson(
            one.name, one.nik, one.birth_date, one.sex, "NEW", "REGULAR", guardian_declared=True
        )
        wish = CounterWish(
            people=(person,),
            channel=Channel.COUNTER,
            reason="no_device",
            note="Pemohon tidak punya ponsel.",
            slot_code=slot,
        )
        now = self.play.clock.now
        booking = for_someone.book_for(officer=self.user, office=self.office, wish=wish, now=now)
        tickets.claim_ticket(
            account=broker.user, code=booking.code, birth_date=one.birth_date, now=now
        )

    def is_stopped(self) -> bool:
        return not OfficerPost.objects.filter(user=self.user, ends_at=None).exists()


def _add_counter_seats(office: Office) -> None:
    rows = []
    for slot in Slot.objects.filter(office=office):
        last = slot.seats.count()
        rows += [
            Seat(slot=slot, number=last + n, channel=Channel.COUNTER, visible_at=OPENS_AT)
            for n in range(1, COUNTER_SEATS + 1)
        ]
    Seat.objects.bulk_create(rows, batch_size=5000)
