"""Databases for the tests: one migrated template, copied for each worker and each race."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.test.client import ClientMixin
from django.utils import translation

from paspor.kernel import policy
from paspor.kernel.catalogues import compile_catalogue
from tests import signing_in
from tests.cache_prefix import new_cache_prefix
from tests.databases import copied, make_template, used_meanwhile
from tests.importing import import_own_part_first
from tests.reused_database import Reused

pytest_plugins = ["tests.live", "tests.broken_redis"]
ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    """Compiled catalogues are not committed, and English must be spoken whoever asks.

    Workers find those of the process that starts them.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for path in ROOT.glob("paspor/locale/*/LC_MESSAGES/django.po"):
            compile_catalogue(path)
    # For all clients of all tests: fewer statements, the same session.
    ClientMixin._login = signing_in.sign_in
    # How fast examples are drawn tells of the machine, and nothing of the portal.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("busy")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What is imported and collected stays to the end: the collector need not look at it again."""
    gc.disable()
    try:
        import_own_part_first(session.config.args)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def template_database(django_db_blocker: pytest.FixtureRequest) -> str:
    with django_db_blocker.unblock():
        return make_template()


@pytest.fixture(scope="session")
def django_db_setup(
    template_database: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Each process gets a copy, dropped at the end."""
    with django_db_blocker.unblock(), copied(template_database):
        yield


@pytest.fixture(scope="session")
def reused(template_database: str) -> Iterator[Reused]:
    database = Reused(template_database)
    yield database
    database.drop()


@pytest.fixture
def committed_db(
    django_db_setup: None, reused: Reused, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of its own for a test that commits or uses several connections.

    Django's flush would meet the triggers of the log.
    """
    with django_db_blocker.unblock(), used_meanwhile(reused.renew()) as name:
        yield name


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has keys of its own in the shared cache, in every thread.

    Policy figures do not grow stale by the clock: on a slow machine they would be read
    again in the middle of a test, and whoever counts queries would count that one too.
    """
    monkeypatch.setattr(policy, "FRESH_SECONDS", 3600)
    new_cache_prefix()
    policy.forget()
    yield
    policy.forget()
    # A request in English leaves its thread speaking English.
    translation.activate(settings.LANGUAGE_CODE)
