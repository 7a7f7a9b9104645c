"""The portal as a program: it answers, and one that was killed leaves nothing running."""

import http.client

import pytest
from django.conf import settings

from tests.live import Portal


def test_portal_answers_until_it_is_killed(own_portal: Portal) -> None:
    portal = own_portal
    caller = portal.caller()
    assert caller.send("GET", "/healthz").status == 200

    portal.programs[0].kill()

    with pytest.raises((OSError, http.client.HTTPException)):
        portal.caller().send("GET", "/healthz")


def test_a_body_that_is_too_large_ends_the_connection_and_says_so(portal: Portal) -> None:
    caller = portal.caller()

    answer = caller.send(
        "POST", "/api/v1/bookings/lookup", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    )

    assert (answer.status, answer.headers["Connection"]) == (413, "close")
    # What is read from the header is believed: the next request opens a connection anew.
    assert caller.send("GET", "/healthz").status == 200
