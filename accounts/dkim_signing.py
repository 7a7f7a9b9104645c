"""Signing our letters with DKIM (RFC 6376), so that a receiver knows they are ours."""

import base64
import binascii
import functools
import logging

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

log = logging.getLogger(__name__)

# Signed once more than they stand in the letter where a second one would deceive (RFC 6376, 5.4).
HEADERS = [
    *(b"From", b"From", b"To", b"To", b"Subject", b"Subject", b"Date", b"Message-ID"),
    *(b"Reply-To", b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding"),
]
SHORTEST_KEY = 2048


def domain() -> str:
    """Whose letters ours are: that of the address they come from."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >").lower()


@functools.lru_cache(maxsize=2)
def parsed(key: str) -> RSAPrivateKey:
    """DKIM_KEY: base64 of an RSA key's PKCS #8. Raises ImproperlyConfigured."""
    try:
        found = serialization.load_der_private_key(base64.b64decode(key, validate=True), None)
    except (ValueError, TypeError, binascii.Error) as problem:
        raise ImproperlyConfigured("DKIM_KEY is no key (manage.py make_dkim_key).") from problem
    if not isinstance(found, RSAPrivateKey) or found.key_size < SHORTEST_KEY:
        raise ImproperlyConfigured(f"DKIM_KEY must be RSA of at least {SHORTEST_KEY} bits.")
    return found


@functools.lru_cache(maxsize=2)
def _as_pem(key: str) -> bytes:
    return parsed(key).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def public_part(key: str) -> str:
    """The public key as the DNS record has it behind ``p=``."""
    public = parsed(key).public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def record(key: str) -> str:
    return f"v=DKIM1; k=rsa; p={public_part(key)}"


def signed(letter: bytes) -> bytes:
    """The letter with our signature before it; as it is where no key is set.

    One that cannot be signed goes without: late is worse.
    """
    if not settings.DKIM_KEY:
        return letter
    try:
        header = dkim.sign(
            letter,
            settings.DKIM_SELECTOR.encode(),
            domain().encode(),
            _as_pem(settings.DKIM_KEY),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=HEADERS,
        )
    except (dkim.DKIMException, ImproperlyConfigured):
        log.exception("letter not signed")
        return letter
    return header + letter
