"""A proof of work before an act, in ALTCHA's protocol (docs/decisions/0004-proof-of-work.md).

A challenge is signed and names what it is for, so nothing is stored when it is issued.
Whoever solves it has computed for seconds, and may do that one thing once.
"""

import base64
import binascii
import json
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import altcha
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from paspor.kernel.errors import N_, DomainError
from paspor.kernel.policies import PROOF_MINUTES, PROOF_MOST_TIMES, PROOF_STEPS

HEADER = "X-Proof"
# Browsers derive keys natively, so a page is about as fast as a program made for it; with
# single hashes it would be some forty times slower (docs/performance.md).
ALGORITHM = "PBKDF2/SHA-256"
COST = 2000  # iterations a step: most of a step is hashing, and ours to issue stays cheap
MOST_CHARACTERS = 4000


class Purpose(StrEnum):
    SIGN_UP = "sign_up"
    HOLD = "hold"


class ProofNeeded(DomainError):
    """Carries the challenge in its member ``proof``; the answer comes in X-Proof."""

    code = "proof_needed"
    status = 428
    message = N_(
        "Pemeriksaan keamanan diperlukan sebelum melanjutkan. "
        "Perangkat Anda mengerjakannya sendiri dalam beberapa detik."
    )

    def __init__(self, *, purpose: Purpose, about: str, pressure: float = 1, now: datetime) -> None:
        challenge = issue(purpose=purpose, about=about, pressure=pressure, now=now)
        super().__init__(extras={"proof": challenge})
        self.purpose = purpose
        self.about = about


def issue(*, purpose: Purpose, about: str, pressure: float = 1, now: datetime) -> dict[str, Any]:
    """A challenge for ``about``, as a solver takes it (JSON).

    Its work grows with ``pressure``: how many times over the limit what is seen lies.
    The solution lies between half of ``data.most`` and all of it, so progress can be told.
    """
    most = round(PROOF_STEPS.at(now=now) * times(pressure, most=PROOF_MOST_TIMES.at(now=now)))
    half = most // 2
    return altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=half + secrets.randbelow(most - half),
        expires_at=now + timedelta(minutes=PROOF_MINUTES.at(now=now)),
        data={"for": bound_to(purpose, about), "most": most},
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("solution"),
    ).to_dict()


def times(pressure: float, *, most: int) -> float:
    return max(1.0, min(float(most), pressure))


def bound_to(purpose: Purpose, about: str) -> str:
    """What a challenge is for, opaque to its reader."""
    return salted_hmac("paspor.proof.for", f"{purpose}:{about}", algorithm="sha256").hexdigest()


def spend(payload: str, *, purpose: Purpose, about: str, now: datetime) -> str:
    """The name under which this proof is used up now, or "" where it does not hold.

    It holds once, for ``about``, until it expires. While the cache is away it may come
    again: signature, expiry and what it is for still hold, and the portal goes on.
    """
    solved = _read(payload)
    if solved is None:
        return ""
    result = altcha.verify_solution(solved, _key("challenge"), hmac_key_secret=_key("solution"))
    parameters = solved.challenge.parameters
    if not result.verified or parameters.expires_at <= now.timestamp():
        return ""
    name = str(solved.challenge.signature)
    fits = parameters.data["for"] == bound_to(purpose, about)
    return name if fits and use_once(name, until=parameters.expires_at, now=now) else ""


def use_once(name: str, *, until: float, now: datetime) -> bool:
    return cache.add(f"proof-used:{name}", value=True, timeout=int(until - now.timestamp()) + 60)


def give_back(name: str) -> None:
    """What it was spent on was refused: it may be used again."""
    cache.delete(f"proof-used:{name}")


def _read(payload: str) -> altcha.Payload | None:
    if not payload or len(payload) > MOST_CHARACTERS:
        return None
    try:
        return altcha.Payload.from_dict(json.loads(base64.b64decode(payload)))
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None


def _key(name: str) -> str:
    return salted_hmac("paspor.proof.key", name, algorithm="sha256").hexdigest()
