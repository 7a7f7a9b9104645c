"""What speaks against an account, as the guard of bookings asks."""

from datetime import datetime

from accounts.models import User


def is_limited(account: User, *, now: datetime) -> bool:
    """Whether a restriction slows the account down; none is kept yet."""
    return False
