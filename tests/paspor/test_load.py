"""How busy the portal is, by the minute."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from paspor.kernel import load

NOW = datetime(2026, 11, 24, 3, 0, 59, tzinfo=UTC)


def test_each_minute_is_counted_anew():
    assert [load.count("hold", now=NOW) for _ in range(3)] == [1, 2, 3]
    assert load.count("sign_up", now=NOW) == 1
    assert load.count("hold", now=NOW + timedelta(seconds=1)) == 1


def test_in_a_rush_the_cache_is_told_of_many_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(load, "TELL_EACH_SECONDS", 60)
    key = f"load:hold:{int(NOW.timestamp()) // 60}"

    assert [load.count("hold", now=NOW) for _ in range(5)] == [1, 2, 3, 4, 5]
    assert cache.get(key) == 2  # the first and the one after it

    cache.incr(key, 10)  # another process
    monkeypatch.setattr(load, "TELL_EACH_SECONDS", 0)
    assert [load.count("hold", now=NOW) for _ in range(2)] == [16, 17]
    assert cache.get(key) == 17


def test_without_a_cache_no_load_is_known(dead_cache):
    assert [load.count("hold", now=NOW) for _ in range(3)] == [1, 1, 1]
