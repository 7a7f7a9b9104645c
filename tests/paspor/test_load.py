"""How busy the portal is, by the minute."""

from datetime import UTC, datetime, timedelta

from paspor.kernel import load
from tests.paspor.test_cache import dead_cache  # noqa: F401  # a fixture

NOW = datetime(2026, 11, 24, 3, 0, 59, tzinfo=UTC)


def test_each_minute_is_counted_anew():
    assert [load.count("hold", now=NOW) for _ in range(3)] == [1, 2, 3]
    assert load.count("sign_up", now=NOW) == 1
    assert load.count("hold", now=NOW + timedelta(seconds=1)) == 1


def test_without_a_cache_no_load_is_known(dead_cache):  # noqa: F811
    assert [load.count("hold", now=NOW) for _ in range(3)] == [1, 1, 1]
