"""Periodic work of quota. Each may run twice at once without harm."""

from celery import shared_task
from django.utils import timezone

from queueing.quota.services import following, releases, walk_ins


@shared_task(name="quota.plan_releases")
def plan_releases() -> None:
    """Announce each office's next opening, once."""
    releases.plan_due(timezone.now())


@shared_task(name="quota.prepare_releases")
def prepare_releases() -> None:
    """Make the seats of what opens soon; booking then serves first rights before it opens."""
    releases.prepare_due(timezone.now())


@shared_task(name="quota.follow_calendar")
def follow_calendar() -> None:
    """Go on with changes of calendar whose following was cut off."""
    following.follow_cut_off(now=timezone.now())


@shared_task(name="quota.return_counter_seats")
def return_counter_seats() -> None:
    """Give unused seats of the counter to online, where an office has set an hour for it."""
    walk_ins.return_due(timezone.now())
