"""The environment decides; a missing secret stops the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from paspor import env

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ["SECRET_KEY", "DATA_KEYS", "PERSON_DIGEST_KEY", "TICKET_KEYS", "DATABASE_URL"]


def load(**changes):
    """What a fresh process says of the settings under this environment."""
    environment = {k: v for k, v in (os.environ | changes).items() if v is not None}
    code = "import paspor.settings as s; print(s.DEBUG, s.DEMO, s.HTTPS, s.SESSION_COOKIE_SECURE)"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_start_and_is_named(name):
    result = load(**{name: None})
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]


def test_safe_values_are_the_default():
    result = load(DEBUG=None, PASPOR_DEMO=None, SITE_URL="https://paspor.example")
    assert result.stdout.split() == ["False", "False", "True", "True"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("Yes", True), (" on ", True), ("0", False), ("", False), ("off", False)],
)
def test_reading_truth(monkeypatch, text, value):
    monkeypatch.setenv("X", text)
    assert env.read_bool("X") is value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (env.read_bool, "maybe"),
        (lambda name: env.read_int(name, 0), "many"),
        (env.read_secret, " "),
        (env.read_database, "mysql://a:b@c/d"),
        (env.read_database, "postgres://a:b@c"),
    ],
)
def test_what_cannot_be_read_names_the_variable(monkeypatch, read, text):
    monkeypatch.setenv("X_NAME", text)
    with pytest.raises(ImproperlyConfigured, match="X_NAME"):
        read("X_NAME")


def test_reading_a_database(monkeypatch):
    monkeypatch.setenv("X", "postgres://pas%40por:ra%2Fhasia@db.example:5433/paspor")
    entry = env.read_database("X")
    assert entry["USER"] == "pas@por"
    assert entry["PASSWORD"] == "ra/hasia"
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", "5433", "paspor")


def test_reading_lists(monkeypatch):
    monkeypatch.setenv("X", "a, b,,c ")
    assert env.read_list("X") == ["a", "b", "c"]
    assert env.read_list("NOT_SET") == []


def test_texts_are_indonesian_with_english_beside():
    assert settings.LANGUAGE_CODE == "id"
    assert [code for code, _ in settings.LANGUAGES] == ["id", "en"]


def test_the_suite_serves_as_a_role_that_owns_nothing():
    assert settings.DATABASES["default"]["USER"] != settings.DATABASES["owner"]["USER"]
