"""The words of `make attack`, its table, and attack.json."""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests import databases
from tests.attack import over_http
from tests.attack.over_http import Sample
from tests.attack.run import Outcome, play
from tests.attack.starting import set_up
from tests.attack.variants import VARIANTS, Variant, nobody
from tests.console import say

PEACE = Variant("no-attack", nobody, "honest people alone")
# What is promised: honest people get this share of what they get without an attack, and
# so many of their accounts at most are limited by mistake.
LEAST_SHARE = 0.99
MOST_LIMITED = 0.001
HEADS = (
    ("variant", 18), ("defences", 9), ("honest", 8), ("limited", 8), ("caught", 7),
    ("seats taken", 12), ("at the end", 11), ("time", 7),
)  # fmt: skip


@dataclass(frozen=True)
class Game:
    """One variant to be played, with or without defences."""

    variant: Variant
    defended: bool = True


def main(words: Sequence[str] | None = None) -> int:
    asked = _asked(words)
    games = _games(asked.variants)
    template = databases.make_template()
    say(f"{asked.scale:g} of 20,000 people and 24,000 seats, seed {asked.seed}\n")
    say("".join(f"{head:>{width}}" for head, width in HEADS))
    one = partial(_one, template, asked.scale, asked.seed)
    workers = ProcessPoolExecutor(asked.jobs, get_context("spawn"), initializer=set_up)
    with workers:
        playing = [workers.submit(one, game) for game in (Game(PEACE), *games)]
        peace = playing[0].result()
        say(_row(peace, peace))
        outcomes = []
        for played in playing[1:]:
            outcomes.append(played.result())
            say(_row(outcomes[-1], peace))
    for one in outcomes:
        if one.colleagues:
            say(
                f"{one.variant}: of {one.colleagues} colleagues of the officer "
                f"{one.colleagues_noticed} were noticed"
            )
    sample = _over_http(template)
    say(f"\n{sample.as_text()}")
    _write(Path(asked.out), asked, [peace, *outcomes], peace)
    faults = sample.faults() + [
        fault for pair in zip(games, outcomes, strict=True) for fault in _faults(*pair, peace)
    ]
    for fault in faults:
        say(f"!! {fault}")
    return 1 if faults else 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make attack")
    parser.add_argument("--scale", type=float, default=1.0, help="of 20,000 people, 24,000 seats")
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--out", default="attack.json")
    parser.add_argument("--jobs", type=int, default=2, help="plays at the same time")
    parser.add_argument("variants", nargs="*", metavar="variant")
    return parser.parse_args(words)


def _games(named: Sequence[str]) -> list[Game]:
    """The chosen variants, and with 2017 its negative control."""
    unknown = set(named) - {one.name for one in VARIANTS}
    if unknown:
        raise SystemExit(
            f"No such variant: {', '.join(sorted(unknown))}. "
            f"There are {', '.join(one.name for one in VARIANTS)}."
        )
    games = [Game(one) for one in VARIANTS if not named or one.name in named]
    return games + [Game(one.variant, False) for one in games if one.variant.name == "2017"]


def _one(template: str, scale: float, seed: int, game: Game) -> Outcome:
    with databases.copied(template):
        return play(game.variant, scale=scale, seed=seed, defended=game.defended)


def _over_http(template: str) -> Sample:
    with databases.copied(template) as database:
        return over_http.play(database)


def _row(outcome: Outcome, peace: Outcome) -> str:
    cells = (
        outcome.variant,
        "on" if outcome.defended else "off",
        f"{_share(outcome, peace):.2%}",
        f"{outcome.honest_limited:.2%}",
        f"{outcome.attackers_caught:.0%}" if outcome.attackers else "-",
        outcome.seats_before_caught,
        outcome.seats_held_at_end,
        f"{outcome.seconds:.0f} s",
    )
    return "".join(f"{cell:>{width}}" for cell, (_head, width) in zip(cells, HEADS, strict=True))


def _share(outcome: Outcome, peace: Outcome) -> float:
    return outcome.honest_served / peace.honest_served


def _faults(game: Game, outcome: Outcome, peace: Outcome) -> list[str]:
    share = _share(outcome, peace)
    if not game.defended:
        harmed = share < LEAST_SHARE
        return [] if harmed else [f"{outcome.variant} without defences harms nobody"]
    if not game.variant.is_gated:
        return []
    found = []
    if outcome.colleagues_noticed:
        found.append(
            f"{outcome.variant}: of {outcome.colleagues} honest officers "
            f"{outcome.colleagues_noticed} were noticed"
        )
    if share < LEAST_SHARE:
        found.append(f"{outcome.variant}: honest people got {share:.2%}")
    if outcome.honest_limited > MOST_LIMITED:
        found.append(f"{outcome.variant}: {outcome.honest_limited:.2%} of the honest were limited")
    return found


def _write(
    path: Path, asked: argparse.Namespace, outcomes: Sequence[Outcome], peace: Outcome
) -> None:
    told: dict[str, Any] = {"scale": asked.scale, "seed": asked.seed}
    for group, defended in (("variants", True), ("defences_off", False)):
        told[group] = {
            one.variant: one.as_json() | {"honest_share": _share(one, peace)}
            for one in outcomes
            if one.defended is defended
        }
    path.write_text(json.dumps(told, indent=2) + "\n")
