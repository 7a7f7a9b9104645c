"""How a request proves itself, and how a page asks for it (templates/components/proof.html).

An app or a script sends the solved challenge; a form without a script sends the ticket of
a wait, with the mailed code where one is needed.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext

from paspor.kernel import proof, ratelimit, waiting
from paspor.kernel.errors import N_
from paspor.kernel.proof import ProofNeeded, Purpose
from paspor.kernel.waiting import Outcome, Wait

# The fields of the form, beside those that it has of its own.
PROOF = "proof"
TICKET = "proof_ticket"
CODE = "proof_code"
SEND_CODE = "proof_send_code"

SAID = {
    Outcome.TOO_EARLY: N_("Waktu tunggunya belum selesai."),
    Outcome.CODE_WRONG: N_("Kodenya belum cocok. Periksa kembali kode di e-mail Anda."),
    Outcome.NOT_VALID: N_("Pemeriksaan yang tadi tidak berlaku lagi. Ini yang baru."),
}
CODE_MISSING = N_("Minta dahulu kodenya, lalu ketik di sini.")


@dataclass(frozen=True)
class Asked:
    """What the page shows; nothing of the form is lost while it is answered."""

    challenge: str
    ticket: str
    seconds_left: int
    needs_code: bool
    code_sent: bool
    notice: str = ""


@contextmanager
def redeemed(request: Any, *, purpose: Purpose, about: str, now: datetime) -> Iterator[bool]:
    """Whether a proof came along. What fails within gives it back.

    Raises TooManyRequests where too many have waited instead.
    """
    used = _spend(request, purpose=purpose, about=about, now=now)
    try:
        yield bool(used)
    except Exception:
        if used:
            proof.give_back(used)
        raise


def _spend(request: Any, *, purpose: Purpose, about: str, now: datetime) -> str:
    payload = request.headers.get(proof.HEADER) or request.POST.get(PROOF, "")
    if payload:
        return proof.spend(payload, purpose=purpose, about=about, now=now)
    if TICKET not in request.POST:
        return ""
    wait, outcome = _waited(request, purpose=purpose, about=about, now=now)
    if wait is None or outcome != Outcome.DONE:
        return ""
    ratelimit.check(request, "proof_wait")
    return waiting.spend(wait, now=now)


def _waited(
    request: Any, *, purpose: Purpose, about: str, now: datetime
) -> tuple[Wait | None, Outcome]:
    wait = waiting.read(request.POST.get(TICKET, ""), purpose=purpose, about=about, now=now)
    code = request.POST.get(CODE, "")
    return wait, waiting.judge(wait, purpose=purpose, code=code, now=now)


def wait_of(request: Any, *, purpose: Purpose, about: str, now: datetime) -> Wait:
    """The wait that this form is in, or a new one."""
    wait, outcome = _waited(request, purpose=purpose, about=about, now=now)
    # Done and yet refused: it was used before.
    if wait is None or outcome == Outcome.DONE:
        return waiting.begin(purpose=purpose, about=about, now=now)
    return wait


def proof_request(request: Any, refusal: ProofNeeded, wait: Wait, *, now: datetime) -> Asked:
    """For the page that shows the form again. ``wait`` comes from ``wait_of``."""
    left = (wait.ends_at(now) - now).total_seconds()
    return Asked(
        challenge=json.dumps(refusal.extras["proof"]),
        ticket=wait.ticket,
        seconds_left=max(0, ceil(left)),
        needs_code=refusal.purpose in waiting.NEEDS_CODE,
        code_sent=bool(wait.code),
        notice=_notice(request, refusal, now=now),
    )


def _notice(request: Any, refusal: ProofNeeded, *, now: datetime) -> str:
    """What was wrong with the answer that came, if one came."""
    if request.POST.get(PROOF):
        return gettext(SAID[Outcome.NOT_VALID])
    if not request.POST.get(TICKET) or request.POST.get(SEND_CODE):
        return ""
    if refusal.purpose in waiting.NEEDS_CODE and not request.POST.get(CODE):
        return gettext(CODE_MISSING)
    _wait, outcome = _waited(request, purpose=refusal.purpose, about=refusal.about, now=now)
    return gettext(SAID[Outcome.NOT_VALID if outcome == Outcome.DONE else outcome])
