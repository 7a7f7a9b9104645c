from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QueueingConfig(AppConfig):
    name = "queueing"
    verbose_name = _("Antrean")

    def ready(self) -> None:
        # The web process names a task when it nudges a worker, so it must know them.
        for room in ("integrity", "planning"):
            import_module(f"queueing.{room}.tasks")
        import_module("queueing.wiring").connect()
