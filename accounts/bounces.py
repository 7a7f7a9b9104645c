"""What a mail system reports about a letter of ours: a delivery status (RFC 3464), or what
qmail writes instead.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import Message as Letter
from email.utils import parsedate_to_datetime

ADDRESS = re.compile(r"[^\s<>:;,()\[\]]+@[^\s<>:;,()\[\]]+")
HEADERS_ONLY = ("text/rfc822-headers", "message/rfc822-headers")
# Where a mail system writes to whom a letter came, envelope or header.
TO_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# Nothing we send is that long: the rest of a letter that comes back is not looked at.
MOST_BYTES = 512 * 1024

QMAIL = re.compile(r"\AHi\. This is the .{0,80}qmail-send program", re.IGNORECASE)
QMAIL_GAVE_UP = "This is a permanent error; I've given up."
QMAIL_TOLD = re.compile(r"^<([^>\s]+)>:\n((?:.+\n)+)", re.MULTILINE)
QMAIL_COPY = re.compile(r"^--- (?:Below this line is a copy|Enclosed is)[^\n]*\n\s*", re.MULTILINE)
QMAIL_STATUS = re.compile(r"#(\d\.\d{1,3}\.\d{1,3})")

# Of the mailbox itself: there is none, or it is closed. Full ones, and what is about the
# sender (5.1.7, 5.1.8) or by policy (5.7.x), say nothing of that kind (RFC 3463).
NO_MAILBOX = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b|\b5\.2\.1\b")
CODED = re.compile(r"\b5\.[1-7]\.[1-9]\d{0,2}\b")
NO_MAILBOX_WORDS = re.compile(
    r"user (?:is )?unknown|unknown user|no such (?:user|recipient|mailbox)|no mailbox here"
    r"|(?:user|mailbox|recipient|address|account)\b.{0,60}(?:not (?:exist|found)|does not exist)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Report:
    """``action`` as RFC 3464 names it; ``status`` such as 5.1.1; ``reason`` names nobody.

    ``recipient`` is whom our letter was addressed to, as far as it is told. ``to`` are
    header lines of the report itself; ``at`` is when it happened, None where it is not told.
    """

    message_id: str
    action: str
    status: str
    reason: str
    recipient: str = ""
    to: tuple[str, ...] = ()
    at: datetime | None = None

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith("5")


def has_no_mailbox(said: str) -> bool:
    """Whether a refusal for good is about the mailbox: by its code, else by its words."""
    if NO_MAILBOX.search(said):
        return True
    return not CODED.search(said) and NO_MAILBOX_WORDS.search(said) is not None


def read(raw: bytes) -> Report | None:
    """The report in a letter; None where it is none."""
    letter = message_from_bytes(raw[:MOST_BYTES])
    if letter.get_content_type() == "multipart/report" and letter.is_multipart():
        return _of_status(letter)
    return _of_qmail(letter)


def _of_status(letter: Letter) -> Report | None:
    parts = [part for part in letter.get_payload() if isinstance(part, Letter)]
    told = next((block for part in parts for block in _blocks(part) if block["Action"]), None)
    if told is None:
        return None
    return Report(
        message_id=next(filter(None, map(_message_id, parts)), ""),
        action=_word(told["Action"]).lower(),
        status=_word(told["Status"]),
        reason=_reason(_word(told["Status"]), str(told["Diagnostic-Code"] or "")),
        recipient=_address(told["Original-Recipient"]) or _address(told["Final-Recipient"]),
        to=_to(letter),
        at=moment(told["Last-Attempt-Date"]) or moment(letter["Date"]),
    )


def _of_qmail(letter: Letter) -> Report | None:
    """Plain text (qmail's QSBMF): a paragraph for the recipient, then the letter itself."""
    text = _text(letter).replace("\r\n", "\n")
    if not QMAIL.match(text):
        return None
    said, _, copy = QMAIL_COPY.sub("\0", text, count=1).partition("\0")
    told = QMAIL_TOLD.search(f"{said}\n")
    if told is None:
        return None
    status = QMAIL_STATUS.search(told[2])
    # A temporary failure of which it has tired at last is told by the same words.
    code = status[1] if status else "5.0.0" if QMAIL_GAVE_UP in said else "4.0.0"
    return Report(
        message_id=str(message_from_string(copy)["Message-ID"] or "").strip(),
        action="failed",
        status=code,
        reason=_reason(code, told[2]),
        recipient=told[1].lower(),
        to=_to(letter),
        at=moment(letter["Date"]),
    )


def _text(letter: Letter) -> str:
    content = letter.get_payload(decode=True) if not letter.is_multipart() else None
    return content.decode(errors="replace").lstrip() if isinstance(content, bytes) else ""


def _to(letter: Letter) -> tuple[str, ...]:
    return tuple(str(line) for name in TO_HEADERS for line in letter.get_all(name, []))


def moment(value: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(value or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(value: object) -> str:
    """Of "rfc822; somebody@example.org"; "" where there is none."""
    found = ADDRESS.search(str(value or "").partition(";")[2])
    return found[0].lower() if found else ""


def _blocks(part: Letter) -> list[Letter]:
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return []
    return [block for block in part.get_payload() if isinstance(block, Letter)]


def returned_letter(part: Letter) -> Letter | None:
    """The letter that comes back in this part, whole or by its headers."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return part.get_payload(0)
    if part.get_content_type() in HEADERS_ONLY:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            return message_from_string(content.decode(errors="replace").lstrip())
    return None


def _message_id(part: Letter) -> str:
    returned = returned_letter(part)
    return str(returned["Message-ID"] or "").strip() if returned is not None else ""


def _word(value: object) -> str:
    """The first word: some systems write a comment behind it."""
    return (str(value or "").split() or [""])[0]


def _reason(status: str, diagnostic: str) -> str:
    said = re.sub(r"^[A-Za-z-]+\s*;\s*", "", " ".join(diagnostic.split()))
    return without_addresses(f"{status} {said}")


def without_addresses(said: str) -> str:
    return ADDRESS.sub("…", said.strip())
