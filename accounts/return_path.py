"""The address that what comes back is sent to: one for each message, signed.

Only the recipient's own mail systems learn it, so a report that comes to it is about that
message; whoever knows no more than a Message-ID cannot make one up.
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "accounts.return_path"
SIGNATURE_LENGTH = 20  # hexadecimal: 80 bits
# Mail systems may write the part before the @ in small letters.
SIGNED = r"\+([0-9A-Za-z]{12})-([0-9A-Fa-f]{20})@"


def _signature(code: str, secret: str) -> str:
    return salted_hmac(SALT, code, secret=secret, algorithm="sha256").hexdigest()[:SIGNATURE_LENGTH]


def envelope_sender(code: str) -> str:
    """The envelope sender of the message with this code; the From address where none is set."""
    if not settings.BOUNCE_ADDRESS:
        return settings.DEFAULT_FROM_EMAIL
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{code.lower()}-{_signature(code, settings.SECRET_KEY)}@{domain}"


def code_in(addresses: Iterable[str]) -> str | None:
    """The message that some of these header lines are signed for; None where none is ours."""
    if not settings.BOUNCE_ADDRESS:
        return None
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    form = re.compile(re.escape(local) + SIGNED + re.escape(domain), re.IGNORECASE)
    for address in addresses:
        for code, signature in form.findall(address):
            if _is_signed(code.upper(), signature.lower()):
                return str(code.upper())
    return None


def _is_signed(code: str, signature: str) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(_signature(code, secret), signature) for secret in secrets)
