"""Refusals as pages: what a web view raises becomes a page that says it kindly.

Under /api/ and /_allauth/ the same refusals, and Django's own errors, are problem details.
"""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from paspor.kernel import counting, problems, speaking
from paspor.kernel.errors import DomainError, NotAllowed, NotFound

# Where the mobile app signs in.
SIGN_IN = "/_allauth/"
PAGES = {404: "404.html", 405: "405.html", 429: "429.html", 503: "503.html"}
# Rendered without a request: they stand when sessions, database or context are broken.
PLAIN = {400: "400.html", 500: "500.html", 503: "503.html"}

# A fragment asked for by a script is answered by the main part of the whole page.
WHOLE_MAIN = {"HX-Retarget": "#isi", "HX-Reselect": "#isi", "HX-Reswap": "outerHTML"}


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return _not_allowed(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Http404, PermissionDenied and bugs go their usual way, to the handlers below."""
        refusal = problems.refusal_of_ours(error)
        return None if refusal is None else answer(request, refusal)


def answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return _problem(request, refusal) if wants_problem(request) else _page(request, refusal)


def wants_problem(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/v", SIGN_IN))


def _problem(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    counting.refused(refusal.code)
    with translation.override(speaking.accepted_language(request) or translation.get_language()):
        body = problems.problem(refusal, request)
    return JsonResponse(
        body,
        status=refusal.status,
        headers=problems.headers(refusal),
        content_type=problems.CONTENT_TYPE,
    )


def _page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    counting.refused(refusal.code)
    response = render(
        request,
        refusal.page or PAGES.get(refusal.status, "refusal.html"),
        {
            "title": gettext(problems.TITLES.get(refusal.status, problems.TITLES[409])),
            "text": problems.sentence(refusal),
            "fields": problems.field_texts(refusal),
            "lead": problems.lead(refusal),
        },
        status=refusal.status,
    )
    extra = problems.headers(refusal)
    if request.headers.get("HX-Request") == "true":
        extra |= WHOLE_MAIN
    for name, value in extra.items():
        response.headers[name] = value
    return response


def _not_allowed(request: HttpRequest, empty: HttpResponse) -> HttpResponse:
    """In place of Django's answer, which is an empty page: for who opens a form's own address."""
    response = answer(request, problems.MethodNotAllowed())
    response.headers["Allow"] = empty.headers["Allow"]
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = problems.as_domain_error(exception) or problems.Malformed()
    return _plain(request, refusal)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        return _problem(request, NotAllowed())
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug, or a database that went away before a view was reached."""
    error = sys.exc_info()[1]
    refusal = problems.refusal_of_ours(error) if isinstance(error, Exception) else None
    return _plain(request, refusal or problems.Broken())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Called by allauth, whose limits here all count by the minute (ACCOUNT_RATE_LIMITS)."""
    return answer(request, problems.TooManyRequests(retry_after=60))


def _plain(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    if wants_problem(request):
        return _problem(request, refusal)
    counting.refused(refusal.code)
    text = render_to_string(PLAIN.get(refusal.status, PLAIN[400]))
    return HttpResponse(text, status=refusal.status, headers=problems.headers(refusal))
