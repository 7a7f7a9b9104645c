"""A registry that is wrong: an honest place stands, an invented one goes all the same."""

from datetime import timedelta

import pytest

from accounts.models import IdentityCheck
from accounts.policies import IDENTITY_SECOND_LOOK_MINUTES
from accounts.registry.interface import Answer, Asked
from accounts.registry.simulator import Simulator
from queueing.integrity import tasks
from tests.cache_prefix import new_cache_prefix
from tests.factories import SlotFactory
from tests.paspor.proving import set_figure
from tests.queueing.booking.visits import book, states
from tests.queueing.integrity.conftest import (
    UNKNOWN,
    make_due,
    outcomes,
    people_of,
    registry_answers,
)

pytestmark = pytest.mark.django_db


class Emptied:
    """A registry whose records are gone: it finds nobody."""

    def verify(self, _asked: Asked) -> Answer:
        return Answer(is_found=False, matches={})


@pytest.fixture
def emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on; who was asked before has been found."""
    book(SlotFactory(capacity=1), people_of(1))
    registry_answers()
    monkeypatch.setattr(Simulator, "verify", Emptied.verify)


def ask_again() -> None:
    new_cache_prefix()  # the rest after a failure is over
    make_due()
    tasks.sweep_checks()


def test_not_found_is_not_believed_at_once():
    booking = book(SlotFactory(capacity=1), people_of(UNKNOWN))

    tasks.sweep_checks()

    check = IdentityCheck.objects.get()
    assert (check.outcome, states(booking)) == ("PENDING", ["BOOKED"])
    assert check.not_before - check.unfound_at == timedelta(minutes=15)
    make_due()
    tasks.sweep_checks()
    assert (outcomes(), states(booking)) == (["NOT_FOUND"], ["VOIDED"])


def test_who_is_found_the_second_time_keeps_the_place(monkeypatch: pytest.MonkeyPatch):
    booking = book(SlotFactory(capacity=1), people_of(2))
    with monkeypatch.context() as wrong_once:
        wrong_once.setattr(Simulator, "verify", Emptied.verify)
        tasks.sweep_checks()

    make_due()
    tasks.sweep_checks()

    assert (outcomes(), states(booking)) == (["MATCH"], ["BOOKED"])


@pytest.mark.usefixtures("emptied")
def test_a_registry_that_knows_nobody_any_more_costs_nobody_a_place():
    booking = book(SlotFactory(capacity=3), people_of(2, 3, 4))

    for _time in range(4):
        ask_again()

    assert set(states(booking)) == {"BOOKED"}
    assert IdentityCheck.objects.filter(outcome="PENDING").count() == 3


@pytest.mark.usefixtures("emptied")
def test_without_a_second_look_it_would_cost_them_theirs():
    set_figure(IDENTITY_SECOND_LOOK_MINUTES, 0)
    booking = book(SlotFactory(capacity=1), people_of(2))

    ask_again()

    assert states(booking) == ["VOIDED"]
