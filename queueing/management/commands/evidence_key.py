"""Prints the public keys that files of evidence are checked with."""

from typing import Any

from django.core.management.base import BaseCommand

from queueing.integrity.services.evidence import public_keys


class Command(BaseCommand):
    help = "Prints ID:PUBLIC of every key for verify_evidence --key; the first one signs."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for key_id, public in public_keys().items():
            self.stdout.write(f"{key_id}:{public}")
