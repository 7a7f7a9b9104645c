"""A load generator of our own, a process that knows nothing of the portal but its port.

python -m tests.bench.crowd PORT PLAN once|cycle|confirm|patient CONNECTIONS SECONDS

For rows in which answers must be told apart (wrk has one distribution for all), and for
machines without wrk. ``confirm``: whoever is given a hold confirms it, and both calls count
as one. ``patient``: whoever is told when to come again asks the same then.
"""

import json
import re
import selectors
import socket
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
LAST_CHUNK = b"\r\n0\r\n\r\n"
LOCATION = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)
AGAIN = re.compile(rb"\r\nretry-after: *(\d+)", re.IGNORECASE)
# So long after the last request was sent its answer is waited for.
PATIENCE = 30


class Phone:
    """One connection, kept alive, with one request under way."""

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.connect()
        self.request = b""
        # The address of the hold that this phone is confirming.
        self.held = b""
        self.began = 0.0

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.crowd.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.got = b""

    def ask(self) -> None:
        """Send the next request of the plan, or hang up where there is none."""
        self.request = b"" if self.crowd.is_over() else next(self.crowd.requests, b"")
        self.held = b""
        if self.request:
            self.ask_again()
        else:
            self.crowd.leaves(self)

    def ask_again(self) -> None:
        self.began = perf_counter()
        self.socket.send(self.request)

    def hear(self) -> None:
        """Read what has come, and go on once it is a whole answer."""
        try:
            more = self.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if not more:
            self.crowd.was_cut_off(self)
            return
        self.got += more
        end = self.got.find(END)
        if end >= 0 and self._is_whole(end):
            head, self.got = self.got[: end + 2], b""
            self._goes_on(head)

    def _is_whole(self, end: int) -> bool:
        if CHUNKED.search(self.got, 0, end + 2):
            return self.got.endswith(LAST_CHUNK)
        length = LENGTH.search(self.got, 0, end)
        return len(self.got) >= end + 4 + (int(length[1]) if length else 0)

    def _goes_on(self, head: bytes) -> None:
        place = LOCATION.search(head)
        if self.crowd.confirming and not self.held and place and head[9:12] == b"201":
            self.held = place[1]
            self.socket.send(_confirmation(self.request, self.held))
            return
        code = self.held or (place[1] if place else b"")
        self.crowd.heard(head, perf_counter() - self.began, code)
        again = AGAIN.search(head) if self.crowd.is_patient else None
        if again:
            self.crowd.waits(self, int(again[1]))
        else:
            self.ask()


def _confirmation(request: bytes, place: bytes) -> bytes:
    """The same person's confirmation of the hold they were given."""
    head = request.split(END, 1)[0].split(b"\r\n", 1)[1]
    head = re.sub(rb"(?i)content-length: *\d+", b"Content-Length: 2", head)
    head = re.sub(rb"(?i)(idempotency-key: *)", rb"\1c-", head)
    return b"POST " + place + b"/confirm HTTP/1.1\r\n" + head + END + b"{}"


class Crowd:
    def __init__(self, port: int, requests: list[bytes], mode: str) -> None:
        self.port = port
        self.requests = cycle(requests) if mode == "cycle" else iter(requests)
        self.keeps_codes = mode != "cycle"
        self.confirming = mode == "confirm"
        self.is_patient = mode == "patient"
        # Who asks again, and when; the number keeps phones from being compared.
        self.waiting: list[tuple[float, int, Phone]] = []
        self.told: Counter[str] = Counter()
        self.told_when: defaultdict[str, list[int]] = defaultdict(list)
        self.codes: list[str] = []
        self.took: defaultdict[str, list[float]] = defaultdict(list)
        self.stops_at = 0.0
        self.cut_off = 0
        self.present = 0
        self.selector = selectors.DefaultSelector()

    def run(self, connections: int, seconds: float) -> dict[str, Any]:
        phones = [Phone(self) for _n in range(connections)]
        began = perf_counter()
        self.stops_at = began + seconds
        for phone in phones:
            self.joins(phone)
        while self.present and perf_counter() < self.stops_at + PATIENCE:
            for key, _events in self.selector.select(0.05):
                key.data.hear()
            while self.waiting and (self.is_over() or self.waiting[0][0] <= perf_counter()):
                phone = heappop(self.waiting)[2]
                (self.leaves if self.is_over() else Phone.ask_again)(phone)
        return self._sum(perf_counter() - began)

    def is_over(self) -> bool:
        """Nothing more is sent; those who wait for an answer get it."""
        return perf_counter() >= self.stops_at

    def joins(self, phone: Phone) -> None:
        self.present += 1
        self.selector.register(phone.socket, selectors.EVENT_READ, phone)
        phone.ask()

    def waits(self, phone: Phone, seconds: int) -> None:
        heappush(self.waiting, (perf_counter() + seconds, id(phone), phone))

    def leaves(self, phone: Phone) -> None:
        self.present -= 1
        self.selector.unregister(phone.socket)
        phone.socket.close()

    def was_cut_off(self, phone: Phone) -> None:
        """The server has closed: whoever waits for an answer was told nothing.

        Who was told to come back has their answer, and comes back on a new connection.
        """
        if any(phone is waiting for _at, _number, waiting in self.waiting):
            self.selector.unregister(phone.socket)
            phone.socket.close()
            phone.connect()
            self.selector.register(phone.socket, selectors.EVENT_READ, phone)
            return
        self.cut_off += 1
        self.leaves(phone)
        self.joins(Phone(self))

    def heard(self, head: bytes, took: float, code: bytes) -> None:
        status = head[9:12].decode()
        self.told[status] += 1
        self.took[status].append(took * 1000)
        if again := AGAIN.search(head):
            self.told_when[status].append(int(again[1]))
        if self.keeps_codes and code:
            self.codes.append(code.decode().rpartition("/")[2])

    def _sum(self, seconds: float) -> dict[str, Any]:
        every = sorted(took for some in self.took.values() for took in some)
        return {
            "seconds": seconds,
            "told": self.told,
            "codes": " ".join(self.codes),
            "cut_off": self.cut_off,
            "p50_ms": at(every, 0.50),
            "p99_ms": at(every, 0.99),
            "of": {
                status: {
                    "p50_ms": at(sorted(took), 0.50),
                    "p99_ms": at(sorted(took), 0.99),
                    "told_when": len(self.told_when[status]),
                    "different_times": len(set(self.told_when[status])),
                }
                for status, took in self.took.items()
            },
        }


def at(sorted_values: list[float], share: float) -> float:
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def read_plan(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while length := file.readline():
            yield file.read(int(length))


def main(words: list[str]) -> None:
    port, plan, mode, connections, seconds = words
    crowd = Crowd(int(port), list(read_plan(Path(plan))), mode)
    print(json.dumps(crowd.run(int(connections), float(seconds))))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
