"""What one answer costs in processor, without a server: the portal called in this process.

`make bench ARGS=--inside` prints milliseconds of processor of Python and of the database's side for
each row, one caller after the other: on a busy machine these stay put where seconds do not.
`PROFILE=book` prints instead where the Python side of that row goes, and how many calls it
makes, which is the same on any machine.
"""

import cProfile
import os
import pstats
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

from paspor.kernel import broker
from queueing.admission.services import entering
from tests import databases
from tests.bench import plans, town
from tests.bench.town import Size, Town
from tests.console import say

SIZE = Size(accounts=460, families=2, slots=400, warmers=40, seconds=0, runs=1)
EACH = 200
READS = 400
SHOWN = 70


def environ_of(raw: bytes) -> dict[str, Any]:
    """A request as it goes over the wire, as WSGI hands it on."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _version = first.split(" ")
    path, _, query = target.partition("?")
    named = dict(line.split(": ", 1) for line in lines)
    fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in named.items()}
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": named.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        **fields,
    }


class Portal:
    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.told: dict[str, int] = {}
        # The addresses of what was made since the last row began.
        self.made: list[str] = []

    def send(self, requests: Iterable[bytes]) -> None:
        for raw in requests:
            answer = self.application(environ_of(raw), self._heard)
            b"".join(answer)
            answer.close()

    def _heard(self, status: str, headers: Iterable[tuple[str, str]]) -> None:
        self.told[status] = self.told.get(status, 0) + 1
        self.made += [value for name, value in headers if name == "Location"]


def database_ms() -> float:
    """Of the one backend that serves this process."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def rows(people: Town, portal: Portal) -> Iterator[tuple[str, Iterable[bytes], int]]:
    """Name, requests and how many: those that write, each of other people."""
    booking, held = iter(plans.book_spread(people)), plans.hold_confirm(people)
    echo = cycle(list(plans.echo(people)))
    # Of one office: a picture is taken once a second, and seconds tell nothing here.
    one_office = list(plans.availability(people))[:: len(people.offices)]
    yield "availability", cycle(one_office), READS
    yield "offices", cycle(plans.offices(people)), READS
    yield "hello", cycle(plans.hello(people)), READS
    yield "claim-view", iter(list(plans.claim_view(people))[-EACH:]), EACH
    yield "echo", echo, READS
    yield "book", booking, EACH
    booked = list(zip(people.singles, portal.made, strict=False))
    yield "echo again", echo, READS
    yield "ticket", [plans.raw("GET", f"{at}/ticket", home=home) for home, at in booked], EACH
    yield "reschedule", plans.moves(people, booked[: EACH // 2]), EACH // 2
    yield "cancel", plans.cancels(booked[EACH // 2 :]), EACH // 2
    yield "hold", islice(held, EACH, None), EACH // 4
    holding = list(zip(people.singles[EACH:], portal.made, strict=False))
    yield "confirm", plans.confirms(holding), EACH // 4
    with all_permits_out():
        yield "refused", plans.book_spread(people), EACH


@contextmanager
def all_permits_out() -> Iterator[None]:
    with ExitStack() as taken:
        while not entering.bookings.are_out:
            taken.enter_context(entering.bookings.tried())
        yield


def measure(portal: Portal, requests: Iterable[bytes], count: int) -> str:
    portal.told.clear()
    portal.made.clear()
    python, database = time.process_time(), database_ms()
    portal.send(islice(requests, count))
    python, database = time.process_time() - python, database_ms() - database
    return f"{1000 * python / count:>10.2f}{database / count:>10.2f}   {portal.told}"


def play(template: str) -> None:
    with databases.copied(template):
        _play(town.build(SIZE))


def _play(people: Town) -> None:
    people.warm_sessions()
    # One connection for all: its backend is the one that is counted.
    connection.settings_dict["CONN_MAX_AGE"] = None
    # As in a rush: how many hints would be sent depends on how fast the machine is.
    broker._calm = broker.Calm(0, 0)
    portal = Portal()
    portal.send(plans.book(home, people.warm) for home in people.warmers)
    portal.send(islice(plans.availability(people), 20))
    say(f"{'row':<14}{'python':>10}{'database':>10}   milliseconds of processor an answer")
    for name, requests, count in rows(people, portal):
        if name == os.environ.get("PROFILE"):
            _profile(portal, requests)
            continue
        say(f"{name:<14}{measure(portal, requests, count)}")


def _profile(portal: Portal, requests: Iterable[bytes]) -> None:
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    portal.send(islice(requests, EACH))
    profile.disable()
    shown = pstats.Stats(profile, stream=sys.stdout)
    say(f"{shown.total_calls // EACH} calls an answer")
    shown.sort_stats("cumulative").print_stats(SHOWN)
    shown.sort_stats("tottime").print_stats(SHOWN // 2)
