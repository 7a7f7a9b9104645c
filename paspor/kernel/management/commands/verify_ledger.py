"""Recompute the chains of the log and name what was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from paspor.kernel import ledger


def read_head(text: str) -> tuple[str, tuple[int, str]]:
    stream, _, rest = text.partition(":")
    seq, _, digest = rest.partition(":")
    if not (stream and seq.isdigit() and len(digest) == 64):
        raise ValueError(text)
    return stream, (int(seq), digest)


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

    def handle(self, *args: Any, **options: Any) -> None:
        heads = dict(options["head"])
        streams = options["streams"] or sorted({*ledger.streams(), *heads})
        broken = 0
        for stream in streams:
            verdict = ledger.verify(stream, known=heads.get(stream))
            self.stdout.write(f"{stream}:{verdict.seq}:{verdict.digest}")
            for found in verdict.breaks:
                self.stderr.write(f"  {stream}: {found}")
            broken += not verdict.is_whole
        if broken:
            raise CommandError(f"{broken} of {len(streams)} chains are broken.")
