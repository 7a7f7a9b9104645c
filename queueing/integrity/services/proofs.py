"""Asking for a proof of work before a hold (docs/decisions/0004-proof-of-work.md)."""

from datetime import datetime, timedelta

from paspor.kernel import load
from paspor.kernel.proof import ProofNeeded, Purpose
from queueing.booking.models import Booking
from queueing.booking.ports import Attempt
from queueing.integrity.errors import LimitedPause
from queueing.integrity.policies.proof import (
    LIMITED_PAUSE_MINUTES,
    PROOF_FROM_HOLDS,
    PROOF_FROM_RISK,
)
from queueing.integrity.rules.proof import hold_pressure


def ask(attempt: Attempt, against: tuple[bool, int], *, now: datetime) -> None:
    """Raises ProofNeeded; LimitedPause of an account that is limited and too fast.

    ``against`` is what speaks against the account (selectors.risk).

    Never for an account with a clean record on an ordinary day.
    """
    is_limited, score = against
    if is_limited:
        _check_pause(attempt, now=now)
    pressure = hold_pressure(
        risk=score,
        much_risk=PROOF_FROM_RISK.at(now=now),
        is_limited=is_limited,
        holds=load.count("hold", now=now),
        many_holds=PROOF_FROM_HOLDS.at(now=now),
    )
    if pressure >= 1 and not attempt.proved:
        about = attempt.account.code
        raise ProofNeeded(purpose=Purpose.HOLD, about=about, pressure=pressure, now=now)


def _check_pause(attempt: Attempt, *, now: datetime) -> None:
    """Told before the work is asked for. What an officer booked for the account counts not."""
    minutes = LIMITED_PAUSE_MINUTES.at(now=now)
    before = Booking.objects.filter(account=attempt.account, made_by=None)
    last = before.order_by("-created_at").values_list("created_at", flat=True).first()
    free_at = last + timedelta(minutes=minutes) if last else now
    if free_at > now:
        raise LimitedPause(
            limit="limited_account",
            ends_at=free_at.astimezone(attempt.slot.office.zone),
            minutes=minutes,
            now=now,
        )
