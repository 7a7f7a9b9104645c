"""A domain that sends mail, as the DNS knows it when all is well."""

from typing import Any

import pytest

from accounts import dkim_signing
from accounts.management.commands.make_dkim_key import new_key
from tests.accounts.dns_server import DnsServer, Zone

KEY, OTHER_KEY = new_key(), new_key()
DOMAIN, RELAY = "paspor.test", "relai.paspor.test"
ADDRESS, REVERSE = "93.184.216.34", "34.216.184.93.in-addr.arpa"
SELECTOR = f"paspor._domainkey.{DOMAIN}"


def quoted(*parts: str) -> str:
    return " ".join(f'"{part}"' for part in parts)


def record(key: str) -> str:
    """In pieces of at most 255 characters, as the DNS wants it."""
    text = dkim_signing.record(key)
    return quoted(text[:200], text[200:])


def good_zone() -> Zone:
    return {
        (DOMAIN, "TXT"): [quoted("lain=1"), quoted(f"v=spf1 ip4:{ADDRESS} -all")],
        (DOMAIN, "MX"): [f"10 {RELAY}."],
        (RELAY, "A"): [ADDRESS],
        (SELECTOR, "TXT"): [record(KEY)],
        (f"_dmarc.{DOMAIN}", "TXT"): [quoted("v=DMARC1; p=reject; rua=mailto:dmarc@paspor.test")],
        (REVERSE, "PTR"): [f"{RELAY}."],
    }


@pytest.fixture
def house(settings: Any, dns_server: DnsServer) -> DnsServer:
    settings.DEFAULT_FROM_EMAIL = f"Paspor <paspor@{DOMAIN}>"
    settings.REPLY_TO_EMAIL = f"tanya@{DOMAIN}"
    settings.BOUNCE_ADDRESS = f"bounces@{DOMAIN}"
    settings.DKIM_KEY = KEY
    settings.MAILERS = {
        "default": {"BACKEND": "accounts.smtp.Backend", "OPTIONS": {"host": RELAY, "port": 25}}
    }
    dns_server.zone = good_zone()
    return dns_server
