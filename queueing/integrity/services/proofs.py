"""Asking for a proof of work before a hold (docs/decisions/0004-proof-of-work.md)."""

from datetime import datetime

from paspor.kernel import load
from paspor.kernel.proof import ProofNeeded, Purpose
from queueing.booking.ports import Attempt
from queueing.integrity.policies.proof import PROOF_FROM_HOLDS, PROOF_FROM_RISK
from queueing.integrity.rules.proof import hold_pressure
from queueing.integrity.selectors import risk, scores


def ask(attempt: Attempt, *, now: datetime) -> None:
    """Raises ProofNeeded. Never for an account with a clean record on an ordinary day."""
    pressure = hold_pressure(
        risk=scores.risk_of(attempt.account),
        much_risk=PROOF_FROM_RISK.at(now=now),
        is_limited=risk.is_limited(attempt.account, now=now),
        holds=load.count("hold", now=now),
        many_holds=PROOF_FROM_HOLDS.at(now=now),
    )
    if pressure >= 1 and not attempt.proved:
        about = attempt.account.code
        raise ProofNeeded(purpose=Purpose.HOLD, about=about, pressure=pressure, now=now)
