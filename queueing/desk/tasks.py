"""The desk's periodic work."""

from celery import shared_task
from django.utils.timezone import now

from queueing.desk.services import day_end, day_lists, screens, taking_in


@shared_task(name="desk.close_finished_days")
def close_finished_days() -> None:
    day_end.close_finished_days(now=now())
    day_end.end_forgotten(now=now())


@shared_task(name="desk.make_day_lists")
def make_day_lists() -> None:
    day_lists.make_due(now=now())
    day_lists.forget_old(now=now())


@shared_task(name="desk.go_on_taking_in")
def go_on_taking_in() -> None:
    taking_in.go_on(now=now())


@shared_task(name="desk.forget_screen_codes")
def forget_screen_codes() -> None:
    screens.forget_codes(now=now())
