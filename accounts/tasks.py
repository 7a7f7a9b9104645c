"""Work in the background. Each task may run twice without harm."""

from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.services import (
    bounces,
    carrying,
    letter_carrying,
    lost_steps,
    messages,
    relays,
    retention,
)

# Letters of the bounce mailbox in one run; the next comes in a minute.
MOST_BOUNCES = 500


@shared_task(name=messages.CARRY, ignore_result=True)
def carry_message(message_id: int) -> None:
    carrying.carry_message(message_id)


@shared_task(name="accounts.sweep_messages", ignore_result=True)
def sweep_messages() -> int:
    return carrying.sweep_letters()


@shared_task(name="accounts.sweep_texts", ignore_result=True)
def sweep_texts() -> int:
    return carrying.sweep_texts()


@shared_task(name="accounts.go_on_with_lost_steps", ignore_result=True)
def go_on_with_lost_steps() -> None:
    """Warn a day ahead of the end of a second step that is lost, and end it."""
    lost_steps.warn_and_take_off(now=timezone.now())


@shared_task(name="accounts.check_relays", ignore_result=True)
def check_relays() -> None:
    letter_carrying.check_all()


@shared_task(name="accounts.read_bounces", ignore_result=True)
def read_bounces() -> None:
    """Read what came to BOUNCE_MAILDIR, where one is named."""
    if settings.BOUNCE_MAILDIR:
        folder = Path(settings.BOUNCE_MAILDIR)
        bounces.hear_all(folder=folder, now=timezone.now(), most=MOST_BOUNCES)


@shared_task(name="accounts.forget_messages", ignore_result=True)
def forget_messages() -> None:
    """Bodies that the demo kept a day; addresses of old messages."""
    now = timezone.now()
    messages.wipe_bodies(sent_before=now - timedelta(days=1), now=now)
    retention.forget_old_messages(now=now)
    relays.forget(now=now)


@shared_task(name="accounts.forget_people", ignore_result=True)
def forget_people() -> None:
    """Accounts never verified, applicants long removed, old results of the registry."""
    now = timezone.now()
    retention.forget_unverified_accounts(now=now)
    retention.forget_applicants(now=now)
    retention.forget_old_checks(now=now)


@shared_task(name="accounts.forget_sessions", ignore_result=True)
def forget_sessions() -> None:
    """Sessions that have ended, addresses and devices past their time."""
    retention.forget_sessions(now=timezone.now())
