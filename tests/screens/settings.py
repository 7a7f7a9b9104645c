"""Settings of the portal that is photographed: a demonstration, and addresses that go wrong."""

from tests.live_settings import *  # noqa: F403

ROOT_URLCONF = "tests.screens.urls"
