"""Read reports about undelivered mail."""

import mailbox
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.services import bounces
from accounts.services.bounces import Heard

# EX_TEMPFAIL of sysexits.h: the mail system that pipes to us brings the letter again.
BRING_AGAIN = 75


class Command(BaseCommand):
    help = (
        "Read the delivery reports (RFC 3464) that are new in the Maildir FOLDER, or one letter "
        "from standard input, and write what became of our messages. May be run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["folder"] is None:
            heard = bounces.hear(raw=sys.stdin.buffer.read(), now=now)
            if heard == Heard.TOO_EARLY:
                raise CommandError("Too early: bring it again.", returncode=BRING_AGAIN)
            self.stdout.write(f"{heard}.")
            return
        try:
            counts = bounces.hear_all(folder=options["folder"], now=now)
        except (OSError, mailbox.Error) as problem:
            raise CommandError(f"{options['folder']} cannot be read.") from problem
        self.stdout.write(", ".join(f"{count} {heard}" for heard, count in counts.items()) + ".")
