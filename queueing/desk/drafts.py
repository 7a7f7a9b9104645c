"""What an officer typed while a second one decides: sealed, the first one's alone, for hours."""

import json
from collections.abc import Mapping

from django.core.cache import cache

from accounts.models import User
from paspor.kernel import cipher


def keep(officer: User, approval: str, typed: Mapping[str, str], *, seconds: int) -> None:
    """Under the code of the request that it waits for; it ends when the request does."""
    key = _key(officer, approval)
    cache.set(key, cipher.encrypt(json.dumps(dict(typed)), bound_to=key), seconds)


def kept(officer: User, approval: str) -> dict[str, str]:
    """Nothing where it has ended, or another officer typed it."""
    key = _key(officer, approval)
    found = cache.get(key)
    if found is None:
        return {}
    try:
        return json.loads(cipher.decrypt(*found, bound_to=key))
    except cipher.CannotDecrypt:
        return {}


def _key(officer: User, approval: str) -> str:
    return f"walk-in-draft:{officer.pk}:{approval}"
