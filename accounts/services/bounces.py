"""Letters that report what became of ours: read, held against what we sent, written.

With BOUNCE_ADDRESS only what came to a message's own signed address counts. Without it
a report that names a message and its recipient changes that message, but suppresses nothing:
somebody may have made it up. A complaint comes to whatever address the recipient's provider
was told, so the signed address is one that it names; without any it counts for nothing.
"""

import mailbox
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from accounts import bounces, complaints, return_path
from accounts.complaints import Complaint
from accounts.models import Message, Suppression
from accounts.services import deliveries
from accounts.services.deliveries import DeliveryReport, Heard

State = Message.State


def _state(report: bounces.Report) -> State | None:
    """None for what decides nothing: a delay, or a server that knows no more than we do."""
    if report.action == "failed":
        return State.REFUSED if report.is_permanent else State.FAILED
    return State.DELIVERED if report.action == "delivered" else None


def _ours(report: bounces.Report) -> Message | None:
    """The message that it is about, if it is one of ours to the one it names."""
    named = Message.objects.filter(to__iexact=report.recipient).exclude(to="")
    if not settings.BOUNCE_ADDRESS:
        return named.filter(message_id=report.message_id).first()
    code = return_path.code_in(report.to)
    message = named.filter(code=code).first() if code else None
    if message and report.message_id not in {"", message.message_id}:
        return None
    return message


def _suppresses(report: bounces.Report, state: State) -> Suppression.Why | None:
    said = f"{report.status} {report.reason}"
    is_signed = bool(settings.BOUNCE_ADDRESS)
    if is_signed and state == State.REFUSED and bounces.has_no_mailbox(said):
        return Suppression.Why.BOUNCE
    return None


def _complained_of(complaint: Complaint) -> Message | None:
    """The message whose signed return path it names, if nothing it says tells of another."""
    code = return_path.code_in(complaint.senders)
    message = Message.objects.filter(code=code).exclude(to="").first() if code else None
    if message is None or complaint.message_id not in {"", message.message_id}:
        return None
    # The part before the @ may be blacked out; the domain says whose mailbox it was.
    told, ours = complaint.recipient.rpartition("@")[2], message.to.rpartition("@")[2].lower()
    return message if told in {"", ours} else None


def _hear_complaint(complaint: Complaint, now: datetime) -> Heard:
    message = _complained_of(complaint)
    if message is None:
        return Heard.NOTHING_NEW
    # Undated, it is dated by our letter: the same complaint again must be no newer one.
    at = complaint.at or message.accepted_at or now
    told = DeliveryReport(State.DELIVERED, "", at, Suppression.Why.COMPLAINT)
    return deliveries.write(message=message, told=told, now=now)


def hear(*, raw: bytes, now: datetime) -> Heard:
    """Read one letter and write what it says of ours. May be done again."""
    complaint = complaints.read(raw)
    if complaint is not None:
        return _hear_complaint(complaint, now)
    report = bounces.read(raw)
    state = _state(report) if report else None
    if report is None or state is None:
        return Heard.NOTHING_NEW
    message = _ours(report)
    if message is None:
        return Heard.NOTHING_NEW
    told = DeliveryReport(state, report.reason, report.at or now, _suppresses(report, state))
    return deliveries.write(message=message, told=told, now=now)


def hear_all(*, folder: Path, now: datetime, most: int | None = None) -> dict[Heard, int]:
    """Read what is new in a Maildir, at most so many letters. What came too early stays new."""
    box = mailbox.Maildir(folder, create=False)
    counts = dict.fromkeys(Heard, 0)
    new = [key for key in box.keys() if box.get_message(key).get_subdir() == "new"]  # noqa: SIM118
    for key in new[:most]:
        # Another reader may have it by now.
        with suppress(KeyError, FileNotFoundError):
            counts[_hear_one(box, key, now)] += 1
    return counts


def _hear_one(box: mailbox.Maildir, key: str, now: datetime) -> Heard:
    heard = hear(raw=box.get_bytes(key), now=now)
    if heard != Heard.TOO_EARLY:
        letter = box.get_message(key)
        letter.set_subdir("cur")
        letter.add_flag("S")
        box[key] = letter
    return heard
