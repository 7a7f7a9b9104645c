from importlib import import_module

from django.apps import AppConfig

from paspor.checks import register_checks


class KernelConfig(AppConfig):
    name = "paspor.kernel"
    label = "kernel"
    verbose_name = "Inti"

    def ready(self) -> None:
        # A figure is declared by being imported; its rows are a model, so only now.
        import_module("paspor.kernel.policies")
        register_checks()
