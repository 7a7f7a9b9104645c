"""The text of a day list: ``D1.<key id>.<header>.<sealed>.<signature>``, parts in base64url.

The header is JSON that anybody may read: list, office, day, made_at, to (fingerprint of the
office's key). ``sealed`` is what paspor.kernel.sealing makes, bound to the header. Signed as
tickets are, with TICKET_KEYS, over everything before the last dot.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from paspor.kernel import ed25519, sealing
from queueing.booking.tickets import KEYS

VERSION = "D1"
SUFFIX = ".paspor"


def sealed_and_signed(header: Mapping[str, Any], inside: Mapping[str, Any], *, to: str) -> str:
    told = _json(header)
    sealed = sealing.seal(_json(inside), to=to, bound_to=told)
    key_id = ed25519.signing_key(settings.TICKET_KEYS, name=KEYS)
    signed = ".".join([VERSION, key_id, ed25519.encoded(told), ed25519.encoded(sealed)])
    return f"{signed}.{ed25519.sign(signed.encode(), settings.TICKET_KEYS, name=KEYS)}"


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def name(office_code: str, day: date) -> str:
    """What the file is called; the page that opens it does not mind."""
    return f"daftar-{office_code}-{day.isoformat()}{SUFFIX}"
