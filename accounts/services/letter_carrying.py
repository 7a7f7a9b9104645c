"""Handing one letter to the relays, one after the other, until one takes it."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts import relay_rules, return_path
from accounts.models import Message
from accounts.relay_rules import Healths, Verdict
from accounts.services import messages, relays, suppressions
from accounts.services.messages import Outcome
from accounts.services.relays import STATES, Attempt

# Another relay is asked only while its time-outs still end within messages.LEASE.
ASKING_SECONDS = 45


class Unwritable(Exception):
    """The address or a header cannot be written in a letter."""


def hand_over(message: Message, *, healths: Healths, now: datetime) -> Outcome:
    """Ask the relays in order. The first that takes it, or refuses it for good, decides.

    What is wrong between us and a relay (no answer, no sign-in, our own sender) is not the
    letter's fault: it goes again. Raises what is wrong with our own code.
    """
    domain = message.to.rpartition("@")[2].lower()
    stop_at = monotonic() + ASKING_SECONDS
    met: list[Attempt] = []
    for name in relay_rules.order(relays.names(), healths, domain, now):
        if monotonic() >= stop_at:
            break
        if not relays.begin_trial(name=name, healths=healths, now=now):
            continue
        try:
            attempt = ask(name, message)
        except Unwritable:
            return Outcome(Message.State.FAILED, "the address cannot be written")
        relays.note(name=name, verdict=attempt.verdict, reason=attempt.said, now=now)
        if attempt.verdict == Verdict.TAKEN:
            return Outcome(Message.State.ACCEPTED, attempt.said, relay=name)
        if attempt.verdict == Verdict.REFUSED:
            return Outcome(Message.State.REFUSED, attempt.said)
        met.append(attempt)
    return _judged(met)


def _judged(met: list[Attempt]) -> Outcome:
    """Of a letter that no relay took: it waits, unless all that were asked denied it."""
    waiting = [attempt for attempt in met if STATES[attempt.verdict] == Message.State.QUEUED]
    if met and not waiting:
        return Outcome(Message.State.REFUSED, met[-1].said)
    # An answer about the letter says more than a silence.
    waiting.sort(key=lambda attempt: attempt.verdict == Verdict.LATER)
    return Outcome(Message.State.QUEUED, waiting[-1].said if waiting else "")


def ask(name: str, message: Message) -> Attempt:
    """One conversation with one relay, about one letter. Raises Unwritable."""

    def hand_in(connection: BaseEmailBackend) -> Attempt:
        connection.send_messages([_letter(message)])
        return Attempt(Verdict.TAKEN, getattr(connection, "said", ""))

    try:
        return _talk(name, hand_in)
    except ValueError as trouble:
        raise Unwritable from trouble


def check(name: str) -> Attempt:
    """Whether a relay lets us in, without a letter."""

    def look(connection: BaseEmailBackend) -> Attempt:
        well = connection.answers() if hasattr(connection, "answers") else True
        return Attempt(Verdict.TAKEN if well else Verdict.UNREACHED, "" if well else "NOOP")

    return _talk(name, look)


def _talk(name: str, about: Callable[[BaseEmailBackend], Attempt]) -> Attempt:
    """What came of a conversation; whatever a server or the road to it does is an Attempt."""
    connection = mailers[name]
    try:
        connection.open()
        return about(connection)
    except smtplib.SMTPRecipientsRefused as refusal:
        return _heard(*next(iter(refusal.recipients.values())))
    except smtplib.SMTPDataError as refusal:
        return _heard(refusal.smtp_code, refusal.smtp_error)
    except smtplib.SMTPResponseException as trouble:
        return Attempt(Verdict.UNREACHED, f"{trouble.smtp_code} {type(trouble).__name__}")
    except OSError as trouble:  # every smtplib error, time-outs and lost connections
        return Attempt(Verdict.UNREACHED, type(trouble).__name__)
    finally:
        # A farewell that fails must not undo a letter that was taken.
        with suppress(OSError):
            connection.close()


def _heard(code: int, answer: bytes | str) -> Attempt:
    said = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return Attempt(relay_rules.verdict(code, said), f"{code} {said}")


def _letter(message: Message) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=return_path.envelope_sender(message.code),
        to=[message.to],
        reply_to=[settings.REPLY_TO_EMAIL],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
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


def carry(message_id: int | None = None) -> bool:
    """Claim a due message and hand it over; False where none is due, or no relay is awake.

    While all relays rest nothing is claimed: messages keep their place and their attempts.
    """
    now = timezone.now()
    healths = relays.healths()
    if not relay_rules.awake(relays.names(), healths, now):
        return False
    message = messages.claim(message_id=message_id, now=now)
    if message is None:
        return False
    outcome = suppressions.held_back(message=message)
    outcome = outcome or hand_over(messages.laid_out(message), healths=healths, now=now)
    messages.settle(message=message, outcome=outcome, now=timezone.now())
    suppressions.hear_refusal(message=message, outcome=outcome, now=timezone.now())
    return True


def check_all() -> None:
    """Look at each relay that does not rest: a broken one is known before it is needed."""
    now = timezone.now()
    healths = relays.healths()
    for name in relay_rules.awake(relays.names(), healths, now):
        if not relays.begin_trial(name=name, healths=healths, now=now):
            continue
        found = check(name)
        relays.note(name=name, verdict=found.verdict, reason=found.said, now=timezone.now())
        relays.note_check(name=name, now=timezone.now())
