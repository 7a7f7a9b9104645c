"""The registry over HTTPS: JSON out, JSON back, nothing of it in a log.

POST {REGISTRY_URL}/verify with {"nik": …, "name": …, …} is answered with {"found": false},
or with {"found": true, "fields": {"name": "match" or "no_match", …}} for the very fields
that were sent. Any other answer is taken for none: what cannot be read must void nobody's
place.
"""

import base64
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from accounts.registry.interface import Answer, Asked, RegistryAway, RegistryLimiting
from paspor.kernel import outcall
from paspor.kernel.outcall import NoAnswer, Reply

WORDS = {"match": True, "no_match": False}


class HttpVerifier:
    def verify(self, asked: Asked) -> Answer:
        fields = asked.fields()
        try:
            reply = _post({"nik": asked.nik, **fields})
            if reply.status == 429:
                raise RegistryLimiting(reply.pause())
            if reply.status != 200:
                raise RegistryAway(f"status {reply.status}")
            return _read(reply.json(), fields)
        except NoAnswer as trouble:
            raise RegistryAway(str(trouble)) from None


def _post(said: dict[str, str]) -> Reply:
    pair = f"{settings.REGISTRY_USER}:{settings.REGISTRY_PASSWORD}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return outcall.post(f"{settings.REGISTRY_URL.rstrip('/')}/verify", said, headers)


def _read(said: Any, asked: Mapping[str, str]) -> Answer:
    match said:
        case {"found": False, **rest} if not rest:
            return Answer(is_found=False, matches={})
        case {"found": True, "fields": dict(words), **rest} if not rest:
            if words.keys() == asked.keys() and all(
                isinstance(word, str) and word in WORDS for word in words.values()
            ):
                return Answer(is_found=True, matches={name: WORDS[words[name]] for name in asked})
    raise RegistryAway("not as agreed")
