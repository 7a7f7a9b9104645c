"""What the DNS says, asked with a short patience; where it does not answer, nothing is known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

import dns.exception
import dns.resolver
import dns.reversename
from django.conf import settings

# Of one question, and of all of one look.
PATIENCE = 2.0
WHOLE_PATIENCE = 12.0
NOTHING_THERE = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


class Unknown(Exception):
    """The DNS did not answer."""


def _resolver() -> dns.resolver.Resolver:
    """Of the machine, or the servers that DNS_SERVERS names (host or host:port)."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    resolver.timeout, resolver.lifetime = PATIENCE / 2, PATIENCE
    if settings.DNS_SERVERS:
        servers = [server.partition(":") for server in settings.DNS_SERVERS]
        resolver.nameservers = [host for host, _, _port in servers]
        resolver.port = int(servers[0][2] or 53)
    return resolver


@dataclass
class Dns:
    """One look: what was asked is remembered, and after a while nothing more is asked."""

    resolver: dns.resolver.Resolver = field(default_factory=_resolver)
    started_at: float = field(default_factory=monotonic)
    asked: dict[tuple[str, str], list[str] | None] = field(default_factory=dict)

    def ask(self, name: str, kind: str) -> list[str]:
        """The answers as text, none where there is no such record. Raises Unknown."""
        key = (name.lower().rstrip("."), kind)
        if key not in self.asked:
            self.asked[key] = self._asked(*key)
        found = self.asked[key]
        if found is None:
            raise Unknown
        return found

    def _asked(self, name: str, kind: str) -> list[str] | None:
        if monotonic() - self.started_at > WHOLE_PATIENCE:
            return None
        try:
            return _texts(self.resolver.resolve(name, kind, search=False), kind)
        except NOTHING_THERE:
            return []
        except (dns.exception.DNSException, OSError):
            return None

    def texts(self, name: str, beginning: str) -> list[str]:
        """TXT records that begin so, in whatever case."""
        return [text for text in self.ask(name, "TXT") if text.lower().startswith(beginning)]

    def addresses(self, name: str) -> list[str]:
        return self.ask(name, "A") + self.ask(name, "AAAA")

    def names_of(self, address: str) -> list[str]:
        """The reverse names (PTR) of an internet address."""
        return self.ask(dns.reversename.from_address(address).to_text(), "PTR")


def _texts(answer: Iterable, kind: str) -> list[str]:
    if kind == "TXT":
        return [b"".join(row.strings).decode(errors="replace") for row in answer]
    if kind == "MX":
        rows = sorted(answer, key=lambda row: row.preference)
        return [row.exchange.to_text().rstrip(".").lower() for row in rows]
    return [row.to_text().rstrip(".").lower() for row in answer]
