"""What a mail system reports when somebody marks a letter of ours as spam: ARF (RFC 5965)."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Letter

from accounts import bounces

# Of the kinds that are told by this form, those by which a reader wants no more from us.
# auth-failure is about our domain (RFC 6591), not-spam takes a mark back.
UNWANTED = {"abuse", "opt-out"}


@dataclass(frozen=True)
class Complaint:
    """``senders`` are header lines that may name our letter's own return path.

    ``recipient`` as it is told: its part before the @ is often blacked out (RFC 6590), and
    many tell none. ``at`` is when it was reported, None where that is not told.
    """

    senders: tuple[str, ...]
    message_id: str
    recipient: str
    at: datetime | None


def read(raw: bytes) -> Complaint | None:
    """The complaint in a letter; None where it is none."""
    letter = message_from_bytes(raw[: bounces.MOST_BYTES])
    if letter.get_content_type() != "multipart/report" or not letter.is_multipart():
        return None
    parts = [part for part in letter.get_payload() if isinstance(part, Letter)]
    told = next(filter(None, map(_fields, parts)), None)
    if told is None or str(told["Feedback-Type"]).strip().lower() not in UNWANTED:
        return None
    ours = next(filter(None, map(bounces.returned_letter, parts)), Letter())
    named = bounces.ADDRESS.search(str(told["Original-Rcpt-To"] or ""))
    return Complaint(
        senders=_lines(told, "Original-Mail-From") + _lines(ours, "Return-Path"),
        message_id=str(ours["Message-ID"] or "").strip(),
        recipient=named[0].lower() if named else "",
        at=bounces.moment(letter["Date"]),
    )


def _fields(part: Letter) -> Letter | None:
    """Those of the part that a program reads, which are written like a letter's header."""
    if part.get_content_type() != "message/feedback-report" or not part.is_multipart():
        return None
    fields = part.get_payload(0)
    return fields if isinstance(fields, Letter) and fields["Feedback-Type"] else None


def _lines(headers: Letter, name: str) -> tuple[str, ...]:
    return tuple(map(str, headers.get_all(name, [])))
