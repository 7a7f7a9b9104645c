from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Akun dan pesan")

    def ready(self) -> None:
        # The web process names a task when it nudges a worker, so it must know them.
        import_module("accounts.tasks")
        import_module("accounts.wiring").connect()
