"""The line on a real Valkey: one place each, in order, and never more passes than there are."""

import random
from datetime import timedelta

import pytest
from django.core.cache import caches
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queueing.admission import room, rules
from queueing.admission.rules import State
from queueing.admission.services import turns
from tests.at_once import at_once
from tests.cache_prefix import new_cache_prefix
from tests.queueing.admission.lining import NOW, later, share

WAVE = rules.wave_of(NOW + timedelta(minutes=5))
OPENED = NOW + timedelta(minutes=5)


def state(account, now=NOW):
    return turns.look(account, now=now).state


def test_passes_go_in_order_and_the_others_wait():
    share(passes=2)
    taken = [turns.take(name, now=NOW) for name in "abcd"]
    assert [turn.state for turn in taken] == [State.PASS, State.PASS, State.WAITING, State.WAITING]
    assert [turn.ahead for turn in taken] == [0, 0, 0, 1]


def test_hammering_from_many_devices_keeps_the_one_place():
    share(passes=1)
    turns.take("a", now=NOW)
    turns.take("b", now=NOW)
    turns.take("c", now=NOW)
    asked = at_once([lambda: turns.take("c", now=later(1))] * 20)
    assert {(turn.state, turn.ahead, turn.waiting) for turn in asked} == {(State.WAITING, 1, 2)}


def test_a_pass_that_was_given_back_is_the_next_ones():
    share(passes=1)
    turns.take("a", now=NOW)
    turns.take("b", now=NOW)
    turns.take("c", now=NOW)
    turns.done("a", now=NOW)
    # Whoever asks first does not overtake.
    assert state("c") == State.WAITING
    assert state("b") == State.PASS


def test_a_pass_ends_by_itself_and_is_longer_while_it_is_used():
    share(passes=1, pass_seconds=120, most_seconds=200)
    turns.take("a", now=NOW)
    turns.take("b", now=NOW)
    assert turns.take("a", now=later(60)).state == State.PASS
    turns.look("b", now=later(60))
    assert state("b", later(130)) == State.WAITING
    # Not for ever: 200 seconds after the first use, however often it was used.
    for second in (170, 190):
        turns.take("a", now=later(second))
    assert state("b", later(199)) == State.WAITING
    assert state("b", later(201)) == State.PASS


def test_somebody_who_types_is_not_thrown_out():
    share(passes=1, pass_seconds=120, work_seconds=600)
    turns.take("a", now=NOW)
    turns.keep_working("a", now=later(100))
    assert turns.take("a", now=later(690)).state == State.PASS
    assert turns.keep_working("nobody", now=NOW).state == State.NONE


def test_whoever_is_away_when_called_keeps_the_place_and_holds_nobody_up():
    share(passes=1, pass_seconds=600)
    for name in "abc":
        turns.take(name, now=NOW)
    gone = later(rules.AWAY_SECONDS)
    turns.look("c", now=later(60))
    turns.done("a", now=gone)
    # b has closed the page: c is let by, and b comes next.
    assert state("c", gone) == State.PASS
    turns.take("d", now=gone)
    back = later(300)
    turns.look("d", now=later(140))
    turns.look("d", now=later(210))
    turns.done("c", now=later(230))
    assert turns.look("b", now=back).state == State.PASS


def test_a_place_ends_when_its_page_was_closed_for_long():
    share(passes=1, keep_seconds=600)
    for name in "ab":
        turns.take(name, now=NOW)
    turns.take("x", now=later(100))  # somebody asks, so b is seen to be away
    assert state("b", later(599)) != State.NONE
    turns.take("x", now=later(700))
    turns.take("x", now=later(1300))
    assert state("b", later(1301)) == State.NONE


def test_draw_is_among_those_who_were_there_and_before_those_who_came_after():
    share(passes=1, waves=(WAVE,))
    early = [f"early{n}" for n in range(30)]
    for name in early:
        assert turns.take_early(name, wave=WAVE, now=NOW).state == State.EARLY
    before = OPENED - timedelta(seconds=10)
    assert {turns.look(name, now=before).ahead for name in early} == {0}  # nothing is told
    late = [turns.take(f"late{n}", now=OPENED) for n in range(3)]
    assert [turn.ahead for turn in late] == [30, 31, 32]
    ranks = [turns.look(name, now=OPENED) for name in early]
    assert sorted(turn.ahead for turn in ranks if turn.state == State.WAITING) != []
    assert sum(turn.state == State.PASS for turn in ranks) == 1


def test_coming_again_before_the_draw_keeps_the_lot():
    share(passes=1, waves=(WAVE,))
    for n in range(20):
        turns.take_early(f"other{n}", wave=WAVE, now=OPENED - timedelta(seconds=10))
        turns.take_early("me", wave=WAVE, now=OPENED - timedelta(seconds=10))
    line = caches["default"]._cache.get_client()
    key = caches["default"].make_key("admission:line:places")
    place = line.hget(key, "me")
    at_once([lambda: turns.take_early("me", wave=WAVE, now=OPENED - timedelta(seconds=5))] * 10)
    assert line.hget(key, "me") == place


def test_whoever_books_before_the_draw_loses_nothing_where_there_is_room():
    share(passes=2, waves=(WAVE,))
    turns.take_early("a", wave=WAVE, now=NOW)
    assert turns.take("a", now=NOW).state == State.PASS
    turns.done("a", now=NOW)
    assert state("a") == State.EARLY


def test_leaving_gives_up_place_and_pass():
    share(passes=1)
    for name in "abc":
        turns.take(name, now=NOW)
    turns.leave("b", now=NOW)
    turns.leave("a", now=NOW)
    assert [state(name) for name in "abc"] == [State.NONE, State.NONE, State.PASS]


def test_a_rush_of_two_hundred_gives_exactly_as_many_passes_as_there_are():
    share(passes=37)
    taken = at_once([lambda n=n: turns.take(f"p{n}", now=NOW) for n in range(200)])
    assert sum(turn.state == State.PASS for turn in taken) == 37
    waiting = sorted(turn.ahead for turn in taken if turn.state == State.WAITING)
    assert waiting == list(range(163))


def test_whoever_asks_by_a_slower_clock_is_in_line_all_the_same():
    share(passes=1)
    turns.take("a", now=NOW)
    turns.take("b", now=later(3))
    behind = turns.take("c", now=later(1))
    assert (behind.state, behind.ahead) == (State.WAITING, 1)


def test_many_refusals_open_the_line_and_few_do_not():
    share(passes=10, pressure=3)
    for n in range(2):
        turns.refused(f"a{n}", now=NOW)
    assert room.current().is_pressed is False
    turns.refused("a3", now=NOW)
    room.forget()
    assert room.current().is_open(NOW)


def test_a_process_that_has_just_woken_knows_of_the_line_from_its_first_request_on():
    share(passes=1, waves=(rules.wave_of(NOW) - 5,))
    for _round in range(5):
        room.forget()
        assert {known.is_open(NOW) for known in at_once([room.current] * 10)} == {True}
        room._knowledge._known = room.Known(room.USUAL)


def test_without_a_server_there_is_no_line(settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    room.forget()
    assert turns.take("a", now=NOW) is None
    assert turns.look("a", now=NOW) is None
    turns.done("a", now=NOW)
    assert room.current() == room.Known(room.USUAL)


class Line(RuleBasedStateMachine):
    """Any order of acts, beside a model of it: nobody present is overtaken, each is served once."""

    PASSES = 3

    @initialize()
    def begin(self):
        new_cache_prefix()
        share(passes=self.PASSES, pass_seconds=60, most_seconds=60, keep_seconds=600)
        self.now = NOW
        self.order: list[str] = []  # who waits, as they came
        self.passes: dict[str, float] = {}
        self.served: list[str] = []
        self.count = 0

    def live(self):
        second = self.now.timestamp()
        return {name for name, ends in self.passes.items() if ends > second}

    def judge(self, name, turn):
        """What was answered must follow from who is there."""
        free = self.PASSES - len(self.live())
        rank = self.order.index(name)
        if turn.state == State.PASS:
            assert rank < free, "somebody was overtaken"
            self.order.remove(name)
            self.served.append(name)
            self.passes[name] = self.now.timestamp() + 60
        else:
            assert (turn.state, turn.ahead) == (State.WAITING, rank)
            assert rank >= free, "somebody waits beside a free pass"

    @rule()
    def come(self):
        self.count += 1
        name = f"p{self.count}"
        self.order.append(name)
        self.judge(name, turns.take(name, now=self.now))

    @rule(data=st.data())
    def look(self, data):
        if self.order:
            name = data.draw(st.sampled_from(self.order))
            self.judge(name, turns.look(name, now=self.now))

    @rule(data=st.data())
    def finish(self, data):
        if live := sorted(self.live()):
            name = data.draw(st.sampled_from(live))
            turns.done(name, now=self.now)
            del self.passes[name]

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        # Everybody's page looks again meanwhile, in any order.
        for name in random.Random(seconds).sample(self.order, len(self.order)):
            self.judge(name, turns.look(name, now=self.now))

    @invariant()
    def never_too_many(self):
        assert len(self.live()) <= self.PASSES
        assert len(self.served) == len(set(self.served))


Line.TestCase.settings = examples(max_examples=25, stateful_step_count=30, deadline=None)
test_any_order_of_acts = pytest.mark.filterwarnings("default")(Line.TestCase)
