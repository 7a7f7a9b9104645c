from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "paspor.kernel"
    label = "kernel"
    verbose_name = "Inti"
