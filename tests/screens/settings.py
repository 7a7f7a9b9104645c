"""Settings of the portal that is photographed: a demonstration, and addresses that go wrong."""

from tests.live_settings import *  # noqa: F403

ROOT_URLCONF = "tests.screens.urls"
# One account proves itself for many pages within a minute.
ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS | {"reauthenticate": ""}  # noqa: F405
