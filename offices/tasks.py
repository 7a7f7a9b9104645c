"""Periodic work of the offices."""

from celery import shared_task
from django.utils import timezone

from offices.services import approvals, holidays


@shared_task(name="offices.propose_holidays")
def propose_holidays() -> int:
    """Propose the holidays of this year and the next; how many are new."""
    now = timezone.now()
    return sum(len(holidays.propose(year=now.year + n, now=now)) for n in (0, 1))


@shared_task(name="offices.forget_notes")
def forget_notes() -> None:
    approvals.forget_notes(timezone.now())
