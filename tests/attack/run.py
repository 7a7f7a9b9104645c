"""One variant from its first minute to its last, and what it came to."""

import random
import sys
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db.models import QuerySet

from queueing.booking.models import Place
from queueing.integrity.models.cases import Restriction
from tests.attack import defences, registry, town
from tests.attack.clock import Clock
from tests.attack.headquarters import Headquarters
from tests.attack.play import Honest, Play, people_served
from tests.attack.variants import Attack, Variant
from tests.cache_prefix import new_cache_prefix

# The people of a slot with 24 seats are many enough to be a crowd; a smaller play has
# fewer offices, not emptier hours.
SEATS_A_SLOT = 24


@dataclass
class Outcome:
    """What one play came to. Shares are of 1."""

    variant: str
    defended: bool
    honest_people: int
    honest_served: int
    honest_accounts: int
    honest_limited: float
    attackers: int
    attackers_caught: float
    seats_before_caught: int
    seats_held_at_end: int
    seconds: float
    # Of an office with an insider: the others who work there, and whom anything was noticed of.
    colleagues: int = 0
    colleagues_noticed: int = 0
    told: dict[str, int] = field(default_factory=dict)

    @property
    def honest_share(self) -> float:
        return self.honest_served / self.honest_people

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"honest_share": self.honest_share}


def play(variant: Variant, *, scale: float, seed: int, defended: bool = True) -> Outcome:
    """Play it on the database at hand, which is fresh and is thrown away afterwards.

    Nobody is told of new work: the sweeps find it, minutes later than in life.
    """
    began = time.perf_counter()
    # Minutes of the play come twice where two plays share a cache.
    new_cache_prefix()
    clock = Clock(town.OPENS_AT - timedelta(days=15))
    clock.prepare()
    registry.STATE["is_away"] = variant.registry_away
    registry.KNOWN.clear()
    told = patch("paspor.kernel.broker.tell", lambda *_told: None)
    with clock.running(), told, nullcontext() if defended else defences.off():
        return _play(clock, variant, scale, seed, defended, began)


def _play(
    clock: Clock, variant: Variant, scale: float, seed: int, defended: bool, began: float
) -> Outcome:
    draw = random.Random(seed)
    offices = town.build_offices(seats=round(town.SEATS * scale), seats_a_slot=SEATS_A_SLOT)
    codes = tuple(office.code for office in offices)
    plans = list(town.honest_plans(draw, round(town.PEOPLE * scale), codes))
    registry.KNOWN.update(one.nik for plan in plans for one in plan.people)
    homes = town.settle(plans)
    game = Play(clock, draw, codes)
    families = [Honest(game, home) for home in homes]
    for family in families:
        game.at(town.arrival(draw), family.arrive)
    # Of its own, so that the honest do the same whoever attacks.
    attack = Attack(game, random.Random(seed + 1), scale)
    variant.fill(attack)
    headquarters = Headquarters(game, sees=defended)
    headquarters.begin()
    game.run(lambda word: _tell(f"{variant.name}: {word}"))
    outcome = _told(variant, defended, families, attack, game.told, time.perf_counter() - began)
    if attack.insider is not None:
        colleagues = {user.pk for user in attack.insider.colleagues}
        outcome.colleagues = len(colleagues)
        outcome.colleagues_noticed = len(colleagues & headquarters.noticed)
    return outcome


def _tell(word: str) -> None:
    """How far it is, to somebody who watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{word:<40}")


def _told(
    variant: Variant,
    defended: bool,
    families: list[Honest],
    attack: Attack,
    told: Counter[str],
    seconds: float,
) -> Outcome:
    hostile = [home.user.pk for home in attack.homes]
    stopped = _stopped(hostile)
    if attack.insider is not None:  # it is the officer who is looked for
        hostile = [attack.insider.user.pk]
        stopped = set(hostile) if attack.insider.is_stopped() else set()
    for family in families:
        told.update(f"honest:{code}" for code in family.refusals)
    wronged = _stopped([family.home.user.pk for family in families])
    return Outcome(
        variant=variant.name,
        defended=defended,
        honest_people=sum(len(family.home.applicants) for family in families),
        honest_served=people_served(),
        honest_accounts=len(families),
        honest_limited=len(wronged) / len(families),
        attackers=len(hostile),
        attackers_caught=len(stopped) / len(hostile) if hostile else 1.0,
        seats_before_caught=_seats(attack).filter(booked_at__isnull=False).count(),
        seats_held_at_end=_seats(attack)
        .filter(state__in=[Place.State.BOOKED, Place.State.NO_SHOW])
        .count(),
        seconds=seconds,
        told=dict(told),
    )


def _seats(attack: Attack) -> QuerySet[Place]:
    """All that the attackers ever got."""
    if attack.insider is not None:
        return Place.objects.filter(booking__made_by=attack.insider.user)
    return Place.objects.filter(booking__account__in=[home.user.pk for home in attack.homes])


def _stopped(accounts: list[int]) -> set[int]:
    """Accounts of these that lost a place to a void, or were restricted."""
    voided = Place.objects.filter(booking__account__in=accounts, state=Place.State.VOIDED)
    restricted = Restriction.objects.filter(account__in=accounts)
    return set(voided.values_list("booking__account_id", flat=True)) | set(
        restricted.values_list("account_id", flat=True)
    )
