"""What a mail system reports about a letter of ours (a delivery status, RFC 3464)."""

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message as Letter

ADDRESS = re.compile(r"[^\s<>:;,()\[\]]+@[^\s<>:;,()\[\]]+")
HEADERS_ONLY = ("text/rfc822-headers", "message/rfc822-headers")


@dataclass(frozen=True)
class Report:
    """``action`` as RFC 3464 names it; ``status`` such as 5.1.1; ``reason`` names nobody."""

    message_id: str
    action: str
    status: str
    reason: str

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith("5")


def read(raw: bytes) -> Report | None:
    """The report in a letter; None where it is none, or does not say about which letter."""
    letter = message_from_bytes(raw)
    if letter.get_content_type() != "multipart/report" or not letter.is_multipart():
        return None
    parts = [part for part in letter.get_payload() if isinstance(part, Letter)]
    told = next((block for part in parts for block in _blocks(part) if block["Action"]), None)
    message_id = next(filter(None, map(_message_id, parts)), "")
    if told is None or not message_id:
        return None
    return Report(
        message_id=message_id,
        action=_word(told["Action"]).lower(),
        status=_word(told["Status"]),
        reason=_reason(told),
    )


def _blocks(part: Letter) -> list[Letter]:
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return []
    return [block for block in part.get_payload() if isinstance(block, Letter)]


def _message_id(part: Letter) -> str:
    """Of the letter that comes back, whole or by its headers."""
    returned: Letter | None = None
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        returned = part.get_payload(0)
    elif part.get_content_type() in HEADERS_ONLY:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            returned = message_from_string(content.decode(errors="replace").lstrip())
    return str(returned["Message-ID"] or "").strip() if returned is not None else ""


def _word(value: object) -> str:
    """The first word: some systems write a comment behind it."""
    return (str(value or "").split() or [""])[0]


def _reason(block: Letter) -> str:
    said = " ".join(str(block["Diagnostic-Code"] or "").split())
    words = re.sub(r"^[A-Za-z-]+\s*;\s*", "", said)
    return ADDRESS.sub("…", f"{_word(block['Status'])} {words}".strip())
