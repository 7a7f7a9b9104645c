"""The requests of each row, whole as they go over the wire."""

import json
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.town import PASSWORD, Home, Hour, Town

BOOKINGS = "/api/v1/bookings"
SIGN_IN = "/_allauth/app/v1/auth/login"


def raw(
    method: str, path: str, body: Any = None, *, home: Home | None = None, key: bool = False
) -> bytes:
    """As the app sends it: from a phone of its own, and each wish with a key."""
    content = b"" if body is None else json.dumps(body).encode()
    headers = {"Host": "127.0.0.1", "Accept": "application/json", "User-Agent": "Paspor/1.0"}
    if home is not None:
        headers |= {
            "X-Session-Token": home.token,
            "X-Install-Id": home.install_id,
            "X-Forwarded-For": home.address,
        }
    if key:
        headers["Idempotency-Key"] = uuid.uuid4().hex
    if body is not None:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def book(home: Home, hour: Hour, *, confirm: bool = True) -> bytes:
    return raw("POST", BOOKINGS, _wish(home, hour, confirm), home=home, key=True)


def _wish(home: Home, hour: Hour, confirm: bool) -> dict[str, Any]:
    places = [
        {"applicant": code, "kind": "NEW", "passport_type": "REGULAR"} for _pk, code in home.people
    ]
    return {"slot": hour.code, "places": places, "confirm": confirm}


def spread(town: Town) -> Iterator[tuple[Home, Hour]]:
    """Each account with an hour; neighbours in time are far apart in the calendar."""
    for n, home in enumerate(town.singles):
        yield home, town.hours[n * 7 % len(town.hours)]


def hello(_town: Town) -> Iterable[bytes]:
    return [raw("GET", "/api/v1/bench/hello")]


def echo(town: Town) -> Iterable[bytes]:
    for home, hour in spread(town):
        yield raw("POST", "/api/v1/bench/echo", _wish(home, hour, confirm=True))


def claim_view(town: Town) -> Iterable[bytes]:
    for home, hour in spread(town):
        body = {
            "account": home.account,
            "slot": hour.pk,
            "applicant": home.people[0][0],
            "device": home.install_id.partition(":")[0],
            "address": home.address,
        }
        yield raw("POST", "/api/v1/bench/claim", body)


def availability(town: Town) -> Iterable[bytes]:
    for n, home in enumerate(town.singles):
        code = town.offices[n % len(town.offices)]
        path = f"/api/v1/offices/{code}/availability?from={town.first_day}"
        yield raw("GET", path, home=home)


def offices(town: Town) -> Iterable[bytes]:
    for home in town.singles:
        yield raw("GET", "/api/v1/offices?page_size=500", home=home)


def book_spread(town: Town) -> Iterable[bytes]:
    return (book(home, hour) for home, hour in spread(town))


def book_hot(town: Town) -> Iterable[bytes]:
    return (book(home, town.hot) for home in town.singles)


def hold_confirm(town: Town) -> Iterable[bytes]:
    return (book(home, hour, confirm=False) for home, hour in spread(town))


def book_last(town: Town) -> Iterable[bytes]:
    return (book(home, town.last) for home in town.singles[:2000])


def family(town: Town) -> Iterable[bytes]:
    for n, home in enumerate(town.families):
        yield book(home, town.hours[n % len(town.hours)])


def reschedule(town: Town) -> Iterable[bytes]:
    return moves(town, ((home, _prepared(home)) for home in town.singles))


def moves(town: Town, booked: Iterable[tuple[Home, str]]) -> Iterator[bytes]:
    """Each, with the address of its booking, to the hour in which the next one sits."""
    for n, (home, at) in enumerate(booked):
        hour = town.hours[(n * 7 + 1) % len(town.hours)]
        yield raw("POST", f"{at}/reschedule", {"slot": hour.code}, home=home, key=True)


def cancel(town: Town) -> Iterable[bytes]:
    return cancels((home, _prepared(home)) for home in town.singles)


def cancels(booked: Iterable[tuple[Home, str]]) -> Iterator[bytes]:
    return (raw("POST", f"{at}/cancel", {}, home=home, key=True) for home, at in booked)


def confirms(held: Iterable[tuple[Home, str]]) -> Iterator[bytes]:
    return (raw("POST", f"{at}/confirm", {}, home=home, key=True) for home, at in held)


def ticket(town: Town) -> Iterable[bytes]:
    for home in town.singles:
        yield raw("GET", f"{_prepared(home)}/ticket", home=home)


def sign_in(town: Town) -> Iterable[bytes]:
    for home in town.singles:
        body = {"email": home.email, "password": PASSWORD}
        yield raw("POST", SIGN_IN, body, home=_signed_out(home))


def _signed_out(home: Home) -> Home:
    return Home(home.account, home.email, "", home.install_id, home.address, home.people)


def code_of(home: Home) -> str:
    """Of the booking that ``stage.book_everyone`` has made for this account."""
    return f"B{home.account:07}"


def _prepared(home: Home) -> str:
    return f"{BOOKINGS}/{code_of(home)}"


def write(path: Path, requests: Iterable[bytes]) -> int:
    """The plan as both generators read it; how many requests it has."""
    count = 0
    with path.open("wb") as file:
        for request in requests:
            file.write(b"%d\n%s" % (len(request), request))
            count += 1
    return count
