"""Loose limits: counted here at once, by all processes together a moment later."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from paspor.kernel import tally
from paspor.kernel.tally import Limit, Tally
from tests.at_once import at_once


@pytest.fixture
def limit() -> Iterator[Limit]:
    yield Limit("limit:tally", most=100, seconds=60)
    cache.delete("limit:tally")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stands still, so nothing is told because of time."""
    at = [1000.0]
    monkeypatch.setattr(tally, "monotonic", lambda: at[0])
    return at


def let_in(process: Tally, limit: Limit, times: int) -> int:
    return sum(process.full([limit]) == 0 for _ in range(times))


@pytest.mark.usefixtures("clock")
def test_one_process_counts_exactly(limit: Limit):
    assert let_in(Tally(), limit, 150) == 100


@pytest.mark.usefixtures("clock")
def test_the_first_that_is_full_is_named_and_later_ones_do_not_count(limit: Limit):
    process, small = Tally(), Limit("limit:small", most=1, seconds=60)
    assert [process.full([small, limit]) for _ in range(3)] == [0, 1, 1]
    assert let_in(process, limit, 150) == 99


@pytest.mark.usefixtures("clock")
def test_two_processes_pass_a_limit_by_a_tenth_at_most(limit: Limit):
    one, other = Tally(), Tally()
    passed = sum(let_in(process, limit, 1) for _ in range(100) for process in (one, other))
    assert 100 <= passed <= 110


def test_what_others_counted_is_learned_with_time(limit: Limit, clock: list[float]):
    one, other = Tally(), Tally()
    let_in(one, limit, 95)
    clock[0] += tally.TOLD_SECONDS
    one.full([Limit("limit:another", most=9, seconds=60)])  # tells of all
    assert let_in(other, limit, 50) == 5


@pytest.mark.usefixtures("clock")
def test_what_was_counted_lapses_with_its_window(limit: Limit):
    let_in(Tally(), limit, 10)
    assert cache.run("return redis.call('TTL', KEYS[1])", [limit.key], []) in range(50, 61)


@pytest.mark.usefixtures("clock")
def test_nothing_is_lost_between_threads(limit: Limit):
    process, many = Tally(), Limit("limit:many", most=10_000, seconds=60)
    at_once([lambda: let_in(process, many, 250)] * 4)
    count = process._counts[cache.make_key(many.key)]
    assert count.told + count.untold == 1000


@pytest.mark.usefixtures("dead_cache")
def test_without_a_cache_nothing_is_limited(limit: Limit):
    assert let_in(Tally(), limit, 300) == 300


def test_counts_whose_window_is_over_are_let_go(
    limit: Limit, clock: list[float], monkeypatch: pytest.MonkeyPatch
):
    process = Tally()
    let_in(process, limit, 1)
    now = tally.time()
    monkeypatch.setattr(tally, "time", lambda: now + 61)
    clock[0] += tally.TIDIED_SECONDS
    process.full([Limit("limit:later", most=9, seconds=60)])
    assert list(process._counts) == [cache.make_key("limit:later")]
