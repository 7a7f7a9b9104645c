"""Headers of every answer that Django has no setting for."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

# The nearest office asks a device where it is. The counter's list, which reads tickets with a
# camera, says so itself (``allowing``).
PERMISSIONS = ", ".join(
    [
        "geolocation=(self)",
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "browsing-topics",
                "camera",
                "display-capture",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
    ]
)


def allowing(feature: str) -> str:
    """The policy of a page that uses one more feature of the device."""
    return PERMISSIONS.replace(f"{feature}=()", f"{feature}=(self)")


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Phones are lent and shops have shared computers: pages are not kept unless
        # their view says how long they may be.
        response.headers.setdefault("Cache-Control", "private, no-store")
        if response.status_code == HTTPStatus.CONTENT_TOO_LARGE:
            # The rest of the body is never read, so the server hangs up; say so, or the
            # next request on this connection is lost without a word.
            response.headers["Connection"] = "close"
        return response
