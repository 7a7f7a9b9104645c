"""Load the official list of offices; without a file, the one that the project carries."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.errors import OfficeFileInvalid
from offices.services import office_file, office_list

OWN_LIST = Path(__file__).resolve().parents[2] / "data" / "sites.csv"


class Command(BaseCommand):
    help = "Load the list of offices from a CSV file: all or nothing, safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=OWN_LIST)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("Berkas %(file)s tidak dapat dibaca: %(why)s")
                % {"file": file, "why": error.strerror}
            ) from error
        try:
            loaded = office_list.load_offices(
                rows=office_file.read(content), actor_id=None, now=timezone.now()
            )
        except OfficeFileInvalid as error:
            raise CommandError(
                f"{file.name}: {_(error.message) % error.params} {_('Tidak ada yang diubah.')}"
            ) from error
        self._report(loaded)

    def _report(self, loaded: office_list.Loaded) -> None:
        self.stdout.write(
            _("%(added)s kantor ditambahkan, %(changed)s diubah, %(left)s tetap.")
            % {
                "added": len(loaded.added),
                "changed": len(loaded.changed),
                "left": len(loaded.left),
            }
        )
        for code, fields in loaded.changed.items():
            self.stdout.write(f"  {code}: {', '.join(fields)}")
        if loaded.not_listed:
            self.stdout.write(
                ngettext(
                    "%(n)s kantor tidak ada di daftar dan dibiarkan:",
                    "%(n)s kantor tidak ada di daftar dan dibiarkan:",
                    len(loaded.not_listed),
                )
                % {"n": len(loaded.not_listed)}
            )
            self.stdout.write(f"  {', '.join(loaded.not_listed)}")
