"""Handing one text to its gateway."""

from datetime import datetime

from django.utils import timezone

from accounts import relay_rules
from accounts.models import Message
from accounts.relay_rules import Healths, Verdict
from accounts.services import messages, relays
from accounts.services.messages import Outcome
from accounts.services.relays import STATES, Attempt
from accounts.texting.interface import (
    GatewayAway,
    GatewayBusy,
    NumberRefused,
    Text,
    TextGateway,
    gateway,
)


def ask(asked: TextGateway, message: Message) -> Attempt:
    text = Text(to=message.to, words=message.text, reference=message.code, once=message.message_id)
    try:
        return Attempt(Verdict.TAKEN, asked.send(text))
    except NumberRefused as refusal:
        return Attempt(Verdict.REFUSED, str(refusal))
    except GatewayBusy as trouble:
        return Attempt(Verdict.LATER, str(trouble))
    except GatewayAway as trouble:
        return Attempt(Verdict.UNREACHED, str(trouble))


def carry(message_id: int | None = None) -> bool:
    """Claim a due text and hand it over; False where none is due, or nobody takes it now."""
    now = timezone.now()
    asked, healths = gateway(), relays.healths()
    if asked is None or not relay_rules.awake([relays.TEXTS], healths, now):
        return False
    message = messages.claim(message_id=message_id, channel=Message.Channel.TEXT, now=now)
    if message is None:
        return False
    outcome = _hand_over(asked, message, healths, now)
    messages.settle(message=message, outcome=outcome, now=timezone.now())
    return True


def _hand_over(asked: TextGateway, message: Message, healths: Healths, now: datetime) -> Outcome:
    if not relays.begin_trial(name=relays.TEXTS, healths=healths, now=now):
        return Outcome(Message.State.QUEUED)
    attempt = ask(asked, message)
    relays.note(name=relays.TEXTS, verdict=attempt.verdict, reason=attempt.said, now=timezone.now())
    relay = relays.TEXTS if attempt.verdict == Verdict.TAKEN else ""
    return Outcome(STATES[attempt.verdict], attempt.said, relay=relay)
