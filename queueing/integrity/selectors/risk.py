"""What speaks against an account, as the guard of bookings asks."""

from datetime import datetime

from accounts.models import User
from queueing.integrity.selectors import restrictions


def is_limited(account: User, *, now: datetime) -> bool:
    """Whether a restriction slows the account down."""
    return restrictions.is_limited(account.pk, now=now)
