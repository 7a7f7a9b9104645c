"""What `manage.py check` says about settings. Keys always; the rest with --deploy."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from accounts import dkim_signing
from paspor.kernel.cipher import parse_keys

type Check = Callable[..., list[CheckMessage]]


def register_checks() -> None:
    register(check_keys, Tags.security)
    register(check_deployment, Tags.security, deploy=True)


KEYS = {
    "DATA_KEYS": "paspor.E001",
    "TICKET_KEYS": "paspor.E002",
    "EVIDENCE_KEYS": "paspor.E004",
}


def check_keys(**kwargs: Any) -> list[CheckMessage]:
    """A key that cannot be used is found at the start, not at the first NIK."""
    wrong = []
    for name, check_id in KEYS.items():
        try:
            parse_keys(getattr(settings, name), name=name)
        except ImproperlyConfigured as error:
            wrong.append(Error(str(error), id=check_id))
    digest_keys = [settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT]
    if not all(_is_long_enough(key) for key in digest_keys if key):
        message = "PERSON_DIGEST_KEY and PERSON_DIGEST_KEY_NEXT must be base64 of 32 bytes or more."
        wrong.append(Error(message, id="paspor.E003"))
    if settings.DKIM_KEY:
        wrong += _dkim_fault()
    return wrong


def _dkim_fault() -> list[CheckMessage]:
    try:
        dkim_signing.parsed(settings.DKIM_KEY)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="paspor.E005")]
    return []


def _is_long_enough(encoded: str) -> bool:
    try:
        return len(base64.b64decode(encoded, validate=True)) >= 32
    except binascii.Error:
        return False


def check_deployment(**kwargs: Any) -> list[CheckMessage]:
    roles = {settings.DATABASES[alias]["USER"] for alias in ("default", "owner")}
    found = [
        (
            settings.DEMO,
            Error(
                "PASPOR_DEMO is on: mails can be read by anyone, bodies are kept after sending, "
                "and officers need no second factor.",
                id="paspor.E010",
            ),
        ),
        (
            not settings.HTTPS,
            Error(
                "SITE_URL must start with https:// (cookies and HSTS follow it).",
                id="paspor.E011",
            ),
        ),
        (
            len(roles) < 2,
            Warning(
                "One database role owns the tables and serves: only triggers guard the log. "
                "Give DATABASE_OWNER_URL a role of its own.",
                id="paspor.W012",
            ),
        ),
        (
            not settings.RATELIMIT_ENABLE,
            Error("RATELIMIT_ENABLE is off: nothing stops guessing.", id="paspor.E013"),
        ),
        (
            "*" in settings.ALLOWED_HOSTS,
            Error("ALLOWED_HOSTS must name the hosts.", id="paspor.E014"),
        ),
        (
            "localhost" in settings.DEFAULT_FROM_EMAIL,
            Warning("DEFAULT_FROM_EMAIL is not an address people can trust.", id="paspor.W015"),
        ),
        (
            "@" not in settings.BOUNCE_ADDRESS,
            Warning(
                "BOUNCE_ADDRESS names no address: a report of undelivered mail may be made up by "
                "anyone, so neither it nor a spam mark suppresses an address.",
                id="paspor.W019",
            ),
        ),
        (
            not settings.DKIM_KEY,
            Warning(
                "DKIM_KEY is empty: letters are not signed, and large mail providers refuse or "
                "hide them (manage.py make_dkim_key).",
                id="paspor.W020",
            ),
        ),
        (
            settings.IDENTITY_VERIFIER.endswith(".NotConnected"),
            Warning(
                "REGISTRY_URL is empty: no NIK is checked, and invented ones keep their seats.",
                id="paspor.W016",
            ),
        ),
        (
            settings.IDENTITY_VERIFIER.endswith(".Simulator"),
            Error("The registry's simulator believes whoever asks it.", id="paspor.E017"),
        ),
        (
            settings.REGISTRY_URL != "" and not settings.REGISTRY_URL.startswith("https://"),
            Error("REGISTRY_URL must start with https://: NIKs are sent there.", id="paspor.E018"),
        ),
        (
            settings.TEXT_URL != ""
            and not (settings.TEXT_URL.startswith("https://") and settings.TEXT_TOKEN),
            Error(
                "TEXT_URL must start with https://, and TEXT_TOKEN be set: codes are sent there.",
                id="paspor.E021",
            ),
        ),
        (
            settings.TEXT_URL != "" and not settings.TEXT_REPORT_TOKEN,
            Warning(
                "TEXT_REPORT_TOKEN is empty: whether a text arrived is never known.",
                id="paspor.W022",
            ),
        ),
        (
            settings.TEXT_GATEWAY.endswith(".Simulator"),
            Error("The simulator of texts delivers them nowhere.", id="paspor.E023"),
        ),
    ]
    return [message for wrong, message in found if wrong]
