"""One cache, whose absence is slower and never wrong."""

from time import monotonic

import pytest
from django.core.cache import cache

from paspor.kernel import cache as kernel_cache
from paspor.kernel.cache import Breaker, TolerantRedisCache
from tests.at_once import at_once
from tests.broken_redis import ORDINARY_PATIENCE, connections_to, silent_server


def test_a_dead_cache_answers_like_an_empty_one(dead_cache):
    assert dead_cache.get("a", "default") == "default"
    assert dead_cache.get_many(["a"]) == {}
    assert dead_cache.set("a", 1) is None
    assert dead_cache.set_many({"a": 1}) == ["a"]
    assert dead_cache.has_key("a") is False
    assert dead_cache.touch("a") is False
    assert dead_cache.delete("a") is False
    assert dead_cache.delete_many(["a"]) is None
    assert dead_cache.get_or_set("a", 5) in {None, 5}
    assert dead_cache.answers() is False


def test_nobody_empties_the_cache_of_all():
    cache.set("someone's", 1)

    with pytest.raises(NotImplementedError, match="shared"):
        cache.clear()

    assert cache.get("someone's") == 1


def test_a_dead_cache_lets_locks_and_counts_go_on(dead_cache):
    assert dead_cache.add("lock", 1) is True
    with pytest.raises(ValueError, match="away"):
        dead_cache.incr("count")


def test_a_hanging_server_costs_little_and_then_nothing():
    with silent_server() as server:
        hanging = TolerantRedisCache(f"redis://127.0.0.1:{server.getsockname()[1]}/0", {})
        started = monotonic()
        for _ in range(kernel_cache.FAILURES_TO_OPEN):
            hanging.get("a")
        assert monotonic() - started < ORDINARY_PATIENCE
        assert connections_to(server) >= kernel_cache.FAILURES_TO_OPEN

        for _ in range(200):
            hanging.get("a")
        assert connections_to(server) == 0


def test_the_breaker_lets_one_caller_try_and_closes_again(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(kernel_cache, "monotonic", lambda: clock[0])
    breaker = Breaker()
    for _ in range(kernel_cache.FAILURES_TO_OPEN):
        breaker.failed(OSError())
    assert not breaker.allows()

    clock[0] += kernel_cache.OPEN_SECONDS
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert [breaker.allows(), breaker.allows()] == [True, True]


def test_the_cache_comes_back_by_itself(monkeypatch):
    monkeypatch.setattr(kernel_cache, "OPEN_SECONDS", 0)
    for _ in range(9):
        cache._breaker.failed(OSError())

    cache.set("a", 1)

    assert cache.get("a") == 1


def test_counting_from_many_threads_loses_nothing():
    cache.add("count", 0, 60)

    counts = at_once([lambda: [cache.incr("count") for _ in range(50)]] * 8)

    assert sorted(n for some in counts for n in some) == list(range(1, 401))


def test_incr_needs_a_key_and_keeps_its_end():
    with pytest.raises(ValueError, match="away|key"):
        cache.incr("nothing")
    cache.add("count", 1, 60)
    cache.incr("count", 4)
    assert cache.get("count") == 5
    left = cache._cache.get_client().ttl(cache.make_key("count"))
    assert 0 < left <= 60


def test_one_client_serves_all_commands_of_a_thread():
    client = cache._cache

    assert client.get_client("a") is client.get_client("b", write=True)
