"""Idempotency-Key: a phone that asks again gets the same answer, and nothing twice.

Only answers of work that was done are kept. A refusal changed nothing, so asking again
simply tries again.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from paspor.kernel import batches, prepared
from paspor.kernel.errors import N_, Conflict, DomainError, Invalid
from paspor.kernel.models import StoredAnswer

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
VISIBLE = re.compile(r"[!-~]{1,80}")

type Answer = tuple[int, Any]


class KeyMissing(DomainError):
    code = "idempotency_key_missing"
    status = 400
    message = N_("Kirimkan tajuk Idempotency-Key.")


class KeyMalformed(DomainError):
    code = "idempotency_key_malformed"
    status = 400
    message = N_("Idempotency-Key harus terdiri atas 1 sampai 80 karakter ASCII yang terlihat.")


class KeyInUse(Conflict):
    code = "idempotency_key_in_use"
    message = N_("Permintaan yang sama masih diproses. Silakan coba lagi sesaat lagi.")

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    message = N_("Idempotency-Key ini sudah dipakai untuk permintaan yang berbeda.")


def key_of(request: Any) -> str:
    """The key that a request must carry. Raises KeyMissing, KeyMalformed."""
    key = request.headers.get(HEADER, "")
    if not key:
        raise KeyMissing
    check_key(key)
    return key


def check_key(key: str) -> None:
    """1 to 80 visible ASCII characters, else KeyMalformed."""
    if not VISIBLE.fullmatch(key):
        raise KeyMalformed


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Tells one request from another: the same key may not carry a different one."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def answer_once(
    *, user_id: int, key: str, fingerprint: str, work: Callable[[], Answer], now: datetime
) -> tuple[int, Any, bool]:
    """Do ``work`` once for this key; returns (status, JSON body, whether it is a replay).

    Work and answer are one transaction, so after a crash neither is there. Two requests
    at the same moment: one works, the other gets KeyInUse (409). A key that carried
    another request before: KeyReused (422). What ``work`` raises undoes all of it.
    """
    check_key(key)
    with transaction.atomic(durable=True):
        stored = _stored_answer(user_id, key)
        if stored is not None:
            known, status, body = stored
            if known != fingerprint:
                raise KeyReused
            return status, body, True
        status, body = work()
        answer = StoredAnswer(
            user_id=user_id,
            key=key,
            fingerprint=fingerprint,
            status=status,
            body=body,
            created_at=now,
        )
        prepared.insert(answer)
    return status, body, False


def has_answer(*, user_id: int, key: str) -> bool:
    """Whether work was done under this key: asking again costs little then."""
    return StoredAnswer.objects.filter(user_id=user_id, key=key).exists()


def _stored_answer(user_id: int, key: str) -> tuple[str, int, Any] | None:
    """Lock the key, then look: fingerprint, status and body. Raises KeyInUse."""
    with connection.preparing_cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, status, body FROM kernel_stored_answer(%s, %s)", [user_id, key]
        )
        found = cursor.fetchone()
    if found is None:
        raise KeyInUse
    known, status, body = found
    return None if known is None else (known, status, json.loads(body))


def forget_answers(now: datetime) -> int:
    """Delete answers older than 24 hours; returns how many."""
    return batches.delete(StoredAnswer.objects.filter(created_at__lt=now - KEPT))


def forget_user(user_id: int) -> None:
    """Delete a user's answers: they repeat the names of the people booked for."""
    StoredAnswer.objects.filter(user_id=user_id).delete()
