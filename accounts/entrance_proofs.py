"""When signing up asks for a proof of work: where many come from, or when very many come.

Neither names a person: one device, one address, a mail domain that nobody had before, or a
rush on the whole portal. Somebody who comes alone on an ordinary day is never asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts import policies, rules, selectors
from paspor.kernel import load, origin, proof_door
from paspor.kernel.proof import ProofNeeded, Purpose

LATELY = timedelta(hours=1)


@contextmanager
def checked(request: HttpRequest, email: str) -> Iterator[None]:
    """Sign up within. Raises ProofNeeded where one is needed and none came."""
    now = timezone.now()
    about = email.lower()
    with proof_door.redeemed(request, purpose=Purpose.SIGN_UP, about=about, now=now) as proved:
        pressure = _pressure(request, about, now)
        if pressure >= 1 and not proved:
            raise ProofNeeded(purpose=Purpose.SIGN_UP, about=about, pressure=pressure, now=now)
        yield


def _pressure(request: HttpRequest, email: str, now: datetime) -> float:
    by_device, by_address = selectors.sign_ups_from(origin.origin_of(request), since=now - LATELY)
    return rules.sign_up_pressure(
        rules.SignUps(
            from_device=by_device,
            from_address=by_address,
            at_new_domain=selectors.accounts_at_new_domain(email, now=now),
            in_this_minute=load.count("sign_up", now=now),
        ),
        rules.SignUps(
            from_device=policies.SIGN_UPS_PER_DEVICE.at(now=now),
            from_address=policies.SIGN_UPS_PER_ADDRESS.at(now=now),
            at_new_domain=policies.SIGN_UPS_PER_NEW_DOMAIN.at(now=now),
            in_this_minute=policies.SIGN_UPS_PER_MINUTE.at(now=now),
        ),
    )
