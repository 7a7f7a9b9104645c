"""The settings of a play: the suite's, with a registry that knows the people of the play."""

from paspor.settings_test import *  # noqa: F403
from paspor.settings_test import LOGGING

IDENTITY_VERIFIER = "tests.attack.registry.Population"
# Three weeks of tasks would write a line each.
LOGGING = LOGGING | {"root": LOGGING["root"] | {"level": "ERROR"}}
