"""An office with a key of its own, and how its page opens what it is given."""

import json
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from offices.models import Office, OfficeKey
from paspor.kernel import ed25519, sealing
from queueing.booking import tickets
from queueing.booking.models import Place
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


def record(made: DayList, *marks: dict[str, Any], seed: str = "", **fields: Any) -> str:
    """The file that the page saves; ``seed`` is the one of another list where it is forged."""
    told = {
        "list": made.code,
        "office": made.office.code,
        "day": made.day.isoformat(),
        "saved_at": 1893990000,
        "marks": marks,
        "walk_ins": [],
    }
    payload = ed25519.encoded(json.dumps(told | fields).encode())
    signed = f"R1.{made.code}.{payload}"
    key = Ed25519PrivateKey.from_private_bytes(ed25519.decoded(seed or opened(made)[1]["seed"]))
    return f"{signed}.{ed25519.encoded(key.sign(signed.encode()))}"


def mark(place: Place, state: str, at: datetime, **fields: Any) -> dict[str, Any]:
    """Who came at this moment; served or turned away ten minutes later."""
    arrived = int(at.timestamp())
    return {
        "booking": place.booking.code,
        "who": place.applicant.code,
        "state": state,
        "arrived_at": arrived,
        "ended_at": None if state == "CHECKED_IN" else arrived + 600,
        "reason": "documents_missing" if state == "TURNED_AWAY" else "",
    } | fields
