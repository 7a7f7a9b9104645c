"""National orders in the background. Each task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from queueing.planning.services import backlog, orders


@shared_task(name=orders.RUN, ignore_result=True)
def run_order(order_id: int) -> None:
    orders.run(order_id=order_id, now=timezone.now())


@shared_task(name="planning.resume_orders", ignore_result=True)
def resume_orders() -> None:
    """Go on with what a killed worker left, or a lost broker never told of."""
    orders.resume(timezone.now())


@shared_task(name="planning.count_waiting", ignore_result=True)
def count_waiting() -> None:
    """Who waits beyond the deadlines that headquarters has set."""
    backlog.count_waiting(timezone.now())
