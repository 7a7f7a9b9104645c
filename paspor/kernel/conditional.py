"""Public answers: written once, kept for a while by whoever stands between, and asked for
again by their ETag."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from rest_framework.request import Request

# Shorter ones gain nothing, and whoever compresses all others leaves them alone.
WORTH_ZIPPING = 200
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


@dataclass(frozen=True)
class Freshness:
    """For how many seconds a reader keeps the answer; a CDN asks again after ``shared`` and
    serves what it has for ``stale`` more while it does."""

    seconds: int
    shared: int
    stale: int

    @classmethod
    def of(cls, seconds: int) -> "Freshness":
        return cls(seconds, shared=max(1, seconds // 2), stale=seconds)

    def __str__(self) -> str:
        return (
            f"public, max-age={self.seconds}, s-maxage={self.shared},"
            f" stale-while-revalidate={self.stale}"
        )


@dataclass(frozen=True)
class Written:
    body: bytes
    etag: str
    language: str

    @cached_property
    def zipped(self) -> bytes:
        """Once for all readers. It holds no secret, so its length may be known."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)


def write(answer: dict[str, Any]) -> Written:
    """In the active language. ``as_of`` alone makes no other answer of it, and comes first."""
    lasting = dict(answer)
    as_of = {"as_of": lasting.pop("as_of")} if "as_of" in lasting else {}
    body = _json(lasting)
    digest = hashlib.sha256(body).hexdigest()[:32]
    if as_of and lasting:
        # Writing is what an answer of a whole month costs most, so it is written once.
        body = _json(as_of)[:-1] + b"," + body[1:]
    elif as_of:
        body = _json(as_of)
    return Written(body, f'W/"{digest}"', translation.get_language())


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def reply(request: HttpRequest | Request, written: Written, fresh: Freshness) -> HttpResponseBase:
    """The answer with its ETag, or 304. No cookie has a say in it, and none is set."""
    headers = {
        "ETag": written.etag,
        "Cache-Control": str(fresh),
        "Vary": "Accept-Language",
        "Content-Language": written.language,
    }
    body = written.body
    if len(body) >= WORTH_ZIPPING:
        headers["Vary"] = "Accept-Language, Accept-Encoding"
        if ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            body, headers["Content-Encoding"] = written.zipped, "gzip"
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=written.etag, response=response)


def cacheable(request: Request, answer: dict[str, Any], *, seconds: int) -> HttpResponseBase:
    return reply(request, write(answer), Freshness.of(seconds))
