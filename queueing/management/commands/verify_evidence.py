"""Checks a file of evidence: its seal, every file in it, and the chain. Needs no database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from paspor.kernel import evidence
from queueing.integrity.services.evidence import public_keys


def read_key(text: str) -> tuple[str, str]:
    key_id, _, public = text.partition(":")
    if not (key_id and public):
        raise ValueError(text)
    return key_id, public


class Command(BaseCommand):
    help = "Verifies a file of evidence with the public keys given, or with this portal's own."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            type=read_key,
            metavar="ID:PUBLIC",
            help="a public key that was handed over by another way; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = Path(options["file"]).read_bytes()
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        verdict = evidence.verify(content, keys=dict(options["key"]) or public_keys())
        self.stdout.write(f"sha256 {evidence.digest(content)}")
        for stream in verdict.covered:
            self.stdout.write(f"{stream}: reaches a published head")
        for stream in verdict.uncovered:
            self.stdout.write(f"{stream}: ends before any published head")
        for problem in verdict.problems:
            self.stderr.write(f"  {problem}")
        if not verdict.is_genuine:
            raise CommandError("This file is not as it was made.")
        about = verdict.about
        self.stdout.write(f"genuine: case {about['case']}, made {about['made_at']}")
