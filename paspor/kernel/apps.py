from django.apps import AppConfig

from paspor.checks import register_checks


class KernelConfig(AppConfig):
    name = "paspor.kernel"
    label = "kernel"
    verbose_name = "Inti"

    def ready(self) -> None:
        register_checks()
