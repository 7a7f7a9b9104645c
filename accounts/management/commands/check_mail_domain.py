"""Look whether receivers can tell that our letters are ours."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import sending_domain, sending_words
from accounts.sending_domain import BAD, GOOD, UNKNOWN, WARNING

MARKS = {GOOD: "ok", WARNING: "!", BAD: "X", UNKNOWN: "?"}


class Command(BaseCommand):
    help = (
        "Ask the DNS for SPF, DKIM, DMARC, MX and the reverse names of the sending domain, and say "
        "what to do. Ends with 1 where something is wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = sending_domain.look()
        for finding in found:
            so, to_do = sending_words.finding_words(finding)
            self.stdout.write(f"[{MARKS[finding.level]:>2}] {finding.about}: {so}")
            for line in filter(None, (finding.what, to_do)):
                self.stdout.write(f"     {line}")
        if any(finding.level == BAD for finding in found):
            raise CommandError("Something is wrong: see [ X] above.", returncode=1)
