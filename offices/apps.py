from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "offices"
    verbose_name = _("Kantor dan petugas")

    def ready(self) -> None:
        # Modules with models can be loaded only now. Figures of policy are declared by
        # being imported, so that the admin knows them all.
        import_module("offices.policies")
        import_module("offices.sign_ins").connect()
        import_module("offices.wiring").connect()
