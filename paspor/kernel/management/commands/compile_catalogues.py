"""Compile the catalogues of translations; nothing to install."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from paspor.kernel import catalogues


class Command(BaseCommand):
    help = "Writes a .mo for each .po of the portal."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob(f"*/LC_MESSAGES/{catalogues.DOMAIN}.po")):
                target = catalogues.compile_catalogue(path)
                if options["verbosity"] > 1:
                    self.stdout.write(str(target))
