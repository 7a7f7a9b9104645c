"""Bring the schema up to date as the owner, then give the application its rights."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from psycopg import sql

from paspor.kernel.rights import grant_application


class Command(BaseCommand):
    help = "Migrates as the owner role and grants the application's role what it needs."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", database="owner", verbosity=options["verbosity"])
        owner = connections["owner"]
        application = connections["default"].settings_dict["USER"]
        if application == owner.settings_dict["USER"]:
            self.stderr.write("One role for everything: only triggers guard the log.")
            return
        with owner.cursor() as cursor:
            grant_application(cursor.connection, sql.Identifier(application))
