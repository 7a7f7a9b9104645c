"""Work in the background. Each task may run twice without harm."""

import smtplib
from contextlib import suppress
from datetime import timedelta
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.utils import timezone

from accounts.models import Message
from accounts.services import messages, retention
from accounts.services.messages import Outcome

# The sweep runs every 30 s; it stops early enough for the next one.
SWEEP_SECONDS = 25
PERMANENT = range(500, 600)


def _letter(message: Message) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        reply_to=[settings.REPLY_TO_EMAIL],
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            # RFC 3834: holiday notices do not answer to it.
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.html:
        letter.attach_alternative(message.html, "text/html")
    for part in messages.unpacked(message):
        letter.attach(part.name, part.content, part.mime)
    return letter


def _judged(code: int, answer: bytes | str) -> Outcome:
    said = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    state = Message.State.REFUSED if code in PERMANENT else Message.State.QUEUED
    return Outcome(state, f"{code} {said}")


def _send(message: Message) -> Outcome:
    """Hand the message to the mail server. Only its word on this letter can refuse it.

    What is wrong between us and the server (no answer, no login, our sender) is not the
    letter's fault: it goes again. Raises what is wrong with our own code.
    """
    connection = mailers.default
    try:
        connection.open()
        connection.send_messages([_letter(message)])
    except smtplib.SMTPRecipientsRefused as refusal:
        return _judged(*next(iter(refusal.recipients.values())))
    except smtplib.SMTPDataError as refusal:
        return _judged(refusal.smtp_code, refusal.smtp_error)
    except smtplib.SMTPResponseException as trouble:
        return Outcome(Message.State.QUEUED, f"{trouble.smtp_code} {type(trouble).__name__}")
    except OSError as trouble:  # every smtplib error, time-outs and lost connections
        return Outcome(Message.State.QUEUED, type(trouble).__name__)
    except ValueError:  # an address or header that cannot be written
        return Outcome(Message.State.FAILED, "the address cannot be written")
    finally:
        # A farewell that fails must not undo a letter that was taken.
        with suppress(OSError):
            connection.close()
    return Outcome(Message.State.ACCEPTED)


def _carry(message_id: int | None = None) -> bool:
    message = messages.claim(message_id=message_id, now=timezone.now())
    if message is None:
        return False
    outcome = _send(message)
    messages.settle(message=message, outcome=outcome, now=timezone.now())
    return True


@shared_task(name=messages.CARRY, ignore_result=True)
def carry_message(message_id: int) -> None:
    _carry(message_id)


@shared_task(name="accounts.sweep_messages", ignore_result=True)
def sweep_messages() -> int:
    """Carry what nobody was told of: lost nudges, lapsed leases, second attempts."""
    messages.end_hopeless(now=timezone.now())
    stop_at = monotonic() + SWEEP_SECONDS
    carried = 0
    while monotonic() < stop_at and _carry():
        carried += 1
    return carried


@shared_task(name="accounts.forget_messages", ignore_result=True)
def forget_messages() -> None:
    """Bodies that the demo kept a day; addresses of old messages."""
    now = timezone.now()
    messages.wipe_bodies(sent_before=now - timedelta(days=1), now=now)
    retention.forget_old_messages(now=now)


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
