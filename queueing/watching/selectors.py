"""Watches of an account. Nothing here writes."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from queueing.watching.errors import WatchUnknown
from queueing.watching.models import Watch

# So long a watch stays in the list after its last day: who was never told reads there that
# it has ended.
READ_FOR = timedelta(days=14)


def watches_of(account: User) -> QuerySet[Watch]:
    """Newest first: those that wait, that were told, and that ended lately."""
    watches = Watch.objects.filter(account=account).select_related("office", "told_office")
    return watches.order_by("-pk")


def unheard_of(account: User) -> QuerySet[Watch]:
    """Those that wait, and those that ended without a word."""
    return watches_of(account).filter(told_at=None)


def waiting_of(account: User, *, now: datetime) -> list[Watch]:
    return [watch for watch in unheard_of(account) if is_waiting(watch, now)]


def watch_of(account: User, code: str) -> Watch:
    """Raises WatchUnknown, also for somebody else's."""
    found = watches_of(account).filter(code=code).first()
    if found is None:
        raise WatchUnknown
    return found


def is_waiting(watch: Watch, now: datetime) -> bool:
    return watch.told_at is None and watch.until >= watch.office.today(now)


def state(watch: Watch, now: datetime) -> str:
    if watch.told_at is not None:
        return "told"
    return "waiting" if is_waiting(watch, now) else "over"


def over(now: datetime) -> QuerySet[Watch]:
    """Those that have been read for long enough after their last day; told or not."""
    return Watch.objects.filter(until__lt=now.date() - READ_FOR)
