"""Django for the process that measures; imported before any model."""

import os

import django


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    django.setup()
