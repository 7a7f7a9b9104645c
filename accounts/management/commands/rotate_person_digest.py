"""Change the key under which persons are known (the steps are in services/rotation.py)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import rotation


class Command(BaseCommand):
    help = (
        "Change PERSON_DIGEST_KEY. 1: set PERSON_DIGEST_KEY_NEXT on every node, then "
        "`fill`. 2: exchange the two values on every node, then `finish`. 3: remove "
        "PERSON_DIGEST_KEY_NEXT. Each step may be run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", choices=["fill", "finish"])

    def handle(self, *args: Any, **options: Any) -> None:
        step = rotation.fill_next_digests if options["step"] == "fill" else rotation.finish_digests
        try:
            changed = step(self.tell)
        except ValueError as unset:
            raise CommandError(str(unset)) from unset
        self.stdout.write(f"{changed} persons changed.")
        if options["step"] == "fill":
            left = rotation.persons_left_behind()
            self.stdout.write(f"{left} persons have no readable NIK and keep their old digest.")

    def tell(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} of {total}")
