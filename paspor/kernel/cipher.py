"""Encryption of what must be readable again, digests of what must only be compared.

DATA_KEYS is "id:base64,id:base64": the first key encrypts, all of them decrypt.
PERSON_DIGEST_KEY is a key of its own, so that whoever holds one cannot use the other.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The key is unknown, the value was changed, or it belongs to another row."""


def parse_keys(text: str, *, name: str, size: int = 32) -> dict[str, bytes]:
    """Read "id:base64,id:base64" in order; each key has ``size`` bytes."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key) != size:
            raise ImproperlyConfigured(f"{name} must be id:base64 of {size} bytes, comma between.")
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured(f"{name} holds no key.")
    return keys


def encrypt(text: str, *, bound_to: str) -> tuple[str, bytes]:
    """Encrypt under the current key; ``bound_to`` must be given again to decrypt.

    Returns the key's id and nonce + ciphertext.
    """
    key_id, key = next(iter(parse_keys(settings.DATA_KEYS, name="DATA_KEYS").items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return key_id, nonce + AESGCM(key).encrypt(nonce, text.encode(), bound_to.encode())


def decrypt(key_id: str, sealed: bytes, *, bound_to: str) -> str:
    """Raises CannotDecrypt."""
    key = parse_keys(settings.DATA_KEYS, name="DATA_KEYS").get(key_id)
    if key is None:
        raise CannotDecrypt(key_id)
    sealed = bytes(sealed)
    try:
        clear = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag:
        raise CannotDecrypt(key_id) from None
    return clear.decode()


def person_digest(nik: str, *, key: str = "") -> str:
    """The keyed digest (HMAC-SHA-256, hex) that stands for a NIK; nothing readable."""
    secret = base64.b64decode(key or settings.PERSON_DIGEST_KEY)
    return hmac.new(secret, nik.encode(), hashlib.sha256).hexdigest()
