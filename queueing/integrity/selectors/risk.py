"""What speaks against an account, as the guard of bookings asks."""

from datetime import datetime

from accounts.models import User


def risk_of(account: User) -> int:
    """0 to 100; 0 while no score of the account is kept."""
    return 0


def is_limited(account: User, *, now: datetime) -> bool:
    """Whether a restriction slows the account down; none is kept yet."""
    return False
