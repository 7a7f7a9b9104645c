"""What the pages of booking share: refusals as form errors, forms that act once, kept forms."""

import functools
import secrets
from collections.abc import Callable, Mapping
from time import sleep
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from paspor.kernel import idempotency, problems
from paspor.kernel.errors import DomainError

TOKEN = "token"  # noqa: S105  # the name of a field
KEPT = "kept_form"
MOST_KEPT = 8000  # characters: a session is no store for whatever is posted
# A second tap waits for the first, whose transaction is short, and lands where it lands.
TAP_STEP = 0.2
TAP_STEPS = 25

type View = Callable[..., HttpResponse]


def refuse(form: forms.Form, error: DomainError, at: Mapping[str, str] | None = None) -> None:
    """Put a refusal of a service where its reader looks: at the field, else at the top.

    ``at`` tells what the service's fields are called in this form, where that differs.
    """
    if isinstance(error, idempotency.KeyReused):
        # Back, changed, sent again: a new wish, which needs a token of its own.
        form.data = form.data.copy()
        form.data[TOKEN] = new_token()
        form.add_error(None, _("Isiannya berubah sejak dikirim. Periksa, lalu kirim lagi."))
        return
    texts = problems.field_texts(error)
    placed = False
    for field, said in texts.items():
        name = (at or {}).get(field, field)
        if name in form.fields:
            form.add_error(name, said or [problems.sentence(error)])
            placed = placed or not at
    if not placed:
        form.add_error(None, problems.sentence(error))


def new_token() -> str:
    return secrets.token_urlsafe(16)


def once(request: HttpRequest, work: Callable[[], str]) -> str:
    """The code that ``work`` gives; a second sending of the same form gets it again.

    Raises KeyReused where the form was changed after it had been carried out.
    """
    token = request.POST.get(TOKEN) or new_token()
    said = {name: request.POST.getlist(name) for name in sorted(request.POST)}
    said.pop("csrfmiddlewaretoken", None)
    print_of = idempotency.fingerprint(
        "POST", request.get_full_path(), urlencode(said, doseq=True).encode()
    )

    def answer() -> str:
        _status, body, _replayed = idempotency.answer_once(
            user_id=request.user.pk,
            key=f"web:{token}",
            fingerprint=print_of,
            work=lambda: (303, {"code": work()}),
            now=timezone.now(),
        )
        return body["code"]

    for _step in range(TAP_STEPS):
        try:
            return answer()
        except idempotency.KeyInUse:
            sleep(TAP_STEP)
    return answer()


# --- Signing in without losing what was typed -------------------------------------------


def keep_form(request: HttpRequest, *, path: str = "") -> None:
    """Remember what was posted, until the page at ``path`` (this one) is opened again."""
    said = request.POST.copy()
    said.pop("csrfmiddlewaretoken", None)
    said.pop(TOKEN, None)
    text = said.urlencode()
    if len(text) <= MOST_KEPT:
        request.session[KEPT] = {"path": path or request.path, "said": text}


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What was typed here before a sign-in or a side step came between; told once."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return QueryDict(kept["said"])


def signed_in(view: View) -> View:
    """Ask for a sign-in and come back to the same address; a posted form is kept."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep_form(request)
        return redirect_to_login(request.get_full_path())

    asked.needs_account = True
    return asked


def public(seconds: int) -> Callable[[View], View]:
    """A page that says the same to everybody with the same cookies, for so many seconds.

    Its header shows who is signed in and its language form carries a token, so only the
    reader's own browser may keep it.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, max_age=seconds)
            patch_vary_headers(response, ["Cookie", "Accept-Language"])
            return response

        return kept

    return decorate
