"""Writing the log of acts. Call inside the act's own transaction."""

import hashlib
import secrets
from typing import Any

from paspor.kernel.models import NATIONAL, AuditEvent, Note


def note_digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def write_note(text: str) -> Note | None:
    """Keep free text apart from its event; nothing is kept for an empty text."""
    if not text.strip():
        return None
    return Note.objects.create(salt=secrets.token_hex(16), text=text.strip())


def record(  # noqa: PLR0913  # an event has that many columns
    act: str,
    *,
    actor_id: int | None,
    subject: str = "",
    stream: str = NATIONAL,
    reason: str = "",
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one event. ``detail`` holds ids and codes only; people's words go to ``note``.

    ``stream`` is an office's code, or NATIONAL: the chain that the event joins.
    """
    kept = write_note(note)
    return AuditEvent.objects.create(
        act=act,
        actor_id=actor_id,
        subject=subject,
        stream=stream,
        reason=reason,
        detail=detail or {},
        note_id=kept.pk if kept else None,
        note_digest=note_digest(kept.salt, kept.text) if kept else "",
    )
