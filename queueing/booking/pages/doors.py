"""What the pages of booking share: refusals as form errors, kept forms."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from paspor.kernel import counting, kept_forms, once_door, problems
from paspor.kernel.errors import DomainError
from queueing.booking.errors import PeopleRefused

type View = Callable[..., HttpResponse]


def refuse(
    form: forms.Form,
    error: DomainError,
    at: Mapping[str, str] | None = None,
    people: Sequence[Mapping[str, str]] | None = None,
) -> None:
    """Put a refusal of a service where its reader looks: at the field, else at the top.

    ``at`` tells what the service's fields are called in this form, where that differs, and
    ``people`` what those of each person of a group are; with either the whole sentence stands
    at the top too, unless a field says the very same.
    """
    counting.refused(error.code)
    if isinstance(error, PeopleRefused) and people is not None:
        cards = people
        error = error.named(lambda number, name: cards[number].get(name, name))
    is_elsewhere = at is not None or people is not None
    once_door.refuse(form, error, names=at, with_sentence=is_elsewhere)
    form.lead = problems.lead(error)


# --- Signing in without losing what was typed -------------------------------------------


def signed_in(view: View) -> View:
    """Ask for a sign-in and come back to the same address; a posted form is kept."""
    return _signed_in(view, None)


def signed_in_at(page: str) -> Callable[[View], View]:
    """Ask to sign in before an address that only acts and shows nothing: come back to the page
    that has its button, a route that takes the same words.
    """
    return functools.partial(_signed_in, page=page)


def _signed_in(view: View, page: str | None) -> View:
    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        path, back = request.path, request.get_full_path()
        if page:
            path = reverse(page, args=args, kwargs=kwargs)
            _here, mark, query = back.partition("?")
            back = path + mark + query
        if request.method == "POST":
            kept_forms.keep(request, path=path)
        return redirect_to_login(back)

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
