"""The cache that may be away: everything goes slower then, and nothing goes wrong.

A call waits at most 200 ms. After a few failures in a row the process asks no more for
some seconds (a circuit breaker), so a dead server does not slow down every page.
"""

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

WAIT_SECONDS = 0.2
FAILURES_TO_OPEN = 3
OPEN_SECONDS = 5

# In one step on the server: with EXISTS and INCR apart, a key that lapses in between
# would be made anew and never lapse again.
INCREMENT = """
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('INCRBY', KEYS[1], ARGV[1])
"""


class Breaker:
    """Stops asking after FAILURES_TO_OPEN failures; lets one caller try each OPEN_SECONDS."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0

    def allows(self) -> bool:
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return True
            if monotonic() < self._open_until:
                return False
            self._open_until = monotonic() + OPEN_SECONDS
            return True

    def succeeded(self) -> None:
        if self._failures:
            with self._lock:
                self._failures = 0

    def failed(self, error: Exception) -> None:
        with self._lock:
            self._failures += 1
            opens = self._failures == FAILURES_TO_OPEN
            if opens:
                self._open_until = monotonic() + OPEN_SECONDS
        if opens:
            log.warning("cache is away", extra={"cause": type(error).__name__})


class AtomicClient(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        """Django makes one for each command, which costs more than the command."""
        pool = self._get_connection_pool(write)
        known = self._clients.get(id(pool))
        if known is None:
            known = self._clients[id(pool)] = self._client(connection_pool=pool)
        return known

    def incr(self, key: str, delta: int) -> int:
        value = self.get_client(key, write=True).eval(INCREMENT, 1, key, delta)
        if value is None:
            raise ValueError("No such key.")
        return int(value)


class TolerantRedisCache(RedisCache):
    """Django's Redis cache, with an answer of its own for each call that fails.

    Reading finds nothing and writing does nothing. ``add`` says that it added: who uses
    it as a lock or as the first count of a limit goes on, as without a cache. ``incr``
    raises ValueError, as for a key that is not there.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = AtomicClient
        self._breaker = Breaker()
        self._options = {
            "socket_timeout": WAIT_SECONDS,
            "socket_connect_timeout": WAIT_SECONDS,
            # Once, at once: a server that was restarted leaves dead connections behind.
            "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        } | self._options

    def _ask[Answer](self, call: Callable[[], Answer], otherwise: Answer) -> Answer:
        if not self._breaker.allows():
            return otherwise
        try:
            answer = call()
        except (RedisError, OSError) as error:
            self._breaker.failed(error)
            return otherwise
        self._breaker.succeeded()
        return answer

    def answers(self) -> bool:
        """Whether the server is there, for the page of readiness."""
        return self._ask(lambda: bool(self._cache.get_client().ping()), otherwise=False)

    def run(self, script: str, keys: list[str], arguments: list[Any]) -> Any:
        """What a Lua script answers, in one round trip; None while the server is away."""

        def call() -> Any:
            names = [self.make_and_validate_key(key) for key in keys]
            client = self._cache.get_client(None, write=True)
            return client.register_script(script)(keys=names, args=arguments)

        return self._ask(call, None)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._ask(
            lambda: super(TolerantRedisCache, self).add(key, value, timeout, version), True
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(
            lambda: super(TolerantRedisCache, self).get(key, default, version), default
        )

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask(lambda: super(TolerantRedisCache, self).set(key, value, timeout, version), None)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(
            lambda: super(TolerantRedisCache, self).touch(key, timeout, version), False
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(lambda: super(TolerantRedisCache, self).delete(key, version), False)

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return self._ask(lambda: super(TolerantRedisCache, self).get_many(keys, version), {})

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._ask(lambda: super(TolerantRedisCache, self).has_key(key, version), False)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        value = self._ask(lambda: super(TolerantRedisCache, self).incr(key, delta, version), None)
        if value is None:
            raise ValueError("The cache is away.")
        return value

    def set_many(
        self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        return self._ask(
            lambda: super(TolerantRedisCache, self).set_many(data, timeout, version), list(data)
        )

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._ask(lambda: super(TolerantRedisCache, self).delete_many(keys, version), None)

    def clear(self) -> bool:
        """Refused: limits, sessions and the line at the door are in the same database."""
        raise NotImplementedError("The cache is shared; delete keys by name.")
