"""A code that is mailed to show that an address is read: how often it is sent, how it is tried.

It belongs to a row with ``code_digest``, ``code_asked_at`` and ``code_tries``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from paspor.kernel.codes import new_code, normalized

LIFETIME = timedelta(minutes=15)
PAUSE = timedelta(seconds=60)
MOST_TRIES = 5
LENGTH = 8


@dataclass(frozen=True)
class MailedCode:
    """Codes for one purpose. ``salt`` keeps one of another purpose from fitting."""

    salt: str

    def new(self, now: datetime) -> tuple[str, dict[str, Any]]:
        """A code, and what its row keeps of it."""
        code = new_code(LENGTH)
        return code, {"code_digest": self._digest(code), "code_asked_at": now, "code_tries": 0}

    def comes_back(self, rows: QuerySet[Any], code: str, *, now: datetime) -> bool:
        """Whether this is the code of the one row in question. Each try is counted."""
        is_tried = open_codes(rows, now).update(code_tries=F("code_tries") + 1)
        row = rows.first() if is_tried else None
        return row is not None and constant_time_compare(self._digest(code), row.code_digest)

    def _digest(self, code: str) -> str:
        return salted_hmac(self.salt, normalized(code), algorithm="sha256").hexdigest()


def open_codes(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Those whose code may still come back."""
    return rows.filter(code_tries__lt=MOST_TRIES, code_asked_at__gt=now - LIFETIME)


def seconds_to_wait(asked_at: datetime | None, now: datetime) -> int:
    """Before another may be sent; 0 where it may be now."""
    if asked_at is None or now >= asked_at + PAUSE:
        return 0
    return int((asked_at + PAUSE - now).total_seconds()) + 1
