"""The attacks that are played. Each fills the queue of a play; nothing here knows defences."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from paspor.kernel.origin import Origin
from tests.attack import attackers, registry
from tests.attack.attackers import Attacker, LetsGo
from tests.attack.insider import Insider
from tests.attack.play import BROKER, Play
from tests.attack.town import OPENS_AT, Household, Identity, Plan, address, settle

# How often one account of the churn comes back for another hold.
HOLDS_EACH = 40


@dataclass
class Attack:
    """One attack under way: its accounts and, of a person in an office, the officer."""

    play: Play
    draw: random.Random
    scale: float
    homes: list[Household] = field(default_factory=list)
    attackers: list[Attacker] = field(default_factory=list)
    insider: Insider | None = None

    def count(self, accounts: int) -> int:
        return max(1, round(accounts * self.scale))

    def send(
        self,
        plans: Sequence[Plan],
        wanted: Callable[[int], int],
        kind: type[Attacker],
        people: Callable[[Household], Callable[[], Identity]],
        *,
        confirm: bool = True,
    ) -> None:
        homes = settle(plans)
        self.homes += homes
        for number, home in enumerate(homes):
            self.attackers.append(
                kind(self.play, home, self.draw, wanted(number), people(home), confirm=confirm)
            )
            self.attackers[-1].begin()


def nobody(attack: Attack) -> None:
    """No attack: what honest people get by themselves."""


def of_2017(attack: Attack) -> None:
    """200 accounts file 72,000 applications for people who do not exist."""
    draw = attack.draw
    sizes = [
        round(size * accounts * attack.scale / attack.count(accounts))
        for accounts, size in attackers.BANDS
        for _n in range(attack.count(accounts))
    ]
    origins = [attackers.origins(draw, hand) for hand in range(attackers.HANDS)]
    plans = attackers.plans(draw, len(sizes), origin=lambda hand: origins[hand]())
    rows = {hand: attackers.in_rows(draw) for hand in range(attackers.HANDS)}
    attack.send(plans, lambda n: sizes[n], Attacker, lambda home: rows[home.hand])


def one_nik_each(attack: Attack) -> None:
    """8,000 accounts, each with one person who was made up."""
    draw = attack.draw
    origins = [attackers.origins(draw, hand) for hand in range(attackers.HANDS)]
    plans = attackers.plans(draw, attack.count(8000), origin=lambda hand: origins[hand]())
    rows = {hand: attackers.in_rows(draw) for hand in range(attackers.HANDS)}
    attack.send(plans, lambda _n: 1, Attacker, lambda home: rows[home.hand])


def hold_and_let_go(attack: Attack) -> None:
    """600 accounts hold and let go, so that seats are never there when one looks."""
    draw = attack.draw
    origins = [attackers.origins(draw, hand) for hand in range(attackers.HANDS)]
    plans = attackers.plans(draw, attack.count(600), origin=lambda hand: origins[hand]())
    people = attackers.at_random(draw)
    attack.send(plans, lambda _n: HOLDS_EACH, LetsGo, lambda _home: people, confirm=False)


def slow_drip(attack: Attack) -> None:
    """3,000 accounts of two people each, one device and address an account, in no hurry."""
    draw = attack.draw
    number = iter(range(10**9))

    def alone(_hand: int) -> Origin:
        n = next(number)
        return Origin(f"alat-{n}", address(70, n))

    plans = [
        Plan(
            email=f"tetes{n}@contoh.test",
            people=(),
            origin=alone(0),
            joined_at=OPENS_AT - timedelta(minutes=draw.randrange(1, 20_000)),
            is_honest=False,
        )
        for n in range(attack.count(3000))
    ]
    people = attackers.at_random(draw)
    attack.send(plans, lambda _n: 2, Attacker, lambda _home: people)


def brokers(attack: Attack) -> None:
    """400 accounts of brokers book for buyers who exist, pay, and come. Reported, not gated."""
    draw = attack.draw
    origins = [attackers.origins(draw, hand) for hand in range(40)]
    plans = attackers.plans(
        draw, attack.count(400), origin=lambda hand: origins[hand](), hands=40, named=BROKER
    )
    buyer = _buyers(draw)
    attack.send(plans, lambda _n: 5, Attacker, lambda _home: buyer)


def _buyers(draw: random.Random) -> Callable[[], Identity]:
    """People who exist, each of them once."""
    made = attackers.at_random(draw)

    def buyer() -> Identity:
        one = made()
        registry.KNOWN.add(one.nik)
        return one

    return buyer


def insider(attack: Attack) -> None:
    """An officer of one office books the counter's seats for three brokers' buyers."""
    draw = attack.draw
    origins = attackers.origins(draw, 0)
    plans = attackers.plans(draw, 3, origin=lambda _hand: origins(), hands=1, named=BROKER)
    attack.homes += settle(plans)
    attack.insider = Insider(attack.play, draw, attack.homes, _buyers(draw))
    attack.insider.begin()


@dataclass(frozen=True)
class Variant:
    name: str
    fill: Callable[[Attack], None]
    told: str
    registry_away: bool = False
    is_gated: bool = True


VARIANTS = (
    Variant("2017", of_2017, "72,000 applications from 200 accounts"),
    Variant("one-nik-each", one_nik_each, "8,000 accounts with one invented NIK each"),
    Variant("hold-and-let-go", hold_and_let_go, "600 accounts that hold and let go"),
    Variant("slow-drip", slow_drip, "3,000 accounts under every single limit"),
    Variant("insider", insider, "an officer who sells the counter's seats"),
    Variant("registry-away", one_nik_each, "the same 8,000, the registry away", registry_away=True),
    Variant("brokers", brokers, "400 accounts with their buyers' real NIKs", is_gated=False),
)
