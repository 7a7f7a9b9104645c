"""What the gateway tells of our texts, each event once; what was delivered stays delivered."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Message, ProviderEvent
from accounts.services import deliveries
from accounts.services.deliveries import DeliveryReport, Heard
from accounts.services.provider_reports import TooEarly

State = Message.State
STATES = {"delivered": State.DELIVERED, "refused": State.REFUSED, "failed": State.FAILED}


@dataclass(frozen=True)
class Event:
    """``state`` as the gateway names it; other states than those of STATES decide nothing."""

    id: str
    reference: str
    state: str
    reason: str
    at: datetime | None


@transaction.atomic
def hear(*, event: Event, now: datetime) -> Heard:
    """Raises TooEarly, having written nothing. Locks the message."""
    texts = Message.objects.filter(channel=Message.Channel.TEXT, code=event.reference)
    message = texts.exclude(to="").select_for_update(no_key=True).first()
    if message is None or event.state not in STATES:
        return Heard.NOTHING_NEW
    _event, is_new = ProviderEvent.objects.get_or_create(
        event_id=f"text:{event.id}", defaults={"heard_at": now}
    )
    if not is_new or message.state == State.DELIVERED:
        return Heard.NOTHING_NEW
    told = DeliveryReport(STATES[event.state], event.reason, event.at or now)
    heard = deliveries.write(message=message, told=told, now=now)
    if heard == Heard.TOO_EARLY:
        raise TooEarly
    return heard
