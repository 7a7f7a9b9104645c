"""The link of the reminder: it names one booking, by a signed id that tells a reader nothing."""

from django.core import signing

from queueing.booking.errors import LinkUnknown

SIGNER = signing.Signer(salt="queueing.booking.reminder")


def token_of(booking_id: int) -> str:
    return SIGNER.sign_object([booking_id])


def booking_id_of(token: str) -> int:
    """Raises LinkUnknown for what we have not signed."""
    try:
        (booking_id,) = SIGNER.unsign_object(token)
    except signing.BadSignature as bad:
        raise LinkUnknown from bad
    return booking_id
