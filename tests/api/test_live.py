"""The portal as a program: it answers, and one that was killed leaves nothing running."""

import http.client

import pytest

from tests.live import Portal


def test_portal_answers_until_it_is_killed(portal: Portal) -> None:
    caller = portal.caller()
    assert caller.send("GET", "/healthz").status == 200

    portal.programs[0].kill()

    with pytest.raises((OSError, http.client.HTTPException)):
        portal.caller().send("GET", "/healthz")
