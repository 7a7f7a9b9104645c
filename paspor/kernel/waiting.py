"""What takes the place of a proof of work where no script runs: a wait, and a mailed code.

The ticket is signed and says since when, for what and for whom it waits: nobody shortens
it, lends it or uses it twice. Waiting costs a program nothing, so an act whose mail is not
proved by itself also needs the code, and the doors count who comes this way.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from paspor.kernel.codes import new_code, normalized
from paspor.kernel.policies import PROOF_MINUTES, PROOF_WAIT_SECONDS
from paspor.kernel.proof import Purpose, bound_to, use_once

SALT = "paspor.waiting"
CODE_LENGTH = 8
MOST_CHARACTERS = 1000
# Signing up sends a code to the address in any case, and does nothing without it.
NEEDS_CODE = {Purpose.HOLD}


class Outcome(StrEnum):
    DONE = "done"
    TOO_EARLY = "too_early"
    CODE_WRONG = "code_wrong"
    # Invented, expired, used, for something else, or none at all.
    NOT_VALID = "not_valid"


@dataclass(frozen=True)
class Wait:
    """``code`` is the digest of the mailed one, "" while none was mailed."""

    number: str
    since: int
    bound: str
    code: str = ""

    def ends_at(self, now: datetime) -> datetime:
        return datetime.fromtimestamp(self.since, tz=now.tzinfo) + timedelta(
            seconds=PROOF_WAIT_SECONDS.at(now=now)
        )

    def expires(self, now: datetime) -> int:
        return self.since + 60 * PROOF_MINUTES.at(now=now)

    @property
    def ticket(self) -> str:
        return signing.dumps([self.number, self.since, self.bound, self.code], salt=SALT)


def begin(*, purpose: Purpose, about: str, now: datetime) -> Wait:
    return Wait(secrets.token_hex(8), int(now.timestamp()), bound_to(purpose, about))


def read(ticket: str, *, purpose: Purpose, about: str, now: datetime) -> Wait | None:
    """The wait of this ticket, if it is for ``about`` and has not expired."""
    if not ticket or len(ticket) > MOST_CHARACTERS:
        return None
    try:
        wait = Wait(*signing.loads(ticket, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    fits = wait.bound == bound_to(purpose, about) and now.timestamp() < wait.expires(now)
    return wait if fits else None


def with_code(wait: Wait) -> tuple[Wait, str]:
    """The wait with a new code, which stands nowhere but in the mail."""
    code = new_code(CODE_LENGTH)
    return Wait(wait.number, wait.since, wait.bound, _digest(wait.number, code)), code


def judge(wait: Wait | None, *, purpose: Purpose, code: str, now: datetime) -> Outcome:
    if wait is None:
        return Outcome.NOT_VALID
    if purpose in NEEDS_CODE and not _is_code(wait, code):
        return Outcome.CODE_WRONG
    return Outcome.TOO_EARLY if now < wait.ends_at(now) else Outcome.DONE


def spend(wait: Wait, *, now: datetime) -> str:
    """The name under which it is used up now, or "" where it was used before."""
    return wait.number if use_once(wait.number, until=wait.expires(now), now=now) else ""


def _is_code(wait: Wait, typed: str) -> bool:
    digest = _digest(wait.number, normalized(typed))
    return bool(wait.code) and constant_time_compare(wait.code, digest)


def _digest(number: str, code: str) -> str:
    return salted_hmac("paspor.waiting.code", f"{number}:{code}", algorithm="sha256").hexdigest()
