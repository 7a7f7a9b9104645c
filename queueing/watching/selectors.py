"""Watches of an account. Nothing here writes."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from queueing.watching.errors import WatchUnknown
from queueing.watching.models import Watch


def watches_of(account: User) -> QuerySet[Watch]:
    """Newest first, those that wait and those that were told."""
    return Watch.objects.filter(account=account).select_related("office").order_by("-pk")


def waiting_of(account: User, *, now: datetime) -> list[Watch]:
    return [watch for watch in watches_of(account).filter(told_at=None) if is_waiting(watch, now)]


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
    """Those whose last day is past in every zone; told or not."""
    return Watch.objects.filter(until__lt=now.date() - timedelta(days=1))
