"""Encryption to somebody's public key (X25519): whoever seals cannot open again.

The sealed bytes are an ephemeral public key (32), a nonce (12) and AES-256-GCM's text. Its
key is HKDF-SHA-256 of the shared secret, salted with both public keys.
"""

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from paspor.kernel import ed25519

PURPOSE = b"paspor-seal/1"
KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_LENGTH = 16


def seal(clear: bytes, *, to: str, bound_to: bytes) -> bytes:
    """``to`` is a public key that ``checked_key`` let through."""
    mine = X25519PrivateKey.generate()
    theirs = ed25519.decoded(to)
    own = mine.public_key().public_bytes_raw()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return own + nonce + AESGCM(_key(shared, own, theirs)).encrypt(nonce, clear, bound_to)


def unseal(sealed: bytes, key: X25519PrivateKey, *, bound_to: bytes) -> bytes:
    """What the owner of the key reads; raises InvalidTag where anything was changed."""
    own, nonce = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
    shared = key.exchange(X25519PublicKey.from_public_bytes(own))
    theirs = key.public_key().public_bytes_raw()
    text = sealed[KEY_BYTES + NONCE_BYTES :]
    return AESGCM(_key(shared, own, theirs)).decrypt(nonce, text, bound_to)


def checked_key(text: str) -> str:
    """A public key as base64url; raises ValueError for any text that is none.

    Points of low order, with which everybody shares the same secret, are none either.
    """
    raw = ed25519.decoded(text.strip())
    X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(raw))
    return ed25519.encoded(raw)


def fingerprint(key: str) -> str:
    """What people compare by eye."""
    return hashlib.sha256(ed25519.decoded(key)).hexdigest()[:FINGERPRINT_LENGTH]


def _key(shared: bytes, own: bytes, theirs: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=own + theirs, info=PURPOSE).derive(shared)
