"""What a mail provider tells of our letters, each event once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts import bounces
from accounts.models import Message, ProviderEvent, Suppression
from accounts.services import deliveries
from accounts.services.deliveries import DeliveryReport, Heard

State = Message.State


class What(StrEnum):
    """The events that say something of a letter; the others are passed over."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class Event:
    """``said`` is the recipient's server, or the provider where that said nothing."""

    id: str
    what: What
    message_id: str
    recipient: str
    said: str
    at: datetime | None


class TooEarly(Exception):
    """It overtook the result of our own sending: to be told again."""


@transaction.atomic
def hear(*, event: Event, now: datetime) -> Heard:
    """Write what it says of one of our messages, to the recipient it names.

    Raises TooEarly, having written nothing.
    """
    ours = Message.objects.filter(message_id=event.message_id, to__iexact=event.recipient)
    message = ours.exclude(to="").first()
    if message is None:
        return Heard.NOTHING_NEW
    _event, is_new = ProviderEvent.objects.get_or_create(
        event_id=event.id, defaults={"heard_at": now}
    )
    if not is_new:
        return Heard.NOTHING_NEW
    heard = deliveries.write(message=message, told=_delivery_report(event, now), now=now)
    if heard == Heard.TOO_EARLY:
        raise TooEarly
    return heard


def _delivery_report(event: Event, now: datetime) -> DeliveryReport:
    said, at = bounces.without_addresses(event.said), event.at or now
    if event.what == What.COMPLAINED:
        return DeliveryReport(State.DELIVERED, said, at, Suppression.Why.COMPLAINT)
    if event.what == What.DELIVERED:
        return DeliveryReport(State.DELIVERED, "", at)
    if bounces.has_no_mailbox(said):
        return DeliveryReport(State.REFUSED, said, at, Suppression.Why.BOUNCE)
    return DeliveryReport(State.REFUSED if event.what == What.BOUNCED else State.FAILED, said, at)


def forget(*, before: datetime) -> None:
    ProviderEvent.objects.filter(heard_at__lt=before).delete()
