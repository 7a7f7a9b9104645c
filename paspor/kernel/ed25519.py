"""Signing with Ed25519 keys from the settings ("id:base64 seed,…"): the first signs, all verify.

Public halves and signatures are base64url without padding.
"""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from paspor.kernel.cipher import parse_keys


class NotGenuine(ValueError):
    """The key is not known, or it has not signed this."""


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ValueError, also for the other spellings of the same bytes that base64 allows."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encoded(raw) != text:
        raise ValueError(text)
    return raw


@lru_cache(maxsize=8)
def _private_keys(text: str, name: str) -> dict[str, Ed25519PrivateKey]:
    seeds = parse_keys(text, name=name)
    return {key: Ed25519PrivateKey.from_private_bytes(seed) for key, seed in seeds.items()}


def public_keys(text: str, *, name: str) -> dict[str, str]:
    """Each key's id and its public half (32 bytes)."""
    keys = _private_keys(text, name)
    return {key_id: encoded(key.public_key().public_bytes_raw()) for key_id, key in keys.items()}


def signing_key(text: str, *, name: str) -> str:
    """The id of the key that signs."""
    return next(iter(_private_keys(text, name)))


def sign(message: bytes, text: str, *, name: str) -> str:
    key = _private_keys(text, name)[signing_key(text, name=name)]
    return encoded(key.sign(message))


def check(message: bytes, signature: str, *, key_id: str, keys: Mapping[str, str]) -> None:
    """Raises NotGenuine. Needs only the public halves."""
    try:
        key = Ed25519PublicKey.from_public_bytes(decoded(keys[key_id]))
        key.verify(decoded(signature), message)
    except (KeyError, ValueError, binascii.Error, InvalidSignature):
        raise NotGenuine(key_id) from None
