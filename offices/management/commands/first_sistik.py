"""Give the first two posts of SISTIK, each to an account; later posts are given in the admin."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from offices.errors import PostInvalid
from offices.services import posts


class Command(BaseCommand):
    help = "Give a post of SISTIK to an account, while fewer than two hold one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(_("Tidak ada akun dengan alamat e-mail ini."))
        try:
            posts.appoint_first(user=user, now=timezone.now())
        except PostInvalid as error:
            reasons = (_(text) for texts in error.fields.values() for text in texts)
            raise CommandError(" ".join(reasons)) from error
        self.stdout.write(_("Akun itu kini petugas SISTIK."))
