"""JSON to an outside system over HTTP(S), and its whole answer within a bounded time.

Certificates are verified, and a redirect is not followed: it would carry what is said, and
our password, elsewhere.
"""

import json
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ssl import create_default_context
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit

# Of no word at all; and of the whole, since a server that drips is as good as silent.
SILENCE_SECONDS = 10
WHOLE_SECONDS = 20
LONGEST_ANSWER = 16 * 1024
A_PIECE = 4096
# Where an answer does not say in seconds when to come back, and what is believed of it.
USUAL_PAUSE = 60
LONGEST_PAUSE = 3600


class NoAnswer(Exception):
    """Only the kind of trouble: an HTTPException may quote what the other side sent."""


class Reply(NamedTuple):
    status: int
    retry_after: str
    body: bytes

    def pause(self) -> int:
        told = self.retry_after
        if not (told.isascii() and told.isdigit()):
            return USUAL_PAUSE
        return max(1, min(int(told), LONGEST_PAUSE))

    def json(self) -> Any:
        """Raises NoAnswer where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise NoAnswer("not JSON") from None


def post(url: str, said: dict[str, Any], headers: dict[str, str]) -> Reply:
    """Raises NoAnswer."""
    address = urlsplit(url)
    connection = _connection(address.scheme, address.hostname or "", address.port)
    asked = {"Content-Type": "application/json", "Accept": "application/json"} | headers
    try:
        connection.request("POST", address.path or "/", json.dumps(said).encode(), asked)
        with connection.getresponse() as response:
            pause = response.headers.get("Retry-After", "")
            return Reply(response.status, pause, _body(response))
    except (OSError, HTTPException) as trouble:
        raise NoAnswer(type(trouble).__name__) from None
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme != "https":
        return HTTPConnection(host, port, timeout=SILENCE_SECONDS)
    return HTTPSConnection(host, port, timeout=SILENCE_SECONDS, context=create_default_context())


def _body(response: HTTPResponse) -> bytes:
    stop_at = monotonic() + WHOLE_SECONDS
    body = b""
    while piece := response.read1(A_PIECE):
        body += piece
        if len(body) > LONGEST_ANSWER or monotonic() > stop_at:
            raise NoAnswer("too long")
    return body
