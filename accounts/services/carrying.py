"""Carrying what waits in the outbox: letters to the relays, texts to their gateway."""

from django.utils import timezone

from accounts.services import letter_carrying, messages, text_carrying
from paspor.kernel import sweeps


def carry_message(message_id: int) -> None:
    """Hand over one message, by the channel that is its own."""
    if not letter_carrying.carry(message_id):
        text_carrying.carry(message_id)


def sweep_letters() -> int:
    """Carry what nobody was told of: lost nudges, lapsed leases, second attempts."""
    messages.end_hopeless(now=timezone.now())
    return sweeps.carry_due(letter_carrying.carry)


def sweep_texts() -> int:
    """Apart from the letters: a gateway that hangs keeps none of them waiting."""
    return sweeps.carry_due(text_carrying.carry)
