"""The link at the foot of a letter: it stops the watches of one account, and no more."""

from django.core import signing

from queueing.booking.errors import LinkUnknown

SIGNER = signing.Signer(salt="queueing.watching.stop")


def token_of(account_id: int) -> str:
    return SIGNER.sign_object([account_id])


def account_id_of(token: str) -> int:
    """Raises LinkUnknown for what we have not signed."""
    try:
        (account_id,) = SIGNER.unsign_object(token)
    except signing.BadSignature as bad:
        raise LinkUnknown from bad
    return account_id
