"""Periodic work of admission. Each may run twice at once without harm."""

from celery import shared_task
from django.utils import timezone

from queueing.admission.services import announcing


@shared_task(name="admission.announce")
def announce() -> None:
    """Tell all web processes of the openings to come and of the figures."""
    announcing.announce(timezone.now())
