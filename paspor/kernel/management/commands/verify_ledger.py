"""Recompute the chains of the log and name what was changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from paspor.kernel import heads, ledger
from paspor.kernel.heads import Head


def read_head(text: str) -> Head:
    stream, _, rest = text.partition(":")
    seq, _, digest = rest.partition(":")
    if not (stream and seq.isdigit() and len(digest) == 64):
        raise ValueError(text)
    return Head(stream, int(seq), digest)


def read_copies(paths: list[str]) -> list[Head]:
    """The heads of files that were downloaded from /api/v1/ledger/heads."""
    found: list[Head] = []
    for path in paths:
        try:
            days = heads.read_copy(Path(path).read_text())
        except (OSError, ValueError) as problem:
            raise CommandError(f"{path}: {problem}") from problem
        found += [head for day in days for head in day.heads]
    return found


class Command(BaseCommand):
    help = "Verifies every chain of the log (or those named) and prints their heads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("streams", nargs="*", help="codes of offices, or NATIONAL")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=read_head,
            metavar="STREAM:SEQ:DIGEST",
            help="a head printed earlier and kept elsewhere; may be repeated",
        )

        parser.add_argument(
            "--heads",
            action="append",
            default=[],
            metavar="FILE",
            help="a page of /api/v1/ledger/heads that was kept elsewhere; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known: dict[str, set[tuple[int, str]]] = {}
        for head in [*options["head"], *read_copies(options["heads"])]:
            known.setdefault(head.stream, set()).add((head.seq, head.digest))
        streams = options["streams"] or sorted({*ledger.streams(), *known})
        broken = 0
        for stream in streams:
            verdict = ledger.verify(stream, known=known.get(stream, ()))
            self.stdout.write(f"{stream}:{verdict.seq}:{verdict.digest}")
            for found in verdict.breaks:
                self.stderr.write(f"  {stream}: {found}")
            broken += not verdict.is_whole
        if broken:
            raise CommandError(f"{broken} of {len(streams)} chains are broken.")
