"""Whether receivers can tell that our letters are ours: what the DNS says of our domain.

Each finding is a code with what it is about; its words are in accounts.sending_words.
"""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from accounts import dkim_signing
from accounts.dns_records import Dns, Unknown

# RFC 7208, 4.6.4: a receiver gives up after so many questions.
MOST_SPF_QUESTIONS = 10
GOOD, WARNING, BAD, UNKNOWN = "good", "warning", "bad", "unknown"


@dataclass(frozen=True)
class Finding:
    """``about`` is SPF, DKIM, DMARC, MX or PTR; ``what`` a host, an address or a record."""

    about: str
    code: str
    level: str
    what: str = ""


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip(" >").lower()


def own_domain() -> str:
    """The domain of the address that our letters come from."""
    return dkim_signing.domain()


def relay_hosts() -> list[str]:
    """The servers that our letters leave by, as far as we know: those we hand them to."""
    options = (entry.get("OPTIONS", {}) for entry in settings.MAILERS.values())
    return sorted({str(each["host"]) for each in options if each.get("host")})


def look(dns: Dns | None = None) -> list[Finding]:
    """Ask the DNS, for some seconds at most."""
    dns = dns or Dns()
    looks: list[tuple[str, Callable[[Dns], Iterator[Finding]]]] = [
        *(("SPF", spf), ("DKIM", dkim), ("DMARC", dmarc), ("MX", mx), ("PTR", ptr)),
    ]
    found: list[Finding] = []
    for about, each in looks:
        try:
            found += each(dns)
        except Unknown:
            found.append(Finding(about, "no_answer", UNKNOWN))
    return found


@dataclass
class Spf:
    """What a record and those it includes let through, and how many questions that takes."""

    networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]
    questions: int = 0

    def covers(self, address: str) -> bool:
        asked = ipaddress.ip_address(address)
        return any(asked in net for net in self.networks)


def spf(dns: Dns) -> Iterator[Finding]:
    """Of the domain of the envelope sender, which is what SPF is asked of."""
    domain = domain_of(settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL)
    records = dns.texts(domain, "v=spf1")
    if len(records) != 1:
        yield Finding("SPF", "spf_several" if records else "spf_missing", BAD, domain)
        return
    record = records[0]
    end = record.lower().split()[-1]
    if not end.startswith(("-all", "~all", "redirect=")):
        yield Finding("SPF", "spf_open", BAD, record)
    read = Spf([])
    _read_spf(dns, domain, record, read)
    if read.questions > MOST_SPF_QUESTIONS:
        yield Finding("SPF", "spf_too_long", BAD, str(read.questions))
    outside = [host for host in relay_hosts() if not _all_covered(dns, host, read)]
    for host in outside:
        yield Finding("SPF", "spf_relay_outside", WARNING, host)
    if end.startswith(("-all", "~all", "redirect=")) and not outside:
        yield Finding("SPF", "spf_good", GOOD, record)


def _all_covered(dns: Dns, host: str, read: Spf) -> bool:
    addresses = _addresses_of(dns, host)
    public = [address for address in addresses if _is_public(address)]
    return all(read.covers(address) for address in public)


def _read_spf(dns: Dns, domain: str, record: str, read: Spf) -> None:
    for term in record.split()[1:]:
        if read.questions > MOST_SPF_QUESTIONS:
            return
        _read_term(dns, domain, term.lower().lstrip("+"), read)


def _read_term(dns: Dns, domain: str, term: str, read: Spf) -> None:
    if term.startswith(("ip4:", "ip6:")):
        read.networks += _network(term[4:])
        return
    name, _, target = term.replace("=", ":", 1).partition(":")
    if name in {"include", "redirect"}:
        read.questions += 1
        for record in dns.texts(target, "v=spf1")[:1]:
            _read_spf(dns, target, record, read)
    elif name in {"a", "mx"}:
        read.questions += 1
        hosts = dns.ask(target or domain, "MX") if name == "mx" else [target or domain]
        for host in hosts:
            read.networks += [net for each in dns.addresses(host) for net in _network(each)]
    elif name in {"exists", "ptr"}:
        read.questions += 1


def _network(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(text, strict=False)]
    except ValueError:
        return []


def _tags(record: str) -> dict[str, str]:
    """Of "v=DKIM1; k=rsa; p=…"."""
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in parts}


def dkim(dns: Dns) -> Iterator[Finding]:
    if not settings.DKIM_KEY:
        yield Finding("DKIM", "dkim_off", BAD)
        return
    name = f"{settings.DKIM_SELECTOR}._domainkey.{dkim_signing.domain()}"
    keys = [_tags(text).get("p") for text in dns.ask(name, "TXT")]
    keys = [key for key in keys if key is not None]
    if not keys:
        yield Finding("DKIM", "dkim_missing", BAD, name)
    elif dkim_signing.public_part(settings.DKIM_KEY) not in keys:
        yield Finding("DKIM", "dkim_differs", BAD, name)
    else:
        yield Finding("DKIM", "dkim_good", GOOD, name)


def dmarc(dns: Dns) -> Iterator[Finding]:
    name = f"_dmarc.{dkim_signing.domain()}"
    records = dns.texts(name, "v=dmarc1")
    if len(records) != 1:
        yield Finding("DMARC", "dmarc_several" if records else "dmarc_missing", BAD, name)
        return
    tags = _tags(records[0])
    if tags.get("p", "").lower() not in {"quarantine", "reject"}:
        yield Finding("DMARC", "dmarc_none", WARNING, records[0])
    elif not tags.get("rua"):
        yield Finding("DMARC", "dmarc_unheard", WARNING, records[0])
    else:
        yield Finding("DMARC", "dmarc_good", GOOD, records[0])


def mx(dns: Dns) -> Iterator[Finding]:
    """Where answers and what comes back are sent to."""
    addresses = (settings.DEFAULT_FROM_EMAIL, settings.REPLY_TO_EMAIL, settings.BOUNCE_ADDRESS)
    for domain in sorted({domain_of(address) for address in addresses if address}):
        hosts = [host for host in dns.ask(domain, "MX") if host]
        lost = [host for host in hosts if not dns.addresses(host)]
        if not hosts:
            yield Finding("MX", "mx_missing", BAD, domain)
        for host in lost:
            yield Finding("MX", "mx_lost", BAD, host)
        if hosts and not lost:
            yield Finding("MX", "mx_good", GOOD, f"{domain}: {', '.join(hosts)}")


def _addresses_of(dns: Dns, host: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return dns.addresses(host)


def _is_public(address: str) -> bool:
    """A relay in the house goes out by an address that we do not know."""
    return not ipaddress.ip_address(address).is_private


def ptr(dns: Dns) -> Iterator[Finding]:
    for host in relay_hosts():
        addresses = _addresses_of(dns, host)
        if not addresses:
            yield Finding("PTR", "relay_lost", BAD, host)
        for address in addresses:
            yield _reverse(dns, host, address)


def _reverse(dns: Dns, host: str, address: str) -> Finding:
    what = f"{host} [{address}]"
    if not _is_public(address):
        return Finding("PTR", "ptr_inside", UNKNOWN, what)
    names = dns.names_of(address)
    if not names:
        return Finding("PTR", "ptr_missing", BAD, what)
    if not any(address in dns.addresses(name) for name in names):
        return Finding("PTR", "ptr_differs", BAD, f"{what} → {names[0]}")
    return Finding("PTR", "ptr_good", GOOD, f"{what} → {names[0]}")
