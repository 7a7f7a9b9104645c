"""What every refusal has in common.

DomainError
├── NotFound          404
├── NotAllowed        403
├── NeedsApproval     403
├── Invalid           422
├── Conflict          409
│   └── Busy          409, try again
└── LimitReached      429, free again at a moment that is told
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for "mark, do not translate yet"
    return text


class DomainError(Exception):
    """A refusal with a stable code, an HTTP status and a sentence for its reader.

    The sentence stays untranslated here; the door that shows it translates it and
    fills in ``params``, moments (aware, in the zone to be told) and hours as words. ``fields``
    names the input at fault: {"nik": ["..."]}. ``retry_after`` is in seconds. ``extras``
    are members of its own in the problem document. ``leads_to`` is the page for whoever is
    refused so, and ``lead`` what its link is called; the web pages show it. ``page`` is the
    template that tells it, where the usual one does not fit.
    """

    code = "refused"
    status = 400
    # Whether a 5xx of this kind is something to look into, and so a line among the errors.
    is_failure = True
    message = N_("Permintaan ini tidak dapat dilakukan.")
    leads_to: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    page: ClassVar[str] = ""

    def __init__(
        self,
        *,
        fields: dict[str, list[str]] | None = None,
        retry_after: int | None = None,
        extras: dict[str, Any] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(self.code)
        self.fields = fields or {}
        self.retry_after = retry_after
        self.extras = extras or {}
        self.params = params


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = N_("Data yang Anda cari tidak ditemukan.")


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = N_("Anda tidak berwenang melakukan tindakan ini.")


class NeedsApproval(NotAllowed):
    """``request`` is what to ask a second officer for (offices.services.approvals.Request)."""

    code = "needs_approval"
    message = N_("Tindakan ini memerlukan persetujuan petugas kedua.")

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


class Invalid(DomainError):
    code = "invalid"
    status = 422
    message = N_("Ada isian yang perlu diperbaiki.")


class Conflict(DomainError):
    code = "conflict"
    status = 409


class Busy(Conflict):
    code = "busy"
    message = N_("Sistem sedang sibuk. Silakan coba lagi sesaat lagi.")

    def __init__(self, *, retry_after: int = 2, **params: Any) -> None:
        super().__init__(retry_after=retry_after, **params)


class LimitReached(DomainError):
    """One of the limits that hold for everyone (docs/limits.md); ``sentences`` by its name.

    ``ends_at`` is when it is free again, in the zone to be told. It is told in whole
    minutes, and never too early.
    """

    code = "limit_reached"
    status = 429
    sentences: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *, limit: str, ends_at: datetime, now: datetime, **params: Any) -> None:
        told = _next_minute(ends_at)
        super().__init__(
            extras={"limit": limit, "ends_at": told.isoformat()},
            retry_after=max(1, math.ceil((told - now).total_seconds())),
            when=told,
            **params,
        )
        self.limit = limit
        self.ends_at = told
        self.message = self.sentences[limit]


def _next_minute(at: datetime) -> datetime:
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)
