"""Noting where accounts come from: to count by it, and to tell one hand from many."""

from datetime import datetime

from accounts.models import Trace, User
from paspor.kernel.origin import Origin


def note(*, user: User, what: Trace.What, origin: Origin, now: datetime) -> None:
    """Nothing is noted where neither installation nor address is known."""
    if origin.device or origin.address:
        Trace.objects.create(
            user=user, what=what, device=origin.device, address=origin.address, at=now
        )
