"""An office's code in an address, as people type it: in whatever letters."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from offices import selectors
from offices.errors import OfficeUnknown

# What the routes call it, and those of the public's pages that call it otherwise.
NAME = "office"
PUBLIC, PUBLIC_NAME = "kantor/<slug:code>/", "code"


class OfficeCodeMiddleware:
    """Codes have capitals: /kantor/kanim-jaksel/ leads to the page of KANIM-JAKSEL.

    Only where that office serves, and only for what is read; the API keeps to its codes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or request.method not in {"GET", "HEAD"}:
            return None
        name = PUBLIC_NAME if match.route.startswith(PUBLIC) else NAME
        typed = str(kwargs.get(name, ""))
        if typed == typed.upper() or match.route.startswith("api/"):
            return None
        try:
            office = selectors.office_by_code(typed.upper())
        except OfficeUnknown:
            return None
        return redirect(request.get_full_path().replace(f"/{typed}/", f"/{office.code}/", 1))
