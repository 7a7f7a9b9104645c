"""The link of a waiting-room screen: it names one screen, signed, until that is revoked."""

from django.core import signing

from queueing.desk.errors import ScreenClosed

SIGNER = signing.Signer(salt="queueing.desk.screen")


def token_of(code: str) -> str:
    return SIGNER.sign_object([code])


def code_of(token: str) -> str:
    """Raises ScreenClosed for what we have not signed."""
    try:
        (code,) = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError) as bad:
        raise ScreenClosed from bad
    return code
