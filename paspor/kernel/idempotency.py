"""Idempotency-Key: a phone that asks again gets the same answer, and nothing twice.

Only answers of work that was done are kept. A refusal changed nothing, so asking again
simply tries again.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from paspor.kernel import batches
from paspor.kernel.errors import N_, Conflict, DomainError, Invalid
from paspor.kernel.models import StoredAnswer
from paspor.kernel.prepared import writing
from paspor.kernel.prepared.reading import Prepared
from paspor.kernel.prepared.writing import Addition

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


class Answered(Exception):  # the answer, which stops the work
    """The work was done under this key before: what was said then."""

    def __init__(self, status: int, body: Any) -> None:
        self.status, self.body = status, body


class KeyTaken(Exception):
    """Somebody else came first under this key, since it was looked for."""


@dataclass
class Keyed:
    """A request under its key, for work that writes its own answer in one statement.

    The work asks ``ANSWERED`` among what it reads, tells ``look`` what that gave, locks the
    key by ``FREE`` in the statement that writes, and adds ``answering`` to it.
    """

    user_id: int
    key: str
    fingerprint: str
    now: datetime
    answer: Answer | None = None

    @property
    def named(self) -> tuple[int, str]:
        return self.user_id, self.key

    def look(self, found: list[tuple[str, int, Any]]) -> None:
        """Raises Answered, KeyReused."""
        for known, status, body in found:
            if known != self.fingerprint:
                raise KeyReused
            raise Answered(status, body)

    def answering(self, status: int, body: Any) -> Addition:
        self.answer = status, body
        row = {
            "user_id": self.user_id,
            "key": self.key,
            "fingerprint": self.fingerprint,
            "status": status,
            "body": body,
            "created_at": self.now,
        }
        return writing.addition(StoredAnswer, row)


# The answer under a key, where there is one; a Keyed's ``named`` are its values.
ANSWERED: Prepared[tuple[str, int, Any]] = Prepared(
    lambda user, key: StoredAnswer.objects.filter(user_id=user, key=key).values_list(
        "fingerprint", "status", "body"
    )
)
# One row where the key is locked now and nothing was answered under it, else none.
FREE = "SELECT true AS is_free FROM kernel_stored_answer(%s, %s) WHERE fingerprint IS NULL"
LOCKED = "SELECT fingerprint, status, body FROM kernel_stored_answer(%s, %s)"
# The lock that kernel_stored_answer tries.
WAIT = "SELECT pg_advisory_xact_lock(hashtextextended(%s::bigint || ':' || %s, 0))"


def answer_once(
    keyed: Keyed, work: Callable[[], Answer], *, patience: timedelta = timedelta(0)
) -> tuple[int, Any, bool]:
    """Do ``work`` once for this key; returns (status, JSON body, whether it is a replay).

    Work and answer are one transaction, so after a crash neither is there. Two requests
    at the same moment: one works, the other waits for it as long as ``patience`` and then
    gets KeyInUse (409). A key that carried another request before: KeyReused (422). What
    ``work`` raises undoes all of it.
    """
    check_key(keyed.key)
    try:
        with transaction.atomic(durable=True):
            keyed.look(_locked(keyed, patience))
            status, body = work()
            keyed.answering(status, body).write()
    except Answered as known:
        return known.status, known.body, True
    return status, body, False


def answer_ahead(keyed: Keyed, work: Callable[[Keyed], None]) -> tuple[int, Any, bool]:
    """Answer once under the key, of work that stores its answer itself (Keyed).

    Call it outside any transaction: the statement that writes is one.
    """
    check_key(keyed.key)
    try:
        try:
            work(keyed)
        except KeyTaken:
            keyed.look(_locked(keyed))
            raise KeyInUse from None
    except Answered as known:
        return known.status, known.body, True
    if keyed.answer is None:
        raise RuntimeError("This work writes its own answer, and has written none.")
    return *keyed.answer, False


def has_answer(*, user_id: int, key: str) -> bool:
    """Whether work was done under this key: asking again costs little then."""
    return StoredAnswer.objects.filter(user_id=user_id, key=key).exists()


def _locked(keyed: Keyed, patience: timedelta = timedelta(0)) -> list[tuple[str, int, Any]]:
    """Lock the key, then look what was answered under it. Raises KeyInUse."""
    found = _try_lock(keyed)
    if found is None and patience:
        _wait(keyed, patience)
        found = _try_lock(keyed)
    if found is None:
        raise KeyInUse
    known, status, body = found
    return [] if known is None else [(known, status, json.loads(body))]


def _try_lock(keyed: Keyed) -> tuple[str | None, int, str] | None:
    with connection.preparing_cursor(LOCKED) as cursor:
        cursor.execute(LOCKED, keyed.named)
        return cursor.fetchone()


def _wait(keyed: Keyed, patience: timedelta) -> None:
    """Until this transaction has the key's lock; the database wakes it. Raises KeyInUse."""
    limit = f"{patience // timedelta(milliseconds=1)}ms"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [limit])
            cursor.execute(WAIT, keyed.named)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise KeyInUse from error
        raise


def forget_answers(now: datetime) -> int:
    """Delete answers older than 24 hours; returns how many."""
    return batches.delete(StoredAnswer.objects.filter(created_at__lt=now - KEPT))


def forget_user(user_id: int) -> None:
    """Delete a user's answers: they repeat the names of the people booked for."""
    StoredAnswer.objects.filter(user_id=user_id).delete()
