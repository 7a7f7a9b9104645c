"""A security key as a browser has told of it, for pages that only name it."""

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

NUMBER = bytes(range(32))
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT


def credential() -> dict[str, Any]:
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(Aaguid.NONE, NUMBER, public)
    data = AuthenticatorData.create(sha256(b"localhost").digest(), FLAGS, 0, attested)
    said = CollectedClientData.create("webauthn.create", b"0" * 32, "http://localhost")
    response = {
        "clientDataJSON": websafe_encode(bytes(said)),
        "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
    }
    number = websafe_encode(NUMBER)
    return {"id": number, "rawId": number, "type": "public-key", "response": response}
