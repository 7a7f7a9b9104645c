"""Asking the civil registry what waits to be asked, and following its answers."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.services import identity as checks
from paspor.kernel import sweeps
from queueing.integrity.services import claims


def carry_checks(check_ids: Iterable[int]) -> None:
    for check_id in check_ids:
        carry(check_id)


def sweep_checks() -> int:
    """Ask what nobody was told of: lost nudges, lapsed leases, second attempts."""
    return sweeps.carry_due(carry)


def carry(check_id: int | None = None) -> bool:
    """Ask about one person and follow the answer; False where there is nothing to go on with."""
    if not checks.may_ask(timezone.now()):
        return False
    check = checks.claim(check_id=check_id, now=timezone.now())
    if check is None:
        return False
    answer = checks.hear(check=check, now=timezone.now())
    if answer is not None:
        claims.follow_answer(check=check, answer=answer, now=timezone.now())
    return True
