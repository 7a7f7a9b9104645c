"""A prefix of its own for each test, in the cache that all tests share."""

import uuid

from django.core.cache import caches

from queueing.admission import room


def new_cache_prefix() -> None:
    """From now on this process, in every thread, finds nothing that was kept before."""
    prefix = f"test-{uuid.uuid4().hex}"
    caches.settings["default"]["KEY_PREFIX"] = prefix
    caches["default"].key_prefix = prefix
    room.forget()
