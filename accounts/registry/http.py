"""The registry over HTTPS: JSON out, JSON back, nothing of it in a log.

POST {REGISTRY_URL}/verify with {"nik": …, "name": …, …} is answered with {"found": false},
or with {"found": true, "fields": {"name": "match" or "no_match", …}} for the very fields
that were sent. Any other answer is taken for none: what cannot be read must void nobody's
place.
"""

import base64
import json
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from accounts.registry.interface import Answer, Asked, RegistryAway, RegistryLimiting

# Far below the lease of a check (accounts.services.identity), so a slow answer is an
# answer of this worker or of nobody.
SILENCE_SECONDS = 10
WHOLE_SECONDS = 20
LONGEST_ANSWER = 16 * 1024
A_PIECE = 4096
# Where a 429 does not say in seconds when to come back, and what is believed of it.
USUAL_PAUSE = 60
LONGEST_PAUSE = 3600
WORDS = {"match": True, "no_match": False}


class _Reply(NamedTuple):
    status: int
    retry_after: str
    body: bytes


class HttpVerifier:
    def verify(self, asked: Asked) -> Answer:
        fields = asked.fields()
        reply = _post({"nik": asked.nik, **fields})
        if reply.status == 429:
            raise RegistryLimiting(_pause(reply.retry_after))
        # A redirect is not followed: it would carry the person and our password elsewhere.
        if reply.status != 200:
            raise RegistryAway(f"status {reply.status}")
        return _read(reply.body, fields)


def _post(said: dict[str, str]) -> _Reply:
    address = urlsplit(settings.REGISTRY_URL)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=SILENCE_SECONDS)
    pair = f"{settings.REGISTRY_USER}:{settings.REGISTRY_PASSWORD}".encode()
    try:
        connection.request(
            "POST",
            f"{address.path.rstrip('/')}/verify",
            json.dumps(said).encode(),
            {
                "Authorization": f"Basic {base64.b64encode(pair).decode()}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        response = connection.getresponse()
        return _Reply(response.status, response.headers.get("Retry-After", ""), _body(response))
    except (OSError, HTTPException) as trouble:
        # Only its kind: an HTTPException may quote what the other side sent.
        raise RegistryAway(type(trouble).__name__) from None
    finally:
        connection.close()


def _body(response: HTTPResponse) -> bytes:
    """All of it, within WHOLE_SECONDS: a server that drips is as good as silent."""
    stop_at = monotonic() + WHOLE_SECONDS
    body = b""
    while piece := response.read1(A_PIECE):
        body += piece
        if len(body) > LONGEST_ANSWER or monotonic() > stop_at:
            raise RegistryAway("too long")
    return body


def _pause(told: str) -> int:
    if not (told.isascii() and told.isdigit()):
        return USUAL_PAUSE
    return max(1, min(int(told), LONGEST_PAUSE))


def _read(body: bytes, asked: dict[str, str]) -> Answer:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise RegistryAway("not JSON") from None
    match said:
        case {"found": False, **rest} if not rest:
            return Answer(is_found=False, matches={})
        case {"found": True, "fields": dict(words), **rest} if not rest:
            if words.keys() == asked.keys() and all(
                isinstance(word, str) and word in WORDS for word in words.values()
            ):
                return Answer(is_found=True, matches={name: WORDS[words[name]] for name in asked})
    raise RegistryAway("not as agreed")
