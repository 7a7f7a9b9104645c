"""The desk's periodic work."""

from celery import shared_task
from django.utils.timezone import now

from queueing.desk.services import day_end


@shared_task(name="desk.close_finished_days")
def close_finished_days() -> None:
    day_end.close_finished_days(now=now())
