"""The one place that counts requests, in the windows of django-ratelimit, and the one table.

A group is counted for the account, the person, the pair, the installation and the address,
as its row says. Whole towns share one address behind a carrier's NAT, so limits by address
only stop floods; what stops one abuser are the others. A person is whom a request is about:
counted from everywhere that limit is loose, or a stranger could shut out the one concerned.
A pair is that person asked about from one address; it is what stops guessing. Without a
cache nothing is limited.
"""

import functools
import ipaddress
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django_ratelimit import core
from rest_framework.throttling import BaseThrottle

from paspor.kernel import device, tally
from paspor.kernel.problems import TooManyRequests
from paspor.kernel.tally import Limit

# Each key counts one up, in order, until one is full: its number, or 0. One round trip,
# however many there are. ARGV: the most and the seconds to keep of each.
COUNT = """
for n, key in ipairs(KEYS) do
    local count = redis.call('INCR', key)
    if count == 1 then redis.call('EXPIRE', key, ARGV[2 * n]) end
    if count > tonumber(ARGV[2 * n - 1]) then return n end
end
return 0
"""
# Reads, which only a flood meets: counted a moment late (paspor.kernel.tally).
LOOSE = frozenset({"api", "public"})
# A key outlives its window a little: clocks differ.
KEPT_SECONDS = 5
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Requests per s, m, h or d; "10/5m" is ten in five minutes.
LIMITS: dict[str, dict[str, str]] = {
    # Any request to the API.
    "api": {"account": "300/m", "device": "600/m", "address": "12000/m"},
    # Offices, availability: read by millions when quota opens.
    "public": {"account": "240/m", "device": "240/m", "address": "12000/m"},
    # Holding, confirming: a person who tries again and again at opening fits in.
    "booking": {"account": "30/m", "person": "60/h", "device": "60/m", "address": "3000/m"},
    # Rescheduling, claiming a paper ticket.
    "change": {"account": "30/10m", "device": "60/10m", "address": "3000/m"},
    # What gives back is stopped where it is a flood, by nothing else, and not by the above.
    "give_back": {"account": "60/m", "device": "120/m", "address": "6000/m"},
    # Wishes to be told of room, refused ones too: whoever tries office after office for a full
    # month fits in, and waits for minutes only. How many may wait at once is a policy.
    "watches": {"account": "60/10m", "device": "120/10m", "address": "3000/10m"},
    "applicants": {"account": "60/h", "device": "120/h", "address": "6000/h"},
    # A code and a birth date without signing in: guessing must not pay.
    "lookup": {"pair": "10/h", "person": "100/h", "device": "10/10m", "address": "300/10m"},
    "claim": {
        "account": "10/h",
        "pair": "10/h",
        "person": "100/h",
        "device": "20/h",
        "address": "300/10m",
    },
    # Somebody at the counter, looked up by an officer: a queue fits in, a register does not.
    "person": {"account": "60/h"},
    # Passwords tried for an account, and codes sent to an address (accounts.entrance_limits).
    # What is "known" is counted for the account and a device that was signed in to it.
    "sign_in": {"pair": "10/5m", "person": "300/h"},
    "sign_in_known": {"person": "10/5m"},
    # Sign-ups for one mailbox (plus tags, dots): look-alike accounts share limits, so more
    # than a few are of no use to anybody honest.
    "sign_up": {"pair": "6/d", "person": "60/d"},
    "mail_code": {"pair": "3/m", "address": "3000/10m"},
    "mail_code_known": {"person": "3/m"},
    # A text costs money: how many is a policy, this only stops floods of asking.
    "text_code": {"device": "20/h", "address": "600/h"},
    "verify_code": {"pair": "1/30s", "address": "3000/10m"},
    "mail_code_hour": {"pair": "12/h", "person": "60/h"},
    "mail_code_hour_known": {"person": "12/h"},
    # Waiting instead of computing costs a program nothing, so few come this way.
    "proof_wait": {"account": "6/h", "device": "6/h", "address": "120/h"},
    "proof_code": {"account": "6/h", "device": "12/h", "address": "600/h"},
    # Codes that televisions show until they are paired, one in a quarter of an hour each, and
    # codes that an officer types: a room full of screens fits in, guessing another's does not.
    "screen_code": {"address": "60/10m"},
    "screen_pair": {"account": "20/10m"},
    # Everything that is held about someone, as one file.
    "export": {"account": "10/h", "device": "20/h", "address": "600/h"},
    # Things that write a message: reports, sending again.
    "messages": {"account": "10/h", "device": "20/h", "address": "600/h"},
}


def check(request: Any, group: str, *, person: str = "") -> None:
    """Count this request; raises TooManyRequests when one count of the group is full.

    ``person`` names whom it is about (a code or a digest) where the group counts that.
    """
    address = address_of(request)
    values = {
        "account": _account(request),
        "person": person,
        "pair": f"{person} {address}" if person else "",
        "device": device.installation_of(request),
        "address": address,
    }
    rates = [(values[by], by, rate) for by, rate in LIMITS[group].items() if values[by]]
    if not settings.RATELIMIT_ENABLE or not rates:
        return
    now = int(core.time.time())
    limits = [_limit(group, by, rate, value, now=now) for value, by, rate in rates]
    full = (tally.full if group in LOOSE else _counted)(limits)
    if full:
        raise TooManyRequests(retry_after=limits[full - 1].seconds - KEPT_SECONDS)


def _limit(group: str, by: str, rate: str, value: str, *, now: int) -> Limit:
    most, seconds = split_rate(rate)
    end = core._get_window(value, seconds)
    key = _digested(f"{group}:{by}:{most}/{seconds}:{value}:{end}")
    return Limit(key, most, max(1, end - now) + KEPT_SECONDS)


def _counted(limits: Sequence[Limit]) -> int | None:
    """The first limit that all processes together have used up, counted from 1; 0 where none
    is, None without a cache."""
    arguments = [number for limit in limits for number in (limit.most, limit.seconds)]
    return cache.run(COUNT, [limit.key for limit in limits], arguments)


def _digested(key: str) -> str:
    """Nobody's address stands in the cache in clear, nor what somebody typed."""
    return f"limit:{sha256(key.encode()).hexdigest()[:32]}"


@functools.cache
def split_rate(rate: str) -> tuple[int, int]:
    """ "30/10m" as (30, 600): so many requests in so many seconds."""
    count, _, period = rate.partition("/")
    return int(count), int(period[:-1] or 1) * SECONDS[period[-1]]


def limited(group: str) -> Callable[..., Any]:
    """For Django views: ``@limited("lookup")``."""
    if group not in LIMITS:
        raise ValueError(f"There is no row for {group} in LIMITS.")

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check(request, group)
            return view(request, *args, **kwargs)

        return counted

    return decorate


class GroupThrottle(BaseThrottle):
    """For DRF views: ``rate_group = "booking"``, or ``rate_groups = {"POST": "booking"}``."""

    def allow_request(self, request: Any, view: Any) -> bool:
        groups = getattr(view, "rate_groups", {})
        check(request, groups.get(request.method, getattr(view, "rate_group", "api")))
        return True


def _account(request: Any) -> str:
    user = getattr(request, "user", None)
    return str(user.pk) if user is not None and user.is_authenticated else ""


def address_of(request: Any) -> str:
    """The visitor's address, an IPv6 one as its /64; "" when it cannot be known.

    Behind TRUSTED_PROXIES of ours the last so many entries of X-Forwarded-For were
    written by them; what stands before may be invented by the visitor.
    """
    sender = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(chain) >= settings.TRUSTED_PROXIES:
            sender = chain[-settings.TRUSTED_PROXIES]
    return _network(sender)


@functools.lru_cache(10_000)
def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
