"""Periodic work of watching. Each may run twice at once without harm."""

from celery import shared_task
from django.utils import timezone

from queueing.watching.services import asking, telling


@shared_task(name="watching.tell")
def tell() -> None:
    telling.tell(timezone.now())


@shared_task(name="watching.forget_over")
def forget_over() -> None:
    asking.forget_over(timezone.now())
