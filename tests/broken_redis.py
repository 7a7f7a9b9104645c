"""A Redis that is gone or hangs, for the cache and the broker."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from celery import current_app
from django.core.cache import caches

# Seconds that a client waits unless it is told to wait less. The portal waits so much less
# that a busy machine does not blur the difference.
ORDINARY_PATIENCE = 5


@pytest.fixture
def dead_cache(settings):
    """The same cache, pointed at a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    location = f"redis://127.0.0.1:{port}/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
    return caches["default"]


def silent_server() -> socket.socket:
    """Accepts connections and says nothing: what a hanging server does."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(64)
    return server


@contextmanager
def configured(**values: Any) -> Iterator[None]:
    """Celery's settings are no plain object that monkeypatch could put back."""
    before = {name: getattr(current_app.conf, name) for name in values}
    current_app.conf.update(values)
    yield
    current_app.conf.update(before)


def connections_to(server: socket.socket) -> int:
    """Those that nobody has counted yet."""
    server.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count
