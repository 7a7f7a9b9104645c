"""Who may open the screens of cases, and how a refusal is told there."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from offices import selectors as offices
from offices.reasons import NO_REASON, Why
from offices.rules import Act
from offices.services import approvals
from paspor.kernel import problems
from paspor.kernel.errors import DomainError, NeedsApproval

type View = Callable[..., HttpResponse]


def handler(view: View) -> View:
    """A live post with a second factor, as the admin asks, and one that handles cases."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not offices.offices_of(request.user, timezone.now(), Act.CASE):
            raise Http404
        return view(request, **kwargs)

    return admin.site.admin_view(wrapper)


def tell(request: HttpRequest, refusal: DomainError, *, why: Why = NO_REASON) -> None:
    """Say a refusal on the next page; where a second officer is needed, ask for the yes."""
    if isinstance(refusal, NeedsApproval):
        _ask(request, refusal, why)
        return
    texts = [text for found in problems.field_texts(refusal).values() for text in found]
    messages.error(request, " ".join(texts) or problems.sentence(refusal))


def _ask(request: HttpRequest, refusal: NeedsApproval, why: Why) -> None:
    try:
        approval = approvals.ask(
            request=refusal.request,
            officer=request.user,
            reason=why.reason,
            note=why.note,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, problems.sentence(error))
        return
    text = _(
        "Tindakan ini memerlukan persetujuan petugas kedua. Permintaan %(code)s sudah diajukan; "
        "setelah disetujui, jalankan sekali lagi."
    )
    messages.warning(request, text % {"code": approval.code})
