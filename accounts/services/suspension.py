"""Whether an account may book; why not is known above (queueing.integrity)."""

from datetime import datetime

from accounts.models import User


def lock(user_id: int) -> User:
    """The account's row, as a booking under way locks it: one of the two comes first."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def suspend(*, account: User, now: datetime) -> None:
    """From now on it books nothing. The caller holds the row."""
    account.suspended_at = now
    account.save(update_fields=["suspended_at"])


def restore(*, account: User) -> None:
    """It may book again. The caller holds the row."""
    account.suspended_at = None
    account.save(update_fields=["suspended_at"])
