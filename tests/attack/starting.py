"""Django for a process that plays; imported before any model."""

import os

import django


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.attack.settings"
    django.setup()
