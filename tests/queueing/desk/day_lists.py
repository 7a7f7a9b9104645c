"""An office with a key of its own, and how its page opens what it is given."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from offices.models import Office, OfficeKey
from paspor.kernel import ed25519, sealing
from queueing.booking import tickets
from queueing.desk.models import DayList
from tests.factories import LONG_AGO, UserFactory

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = ed25519.encoded(KEY.public_key().public_bytes_raw())


def give_key(office: Office) -> OfficeKey:
    return OfficeKey.objects.create(
        office=office,
        public=PUBLIC,
        fingerprint=sealing.fingerprint(PUBLIC),
        set_by=UserFactory(),
        set_at=LONG_AGO,
    )


def opened(made: DayList) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and inside, once the signature holds."""
    signed, _dot, signature = made.content.rpartition(".")
    _version, key_id, header, sealed = signed.split(".")
    ed25519.check(signed.encode(), signature, key_id=key_id, keys=tickets.public_keys())
    told = ed25519.decoded(header)
    inside = sealing.unseal(ed25519.decoded(sealed), KEY, bound_to=told)
    return json.loads(told), json.loads(inside)
