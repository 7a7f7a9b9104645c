"""Decorators of pages: asking for a sign-in, and caching by the reader's own browser."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from paspor.kernel import kept_forms

type View = Callable[..., HttpResponse]


def sign_in_required(view: View) -> View:
    """Ask for a sign-in and come back to the same address; a posted form is kept."""
    return _sign_in_required(view, None)


def sign_in_required_at(page: str) -> Callable[[View], View]:
    """For an address that only acts and shows nothing: come back to the page that has its
    button, a route that takes the same arguments.
    """
    return functools.partial(_sign_in_required, page=page)


def _sign_in_required(view: View, page: str | None) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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

    return guarded


def cached_by_browser(seconds: int) -> Callable[[View], View]:
    """For a page that says the same to everybody with the same cookies.

    Its header shows who is signed in and its language form carries a token, so no cache
    between the portal and the reader may keep it.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, max_age=seconds)
            patch_vary_headers(response, ["Cookie", "Accept-Language"])
            return response

        return cached

    return decorate
