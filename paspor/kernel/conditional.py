"""Public answers that may be kept for a while, and asked for again by their ETag."""

import hashlib
import json
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response


def cacheable(request: Request, answer: dict[str, Any], *, seconds: int) -> HttpResponseBase:
    """The answer with its ETag, or 304. ``as_of`` alone makes no other answer of it."""
    lasting = {name: value for name, value in answer.items() if name != "as_of"}
    digest = hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:32]
    response = Response(answer)
    response["ETag"] = f'W/"{digest}"'
    patch_cache_control(response, public=True, max_age=seconds)
    patch_vary_headers(response, ["Accept-Language"])
    return get_conditional_response(request, etag=response["ETag"], response=response)
