"""Keys of one's own in the cache that all tests share."""

import uuid

from django.core.cache import caches

from queueing.admission import room


def own_keys() -> None:
    """From now on this process, in every thread, finds nothing that was kept before."""
    prefix = f"test-{uuid.uuid4().hex}"
    caches.settings["default"]["KEY_PREFIX"] = prefix
    caches["default"].key_prefix = prefix
    room.forget()
