"""A DNS server on loopback that knows what a test tells it, over UDP."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from tests.live import LOOPBACK

Zone = dict[tuple[str, str], list[str]]


@dataclass
class DnsServer:
    """``zone`` by name and type; ``silent`` names are never answered."""

    port: int
    zone: Zone = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, question: dns.message.Message) -> dns.message.Message | None:
        asked = question.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.AA | dns.flags.RA
        found = self.zone.get((name.lower(), kind))
        if found:
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *found))
        elif not any(known == name.lower() for known, _kind in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    def serve(self, door: socket.socket) -> None:
        while True:
            wire, whom = door.recvfrom(4096)
            if not wire:
                return
            reply = self.answer(dns.message.from_wire(wire))
            if reply is not None:
                door.sendto(reply.to_wire(), whom)


@pytest.fixture
def dns_server(settings: Any) -> Iterator[DnsServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind((LOOPBACK, 0))
        server = DnsServer(door.getsockname()[1])
        thread = threading.Thread(target=server.serve, args=[door])
        thread.start()
        settings.DNS_SERVERS = [f"{LOOPBACK}:{server.port}"]
        yield server
        door.sendto(b"", (LOOPBACK, server.port))
        thread.join()
