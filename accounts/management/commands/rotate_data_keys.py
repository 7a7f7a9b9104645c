"""Re-encrypt NIK and KK numbers under the first of DATA_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services import rotation
from paspor.kernel.cipher import CannotDecrypt


class Command(BaseCommand):
    help = (
        "Re-encrypt NIK and KK numbers under the first of DATA_KEYS. May run while the "
        "portal serves, may be stopped and run again. Then the old key may be removed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = rotation.reencrypt(self.tell)
        except CannotDecrypt as missing:
            raise CommandError(
                f"A row needs the data key {missing}, which DATA_KEYS does not hold. "
                "Put it back (after the first) and run this again."
            ) from missing
        self.stdout.write(f"{changed} rows are under the first key now.")

    def tell(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} of {total}")
