"""Django for the process that fills the stage; imported before any model."""

import os

import django

SETTINGS = "tests.screens.settings"


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["PASPOR_DEMO"] = "1"
    # Playwright runs a loop in each thread; Django would refuse its database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
