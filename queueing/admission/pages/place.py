"""Taking a turn, finding it again on another device, and giving it up."""

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paspor.kernel import ratelimit
from queueing.admission import room, tokens, words
from queueing.admission.pages import waiting
from queueing.admission.rules import State
from queueing.admission.services import turns
from queueing.admission.tokens import Token


@never_cache
@require_safe
@login_required
def place(request: HttpRequest) -> HttpResponse:
    """For whoever comes without a token: the middleware answers the others."""
    now = timezone.now()
    token = Token(request.user.code, _back(request, request.GET.get("next", "")))
    turn = turns.look(token.account, now=now)
    if turn is not None and turn.state != State.NONE:
        response = waiting.answer(request, token, turn, now)
        if turn.state != State.PASS:
            tokens.give(response, token)
        return response
    known = room.current()
    coming = known.room.coming(now=now)
    shown = {
        "opening": words.opening(coming) if coming else "",
        "is_open": known.is_open(now),
        "keep_minutes": known.room.keep_seconds // 60,
        "next": token.back,
    }
    return render(request, "queueing_admission/take.html", shown)


def _back(request: HttpRequest, target: str) -> str:
    """A page of ours; the token that is there already knows where its reader was going."""
    given = tokens.read(request.COOKIES.get(tokens.COOKIE, ""))
    if not target and given is not None and given.account == request.user.code:
        return given.back
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, None)
    return target if is_ours else ""


@require_POST
@login_required
def take(request: HttpRequest) -> HttpResponse:
    ratelimit.check(request, "booking")
    now = timezone.now()
    account = request.user.code
    coming = room.current().room.coming(now=now)
    if coming is None:
        turns.take(account, now=now)
    else:
        turns.take_early(account, wave=coming, now=now)
    response = redirect("admission:place")
    tokens.give(response, Token(account, _back(request, request.POST.get("next", ""))))
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "queueing_admission/leave.html")
    turns.leave(request.user.code, now=timezone.now())
    flash.info(request, _("Giliran Anda sudah dilepas."))
    response = redirect("queueing:office-list")
    tokens.take_back(response)
    return response
