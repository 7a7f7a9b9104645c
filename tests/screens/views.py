"""What a visitor meets when something goes wrong, on demand."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import requires_csrf_token

from paspor.kernel import problems
from paspor.kernel.errors import Busy
from paspor.kernel.refusals import csrf_failure

WRONG = {
    "permintaan": lambda: SuspiciousOperation("as the pages of errors are photographed"),
    "larangan": PermissionDenied,
    "sibuk": Busy,
    "terlalu-sering": lambda: problems.TooManyRequests(retry_after=40),
    "basis-data": problems.Unavailable,
    "rusak": lambda: RuntimeError("as the pages of errors are photographed"),
}


@requires_csrf_token
def go_wrong(request: HttpRequest, what: str) -> HttpResponse:
    if what == "formulir":
        return csrf_failure(request)
    raise WRONG[what]()
