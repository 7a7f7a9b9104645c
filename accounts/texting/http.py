"""Texts over a gateway's HTTPS: JSON out, JSON back, nothing of it in a log.

POST {TEXT_URL} with ``Authorization: Bearer {TEXT_TOKEN}``, an ``Idempotency-Key`` and
{"to": "+62…", "from": TEXT_SENDER, "channel": TEXT_KIND, "text": "…", "reference": "…"}:

2xx {"id": "…"}   taken
400, 404, 422     this number is refused for good; {"error": "invalid_number"} tells why
429               later
anything else     the gateway's fault, or our password's: tried again, and counted against it

Reports come to accounts.texting.webhook.
"""

import re

from django.conf import settings

from accounts.texting.interface import GatewayAway, GatewayBusy, NumberRefused, Text
from paspor.kernel import outcall
from paspor.kernel.outcall import NoAnswer, Reply

OF_THE_NUMBER = (400, 404, 422)
# A gateway's own word for something: no sentence, which might repeat the number.
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")


class HttpGateway:
    def send(self, text: Text) -> str:
        said = {
            "to": text.to,
            "from": settings.TEXT_SENDER,
            "channel": settings.TEXT_KIND,
            "text": text.words,
            "reference": text.reference,
        }
        headers = {"Authorization": f"Bearer {settings.TEXT_TOKEN}", "Idempotency-Key": text.once}
        try:
            reply = outcall.post(settings.TEXT_URL, said, headers)
        except NoAnswer as trouble:
            raise GatewayAway(str(trouble)) from None
        return _judged(reply)


def _judged(reply: Reply) -> str:
    if 200 <= reply.status < 300:
        return f"{reply.status} {_word(reply, 'id')}".strip()
    told = f"{reply.status} {_word(reply, 'error')}".strip()
    if reply.status in OF_THE_NUMBER:
        raise NumberRefused(told)
    if reply.status == 429:
        raise GatewayBusy(told)
    raise GatewayAway(told)


def _word(reply: Reply, name: str) -> str:
    try:
        said = reply.json()
    except NoAnswer:
        return ""
    told = said.get(name) if isinstance(said, dict) else None
    return told if isinstance(told, str) and WORD.fullmatch(told) else ""
