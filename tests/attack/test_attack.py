"""The history in small: `make attack` plays it in full."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests.attack import headquarters, over_http
from tests.attack.command import LEAST_SHARE, MOST_LIMITED
from tests.attack.run import Outcome, play
from tests.attack.variants import VARIANTS

# 160 people, 192 seats.
SCALE = 0.008


@pytest.fixture
def game(committed_db: str, monkeypatch: pytest.MonkeyPatch):
    """Plays a variant with the registry that knows the people of the play."""
    monkeypatch.setattr(settings, "IDENTITY_VERIFIER", "tests.attack.registry.Population")
    monkeypatch.setattr(headquarters, "SCORES", timedelta(hours=12))
    monkeypatch.setattr(headquarters, "LOOKS", timedelta(hours=12))

    def play_one(name: str, *, defended: bool = True) -> Outcome:
        variant = next(one for one in VARIANTS if one.name == name)
        return play(variant, scale=SCALE, seed=2017, defended=defended)

    return play_one


def test_the_attack_of_2017_costs_honest_people_nothing(game):
    outcome = game("2017")

    assert outcome.honest_share >= LEAST_SHARE
    assert outcome.honest_limited <= MOST_LIMITED
    assert outcome.attackers_caught == 1
    assert outcome.seats_held_at_end == 0
    assert outcome.told["attack:limit_reached"] > 200


def test_without_defences_it_starves_them_as_it_did(game):
    outcome = game("2017", defended=False)

    assert outcome.honest_share < 0.6
    assert outcome.attackers_caught == 0


def test_seats_that_are_held_and_let_go_are_there_for_others(game):
    outcome = game("hold-and-let-go")

    assert outcome.honest_share >= LEAST_SHARE
    assert outcome.attackers_caught == 1


def test_the_mobile_app_is_told_the_same(committed_db):
    assert over_http.play(committed_db).faults() == []
