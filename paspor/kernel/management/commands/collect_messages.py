"""Collect the texts to translate from code and templates into the catalogues."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from paspor.kernel import catalogues

FOLDERS = ("paspor", "accounts", "offices", "queueing", "templates")


class Command(BaseCommand):
    help = "Brings the .po files up to date; translations that are there stay."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = catalogues.collect(settings.BASE_DIR, FOLDERS)
        # The texts of the code are in the first language: nothing to translate there.
        others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        for language in others:
            path = catalogues.catalogue_path(Path(settings.LOCALE_PATHS[0]), language)
            texts, missing = catalogues.merge(path, language, found)
            self.stdout.write(f"{language}: {texts} texts, {missing} not translated")
