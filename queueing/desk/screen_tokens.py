"""What a waiting room's screen proves itself by: a signed link, or a token of its own.

A link names one screen, signed, and is made and handed on by people. A token is made for one
television and known to nobody but it: only its digest is kept. Both stand in the same cookie.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from django.core import signing

SIGNER = signing.Signer(salt="queueing.desk.screen")


@dataclass(frozen=True)
class Held:
    """Which screen a token stands for: by the code of its link, or by its device."""

    code: str = ""
    device: bytes = b""

    @property
    def key(self) -> str:
        return self.code or f"device-{self.device.hex()}"


def link_token_of(code: str) -> str:
    return SIGNER.sign_object([code])


def new_token() -> str:
    return secrets.token_urlsafe(32)


def held_by(token: str) -> Held:
    """A link that we have not signed is held to be a token, and none that we know."""
    try:
        (code,) = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return Held(device=device_of(token))
    return Held(code=code)


def device_of(token: str) -> bytes:
    """The digest of a token: 256 random bits need no salt and no slow hash."""
    return sha256(token.encode()).digest()
