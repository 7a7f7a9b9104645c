"""The outbox: every e-mail and every text is a row first, written in the transaction that
causes it.

accounts.tasks carries the rows. A row is claimed with a lease, sent outside any
transaction, and its result is written only where the claim still stands. So a message
may come twice (a worker dies between the server's 250 and our commit), never not at all.
"""

import base64
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from accounts import ports
from accounts.models import ACCOUNT_ERASED, CODE_KINDS, Message, User, new_public_code
from accounts.notices import Attachment as Attachment
from accounts.notices import Letter, render
from paspor.kernel import batches, broker
from paspor.kernel.prepared import writing
from paspor.kernel.prepared.django_insides import mark_saved
from paspor.kernel.prepared.reading import Prepared
from paspor.kernel.prepared.writing import Addition

CARRY = "accounts.carry_message"
# Longer than the SMTP time-out of 30 s, so a living worker never loses its claim.
LEASE = timedelta(seconds=120)
# With the pauses below, about three days.
MOST_ATTEMPTS = 80
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
# Of what somebody waits for, and what is soon of no use: codes.
LONGEST_URGENT_PAUSE = timedelta(minutes=2)
ROW_NAMESPACE = uuid.UUID("3f6c2c1e-6c0b-5f0e-9a53-7d1f6f0f3c11")


@dataclass(frozen=True)
class Outcome:
    """What a mail server said. ``reason`` is its answer or the kind of failure.

    ``relay`` is the one that took it.
    """

    state: str
    reason: str = ""
    relay: str = ""


type Composed = dict[str, Any]


def _message_id(dedup_key: str) -> str:
    """The same row always gets the same Message-ID, so a receiver can drop a second copy."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    return f"<{uuid.uuid5(ROW_NAMESPACE, dedup_key)}@{domain}>"


def _packed(attachments: Iterable[Attachment]) -> list[dict[str, str]]:
    return [
        {"name": name, "mime": mime, "content": base64.b64encode(content).decode()}
        for name, content, mime in attachments
    ]


def unpacked(message: Message) -> list[Attachment]:
    return [
        Attachment(part["name"], base64.b64decode(part["content"]), part["mime"])
        for part in message.attachments
    ]


def composed(  # noqa: PLR0913  # a message has that many parts
    *,
    user: User | None,
    to: str,
    kind: str,
    language: str,
    subject: str,
    dedup_key: str,
    now: datetime,
    text: str = "",
    html: str = "",
    about: str = "",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    urgent: bool = False,
    attachments: Iterable[Attachment] = (),
    facts: dict[str, Any] | None = None,
    channel: Message.Channel = Message.Channel.EMAIL,
) -> Composed:
    """A message that is not written yet, by its columns.

    ``about`` is opaque here ("booking:ABCD…"). ``not_after`` is when it stops being of use.
    ``facts`` stand for text, html and attachments until the letter is laid out (``laid_out``).
    """
    return {
        "code": new_public_code(),
        "user_id": user.pk if user else None,
        "channel": channel.value,
        "to": to,
        "kind": kind,
        "about": about,
        "language": language,
        "subject": " ".join(subject.split())[:200],
        "text": text,
        "html": html,
        "attachments": _packed(attachments),
        "facts": facts,
        "dedup_key": dedup_key,
        "message_id": _message_id(dedup_key),
        "urgent": urgent,
        "not_before": not_before or now,
        "due_at": not_before or now,
        "not_after": not_after,
        "created_at": now,
        "changed_at": now,
    }


def posting(message: Composed, *, now: datetime) -> Addition:
    """The message, to be written in the statement that causes it."""

    def told(written: list[int]) -> None:
        nudge(written[0], message["urgent"])

    then = told if message["not_before"] <= now else None
    return writing.addition(Message, message, once_by="dedup_key", then=then)


def enqueue(*, now: datetime, **fields: Any) -> Message:
    """Write a message of these fields (``composed``); call it in the transaction that causes it.

    The same ``dedup_key`` again returns the row that is already there.
    """
    message = composed(now=now, **fields)
    written = posting(message, now=now).write()
    if not written:
        return Message.objects.get(dedup_key=message["dedup_key"])
    row = Message(**message)
    mark_saved(row, *written)
    return row


def enqueue_letter(letter: Letter, *, language: str, **fields: Any) -> Message:
    """Lay a letter out, which was written in ``language``; ``fields`` as of ``enqueue``."""
    laid_out = render(letter, language=language)
    return enqueue(
        language=language,
        subject=laid_out.subject,
        text=laid_out.text,
        html=laid_out.html,
        **fields,
    )


def laid_out(message: Message) -> Message:
    """The message with its words, which may be facts so far; they are not saved.

    Laying out takes longer than writing the row, so whoever waits for the row does not do it.
    """
    if message.facts is not None:
        with translation.override(message.language):
            letter, files = ports.letter_writer(message.kind)(message.facts)
        rendered = render(letter, language=message.language)
        message.text, message.html = rendered.text, rendered.html
        message.attachments = _packed(files)
    return message


def nudge(message_id: int, urgent: bool = True) -> None:
    """Tell a worker; the sweep finds every row by itself, and in a rush what is not urgent."""
    (broker.tell if urgent else broker.hint)(CARRY, message_id)


def due(now: datetime) -> QuerySet[Message]:
    """Waiting rows whose time has come, and rows whose worker let the lease lapse."""
    return Message.objects.filter(
        Q(state=Message.State.QUEUED, not_before__lte=now)
        | Q(state=Message.State.SENDING, claimed_until__lte=now)
    )


def _hopeless(now: datetime) -> Q:
    return Q(not_after__lte=now) | Q(attempts__gte=MOST_ATTEMPTS)


def end_hopeless(*, now: datetime) -> int:
    """End what would come too late, or has been tried too often."""
    rows = due(now).filter(_hopeless(now))
    last = rows.filter(kind=ACCOUNT_ERASED)
    ended = last.update(state=Message.State.FAILED, **_ended(now, kind=ACCOUNT_ERASED))
    others = rows.exclude(kind=ACCOUNT_ERASED)
    return ended + others.update(state=Message.State.FAILED, **_ended(now))


@transaction.atomic
def claim(
    *,
    now: datetime,
    message_id: int | None = None,
    channel: Message.Channel = Message.Channel.EMAIL,
) -> Message | None:
    """Take one due message for LEASE, urgent ones first; None where there is none to take.

    Locks the row, skipping those that another worker is taking.
    """
    rows = due(now).filter(channel=channel).exclude(_hopeless(now))
    rows = rows.select_for_update(skip_locked=True)
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    message = rows.order_by("-urgent", "not_before", "pk").first()
    if message is None:
        return None
    message.state = Message.State.SENDING
    message.claim = secrets.token_hex(16)
    message.claimed_until = now + LEASE
    message.attempts += 1
    message.changed_at = now
    message.save(update_fields=["state", "claim", "claimed_until", "attempts", "changed_at"])
    return message


def _pause(message: Message) -> timedelta:
    longest = LONGEST_URGENT_PAUSE if message.urgent else LONGEST_PAUSE
    return min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), longest)


def settle(*, message: Message, outcome: Outcome, now: datetime) -> bool:
    """Write what came of a claimed message; False where the claim no longer stands.

    QUEUED means "try again": after a growing pause, until it would be too late.
    """
    if outcome.state != Message.State.QUEUED:
        return end(message=message, outcome=outcome, now=now)
    again_at = now + _pause(message)
    if message.is_over(again_at) or message.attempts >= MOST_ATTEMPTS:
        return end(message=message, outcome=Outcome(Message.State.FAILED, outcome.reason), now=now)
    return bool(
        _claimed(message).update(
            state=Message.State.QUEUED,
            reason=_masked(outcome.reason, message),
            not_before=again_at,
            claim="",
            claimed_until=None,
            changed_at=now,
        )
    )


def _claimed(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, claim=message.claim)


def end(*, message: Message, outcome: Outcome, now: datetime) -> bool:
    """Give a claimed message its last state; False where the claim no longer stands."""
    taken = {"relay": outcome.relay, "accepted_at": now} if outcome.relay else {}
    reason = _masked(outcome.reason, message)
    ending = {"state": outcome.state, "reason": reason} | taken | _ended(now, kind=message.kind)
    return bool(_claimed(message).update(**ending))


def withdraw(*, dedup_key: str, now: datetime) -> bool:
    """End a message that no longer says what is so; False where it has gone, or was none."""
    waiting = _WAITING.first(dedup_key)
    if waiting is None:
        return False
    rows = Message.objects.filter(pk=waiting[0], state=Message.State.QUEUED)
    return bool(rows.update(state=Message.State.FAILED, reason="withdrawn", **_ended(now)))


# Mostly there is none, and asking is cheaper than writing the SQL of an update.
_WAITING: Prepared[tuple[int]] = Prepared(
    lambda dedup_key: Message.objects.filter(
        dedup_key=dedup_key, state=Message.State.QUEUED
    ).values_list("pk")
)


def mark_answered(*, user: User, now: datetime) -> None:
    """The account's newest verification code came back, so its message had arrived."""
    codes = Message.objects.filter(user=user, kind__in=CODE_KINDS, answered_at=None)
    newest = codes.order_by("-created_at").values("pk")[:1]
    Message.objects.filter(pk__in=newest).update(answered_at=now)


def _masked(reason: str, message: Message) -> str:
    """Mail servers like to repeat the address they refuse."""
    return reason.replace(message.to, message.masked_to)[:300]


def mark_text_answered(*, message: Message, now: datetime) -> None:
    """The code in it came back."""
    Message.objects.filter(pk=message.pk, answered_at=None).update(answered_at=now)


def _ended(now: datetime, *, kind: str = "") -> dict[str, object]:
    """What every end writes: no claim, and outside the demo nothing of what it said; of the last
    letter to an erased account neither to whom.
    """
    forgotten = {} if settings.DEMO else _forgotten(now, kind)
    return {"claim": "", "claimed_until": None, "changed_at": now} | forgotten


def _forgotten(now: datetime, kind: str) -> dict[str, object]:
    return (NOBODY if kind == ACCOUNT_ERASED else {}) | _nothing(now)


def _nothing(now: datetime) -> dict[str, object]:
    return {"text": "", "html": "", "attachments": [], "facts": None, "wiped_at": now}


# To whom it went, and what tells of them.
NOBODY = {"to": "", "subject": "", "reason": ""}
FINAL = [
    Message.State.ACCEPTED,
    Message.State.DELIVERED,
    Message.State.REFUSED,
    Message.State.FAILED,
]


def wipe_bodies(*, sent_before: datetime, now: datetime) -> int:
    """Forget what ended messages said; the demo calls this a day late."""
    rows = Message.objects.filter(state__in=FINAL, wiped_at=None, changed_at__lt=sent_before)
    last = rows.filter(kind=ACCOUNT_ERASED)
    wiped = last.update(**_forgotten(now, ACCOUNT_ERASED))
    return wiped + rows.exclude(kind=ACCOUNT_ERASED).update(**_nothing(now))


def forget_addresses(*, created_before: datetime, now: datetime) -> int:
    """Forget to whom ended messages went. Kind and state stay, for the figures."""
    rows = Message.objects.filter(state__in=FINAL, created_at__lt=created_before)
    nobody = NOBODY | _nothing(now)
    return batches.each(rows.exclude(to=""), lambda some: some.update(**nobody))


def forget_messages_of(*, user: User, now: datetime) -> None:
    """Erasure: nothing more is sent to this account, and nothing readable stays."""
    mine = Message.objects.filter(user=user)
    mine.exclude(state__in=FINAL).update(
        state=Message.State.FAILED, claim="", claimed_until=None, changed_at=now
    )
    mine.update(**NOBODY, **_nothing(now))
