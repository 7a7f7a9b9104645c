"""A key to sign our letters with."""

import base64
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import dkim_signing


class Command(BaseCommand):
    help = "Make a DKIM key, and say what goes into the environment and into the DNS."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--show", action="store_true", help="the DNS record of the key in use")
        which.add_argument("--bare", action="store_true", help="print the new key and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["show"] and not settings.DKIM_KEY:
            raise CommandError("DKIM_KEY is not set.")
        key = settings.DKIM_KEY if options["show"] else new_key()
        if options["bare"]:
            self.stdout.write(key)
            return
        if not options["show"]:
            self.stdout.write(f"DKIM_KEY={key}")
        name = f"{settings.DKIM_SELECTOR}._domainkey.{dkim_signing.domain()}"
        self.stdout.write(f"{name}. TXT {dkim_signing.record(key)}")


def new_key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=dkim_signing.SHORTEST_KEY)
    der = made.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return base64.b64encode(der).decode()
