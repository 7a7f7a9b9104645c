"""Reading the environment; a missing secret stops the start."""

import os
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
RELAY_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def read_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def read_bool(name: str, *, default: bool = False) -> bool:
    value = read_text(name, "1" if default else "").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off.")


def read_int(name: str, default: int) -> int:
    value = read_text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def read_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in read_text(name, default).split(",") if part.strip()]


def read_secret(name: str) -> str:
    """A value without a default: the portal does not start without it."""
    value = read_text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}; secrets have no default (docs/runbook.md).")
    return value


def read_database(name: str, fallback: str = "") -> dict:
    """Turn postgres://user:password@host:port/name into a Django database entry."""
    url = urlsplit(read_text(name) or fallback or read_secret(name))
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
    }


def read_relays(name: str) -> list[dict]:
    """Turn smtp://user:password@host:port, smtp+tls://… and smtps://…, with spaces between,
    into the options of mail servers.
    """
    return [_relay(name, urlsplit(text)) for text in read_text(name).split()]


def _relay(name: str, url: SplitResult) -> dict:
    try:
        port = url.port
    except ValueError:
        port = -1
    if url.scheme not in RELAY_PORTS or not url.hostname or port == -1:
        raise ImproperlyConfigured(f"{name} must look like smtp+tls://user:password@host:587.")
    return {
        "host": unquote(url.hostname),
        "port": port or RELAY_PORTS[url.scheme],
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_tls": url.scheme == "smtp+tls",
        "use_ssl": url.scheme == "smtps",
    }
