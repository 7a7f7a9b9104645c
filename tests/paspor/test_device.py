"""The id of an installation, which only we can make."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from paspor.kernel import device

make = RequestFactory()


def test_an_issued_id_is_recognised_from_header_and_cookie():
    issued = device.issue()
    by_header = make.get("/", headers={device.HEADER: issued})
    by_cookie = make.get("/", headers={"Cookie": f"{device.COOKIE}={issued}"})

    assert (
        device.installation_of(by_header)
        == device.installation_of(by_cookie)
        == issued.rpartition(":")[0]
    )


@pytest.mark.parametrize("sent", ["", "abc", "abc:def", "x" * 5000, "\x00:\x00"])
def test_an_invented_id_counts_as_none(sent):
    assert device.installation_of(make.get("/", headers={device.HEADER: sent})) == ""


def test_a_browser_gets_one_with_its_first_form_only():
    def through(request):
        return device.DeviceMiddleware(lambda _: HttpResponse())(request).cookies

    assert not through(make.get("/"))
    assert not through(make.post("/"))  # the mobile app, which keeps no cookies
    given = through(make.post("/", headers={"Cookie": "csrftoken=x"}))[device.COOKIE]
    assert given["httponly"]
    assert given["samesite"] == "Lax"
    assert not through(make.post("/", headers={"Cookie": f"{device.COOKIE}={given.value}"}))
