"""Periodic work of booking. Each may run twice at once without harm."""

from celery import shared_task
from django.utils import timezone

from queueing.booking.services import (
    announcing,
    closing,
    first_rights,
    holding,
    origins,
    relocating,
    reminding,
)


@shared_task(name="booking.expire_holds")
def expire_holds() -> None:
    holding.expire_lapsed(timezone.now())


@shared_task(name="booking.follow_closures")
def follow_closures() -> None:
    closing.follow_closures(timezone.now())


@shared_task(name="booking.serve_first_rights")
def serve_first_rights() -> None:
    first_rights.serve_all(timezone.now())


@shared_task(name="booking.remind")
def remind() -> None:
    reminding.remind(timezone.now())


@shared_task(name="booking.tell_announcements")
def tell_announcements() -> None:
    announcing.tell(timezone.now())


@shared_task(name="booking.tell_relocations")
def tell_relocations() -> None:
    relocating.tell(timezone.now())


@shared_task(name="booking.forget_origins")
def forget_origins() -> None:
    origins.forget_old(timezone.now())
