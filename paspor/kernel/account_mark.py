"""Tells a browser whose page it got, so that it forgets the tickets it keeps of somebody else.

The mark is the same for one account and says nothing about it. Only pages that looked into
the session carry it: it costs no query, and adds nothing to answers that anybody may hold.
"""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

HEADER = "Paspor-Account"
NOBODY = "none"


class AccountMarkMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and request.session.accessed:
            response.headers[HEADER] = mark(request.session.get(SESSION_KEY, ""))
        return response


def mark(account: str) -> str:
    return (
        salted_hmac("paspor.account_mark", account, algorithm="sha256").hexdigest()[:16]
        if account
        else NOBODY
    )
