"""Checks a file of evidence: its seal, every file in it, and the chain. Needs no database.

Elsewhere, without the portal: paspor/kernel/verify_evidence.py by itself.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from paspor.kernel import verify_evidence
from queueing.integrity.services.evidence import public_keys


class Command(BaseCommand):
    help = "Verifies a file of evidence with the public keys given, or with this portal's own."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            type=verify_evidence.read_key,
            metavar="ID:PUBLIC",
            help="a public key that was handed over by another way; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = Path(options["file"]).read_bytes()
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        keys = dict(options["key"]) or public_keys()
        verdict = verify_evidence.verify(content, keys=keys)
        *lines, last = verify_evidence.verdict_lines(content, verdict)
        for line in lines:
            (self.stderr if line.startswith("  ") else self.stdout).write(line)
        if not verdict.is_genuine:
            raise CommandError(last)
        self.stdout.write(last)
