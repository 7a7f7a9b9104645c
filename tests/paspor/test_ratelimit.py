"""Limits by account, person, installation and address; none of them without a cache."""

from contextlib import nullcontext as does_not_raise

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from paspor.kernel import device, ratelimit
from paspor.kernel.problems import TooManyRequests
from tests.at_once import at_once

ROW = {"account": "3/h", "person": "3/h", "device": "3/h", "address": "6/h"}


class Citizen:
    is_authenticated = True

    def __init__(self, pk: int) -> None:
        self.pk = pk


@pytest.fixture(autouse=True)
def _limits(settings, monkeypatch):
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(ratelimit.LIMITS, "test", ROW)


def request_of(user=None, *, install="", address="203.0.113.5", **extra):
    headers = {device.HEADER: install} if install else {}
    request = RequestFactory().post("/", headers=headers, REMOTE_ADDR=address, **extra)
    request.user = user or AnonymousUser()
    return request


def fill(times, **kwargs):
    for _ in range(times):
        ratelimit.check(request_of(**kwargs), "test")


def test_an_account_is_limited_wherever_it_asks_from():
    for n in range(3):
        fill(1, user=Citizen(1), address=f"203.0.113.{n}")

    with pytest.raises(TooManyRequests) as caught:
        fill(1, user=Citizen(1), address="203.0.113.9")

    assert 1 <= caught.value.retry_after <= 3600
    fill(1, user=Citizen(2), address="203.0.113.9")


def test_a_person_is_limited_whoever_asks():
    for n in range(3):
        ratelimit.check(request_of(Citizen(n), address=f"203.0.113.{n}"), "test", person="K7QX")
    with pytest.raises(TooManyRequests):
        ratelimit.check(request_of(Citizen(9), address="203.0.113.9"), "test", person="K7QX")


@pytest.mark.parametrize("group", ["lookup", "claim"])
def test_a_stranger_elsewhere_cannot_shut_the_owner_of_a_code_out(group):
    for _ in range(10):
        ratelimit.check(request_of(address="203.0.113.1"), group, person="K7QX")
    with pytest.raises(TooManyRequests):
        ratelimit.check(request_of(address="203.0.113.1"), group, person="K7QX")

    ratelimit.check(request_of(address="203.0.113.2"), group, person="K7QX")


def test_guessing_a_code_from_many_addresses_ends_too():
    def guess(n):
        ratelimit.check(request_of(address=f"203.0.113.{n}"), "lookup", person="K7QX")

    for n in range(100):
        guess(n)
    with pytest.raises(TooManyRequests):
        guess(100)


def test_an_installation_is_limited_and_an_invented_one_does_not_count():
    ours = device.issue()
    fill(3, install=ours)
    with pytest.raises(TooManyRequests):
        fill(1, install=ours, address="203.0.113.9")
    fill(3, install="invented", address="203.0.113.9")


def test_an_address_is_limited_last():
    for n in range(6):
        fill(1, user=Citizen(n))
    with pytest.raises(TooManyRequests):
        fill(1, user=Citizen(6))


def test_counts_at_the_same_moment_are_exact():
    def one():
        try:
            fill(1, user=Citizen(1), address="")
        except TooManyRequests:
            return False
        return True

    assert sum(at_once([one] * 12)) == 3


@pytest.mark.usefixtures("dead_cache")
def test_without_a_cache_nobody_is_stopped():
    with does_not_raise():
        fill(20, user=Citizen(1))


def test_a_limited_view_counts_and_an_unknown_group_is_a_bug():
    view = ratelimit.limited("test")(lambda request: HttpResponse())
    for _ in range(3):
        view(request_of(Citizen(1)))
    with pytest.raises(TooManyRequests):
        view(request_of(Citizen(1)))
    with pytest.raises(ValueError, match="nonsense"):
        ratelimit.limited("nonsense")


def test_every_row_of_the_table_is_generous_by_address():
    """Thousands share an address behind a carrier, so it must hold many accounts."""
    for group, row in ratelimit.LIMITS.items():
        rates = {by: ratelimit_per_second(rate) for by, rate in row.items()}
        others = [rate for by, rate in rates.items() if by in {"account", "device"}]
        # Without a limit by address an account is an officer's, who is behind no carrier.
        shared = rates.get("address", float("inf"))
        assert group == "test" or all(shared >= 20 * rate for rate in others), group


def ratelimit_per_second(rate: str) -> float:
    count, period = ratelimit.split_rate(rate)
    return count / period


@pytest.mark.parametrize(
    ("proxies", "forwarded", "sender", "address"),
    [
        (0, "198.51.100.7", "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.2", "10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1", ""),
        (0, "", "", ""),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_the_address_behind_our_proxies(settings, proxies, forwarded, sender, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=sender)
    assert ratelimit.address_of(request) == address


def test_wishes_that_are_refused_lock_nobody_out_for_long():
    most, seconds = ratelimit.split_rate(ratelimit.LIMITS["watches"]["account"])

    assert most >= 60
    assert seconds <= 600
