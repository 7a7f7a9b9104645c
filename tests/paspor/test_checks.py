"""What `manage.py check` says about settings."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from django.core.checks import Tags, run_checks

from accounts.management.commands.make_dkim_key import new_key
from paspor.checks import check_deployment, check_keys

SHORT = rsa.generate_private_key(65537, 1024)
OTHER_KIND = ed25519.Ed25519PrivateKey.generate()


def encoded(key):
    kind, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return base64.b64encode(key.private_bytes(serialization.Encoding.DER, kind, none)).decode()


def ids(messages):
    return {message.id for message in messages}


@pytest.fixture
def good(settings):
    settings.DEMO = False
    settings.HTTPS = True
    settings.RATELIMIT_ENABLE = True
    settings.ALLOWED_HOSTS = ["paspor.example"]
    settings.DEFAULT_FROM_EMAIL = "Paspor <paspor@paspor.example>"
    settings.BOUNCE_ADDRESS = "bounces@paspor.example"
    settings.DKIM_KEY = new_key()
    settings.IDENTITY_VERIFIER = "accounts.registry.http.HttpVerifier"
    settings.REGISTRY_URL = "https://registry.example"
    settings.TEXT_URL, settings.TEXT_TOKEN = "https://teks.example/kirim", "rahasia"
    settings.TEXT_REPORT_TOKEN = "rahasia-laporan"
    settings.TEXT_GATEWAY = "accounts.texting.http.HttpGateway"
    return settings


def test_good_settings_pass(good):
    assert check_keys() == []
    assert check_deployment() == []


def test_the_checks_are_registered():
    assert ids(run_checks(tags=[Tags.security], include_deployment_checks=True)) & {
        "paspor.E011",
        "paspor.E013",
    }
    assert not ids(run_checks(tags=[Tags.security])) & {"paspor.E011", "paspor.E013"}


@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("DEMO", True, "paspor.E010"),
        ("HTTPS", False, "paspor.E011"),
        ("RATELIMIT_ENABLE", False, "paspor.E013"),
        ("ALLOWED_HOSTS", ["*"], "paspor.E014"),
        ("DEFAULT_FROM_EMAIL", "paspor@localhost", "paspor.W015"),
        ("BOUNCE_ADDRESS", "", "paspor.W019"),
        ("DKIM_KEY", "", "paspor.W020"),
        ("IDENTITY_VERIFIER", "accounts.registry.interface.NotConnected", "paspor.W016"),
        ("IDENTITY_VERIFIER", "accounts.registry.simulator.Simulator", "paspor.E017"),
        ("REGISTRY_URL", "http://registry.example", "paspor.E018"),
        ("TEXT_URL", "http://teks.example", "paspor.E021"),
        ("TEXT_TOKEN", "", "paspor.E021"),
        ("TEXT_REPORT_TOKEN", "", "paspor.W022"),
        ("TEXT_GATEWAY", "accounts.texting.simulator.Simulator", "paspor.E023"),
    ],
)
def test_each_bad_setting_is_named(good, name, value, check_id):
    setattr(good, name, value)
    assert ids(check_deployment()) == {check_id}


def test_one_role_for_both_databases_is_named(good, monkeypatch):
    role = good.DATABASES["owner"]["USER"]
    monkeypatch.setitem(good.DATABASES["default"], "USER", role)
    assert ids(check_deployment()) == {"paspor.W012"}


@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("DATA_KEYS", "k1:kurang", "paspor.E001"),
        ("DATA_KEYS", "tanpa-id", "paspor.E001"),
        ("TICKET_KEYS", "t1:" + base64.b64encode(b"x" * 31).decode(), "paspor.E002"),
        ("EVIDENCE_KEYS", "e1:" + base64.b64encode(b"x" * 31).decode(), "paspor.E004"),
        ("PERSON_DIGEST_KEY", "pendek", "paspor.E003"),
        ("DKIM_KEY", "pendek", "paspor.E005"),
        ("DKIM_KEY", base64.b64encode(b"x" * 300).decode(), "paspor.E005"),
        # Made anew in each process, so that none may be the name of a case.
        pytest.param("DKIM_KEY", encoded(SHORT), "paspor.E005", id="short"),
        pytest.param("DKIM_KEY", encoded(OTHER_KIND), "paspor.E005", id="other kind"),
        pytest.param("DKIM_KEY", f"!{new_key()}", "paspor.E005", id="spoilt"),
        ("PERSON_DIGEST_KEY_NEXT", base64.b64encode(b"x" * 16).decode(), "paspor.E003"),
    ],
)
def test_each_malformed_key_is_named(good, name, value, check_id):
    setattr(good, name, value)
    found = check_keys()
    assert ids(found) == {check_id}
    assert value not in str(found)
