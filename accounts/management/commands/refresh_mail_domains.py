"""Read a list of throw-away mail domains."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import rules
from accounts.errors import MailDomainInvalid
from accounts.services import mail_domains


class Command(BaseCommand):
    help = (
        "Let the domains of FILE, one a line, be those whose mailboxes are thrown away, instead "
        "of the list that came with the portal. What SISTIK decided in the admin stays. All or "
        "nothing; may be run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = options["file"].read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{options['file']} cannot be read.") from problem
        domains = [line.strip() for line in lines]
        wrong = [number for number, domain in enumerate(domains, start=1) if _is_wrong(domain)]
        if wrong:
            numbers = ", ".join(map(str, wrong[:10]))
            raise CommandError(f"No domain in line {numbers}. Nothing was changed.")
        wanted = [domain for domain in domains if _says(domain)]
        if not wanted:
            raise CommandError(f"{options['file']} names no domain. Nothing was changed.")
        told = mail_domains.refresh(domains=wanted, now=timezone.now())
        self.stdout.write(f"{told.added} added, {told.kept} kept, {told.removed} removed.")


def _says(line: str) -> bool:
    return bool(line) and not line.startswith("#")


def _is_wrong(line: str) -> bool:
    try:
        if _says(line):
            rules.tidy_domain(line)
    except MailDomainInvalid:
        return True
    return False
