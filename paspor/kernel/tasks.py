"""Periodic work of the kernel; when it runs stands in paspor/celery.py."""

from celery import shared_task
from django.utils import timezone

from paspor.kernel import heads, idempotency, ledger, notes


@shared_task(name="kernel.sequence_ledger")
def sequence_ledger() -> None:
    ledger.sequence(timezone.now())


@shared_task(name="kernel.take_heads")
def take_heads() -> None:
    """Write down where every chain stood when the day was over."""
    heads.take(timezone.now())


@shared_task(name="kernel.make_partitions")
def make_partitions() -> None:
    ledger.make_partitions()


@shared_task(name="kernel.forget_answers")
def forget_answers() -> None:
    idempotency.forget_answers(timezone.now())


@shared_task(name="kernel.forget_notes")
def forget_notes() -> None:
    notes.forget_old(timezone.now())
