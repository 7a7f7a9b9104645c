"""The portal as a program, and what its web server believes."""

from django.conf import settings

from tests.live import Portal


def test_a_body_that_is_too_large_ends_the_connection_and_says_so(portal: Portal) -> None:
    caller = portal.caller()

    answer = caller.send(
        "POST", "/api/v1/bookings/lookup", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    )

    assert (answer.status, answer.headers["Connection"]) == (413, "close")
    # What is read from the header is believed: the next request opens a connection anew.
    assert caller.send("GET", "/healthz").status == 200
