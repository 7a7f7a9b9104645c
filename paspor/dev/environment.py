"""The environment that the portal's processes get. What is set already is left as it is."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

GENERATED = ("SECRET_KEY", "DATA_KEYS", "PERSON_DIGEST_KEY", "TICKET_KEYS", "EVIDENCE_KEYS")


def given(name: str) -> str:
    """What the caller of the launcher has set; empty counts as not set."""
    return os.environ.get(name, "")


def of_portal(keys: Mapping[str, str], web_port: int) -> dict[str, str]:
    generated = {name: keys[name] for name in GENERATED}
    return generated | {
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": f"http://localhost:{web_port}",
        "DATABASE_PREPARES": "1",
    }


def of_demo(email_port: int) -> dict[str, str]:
    """A demo shows codes and mails to whoever looks: only `make run` and its companions."""
    if given("EMAIL_HOST"):
        return {"PASPOR_DEMO": "1"}
    return {"PASPOR_DEMO": "1", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(email_port)}


def complete(made: Mapping[str, str]) -> dict[str, str]:
    """Our own environment, filled up with what was made, and our Python's programs first."""
    mine = {name: value for name, value in os.environ.items() if value or name not in made}
    path = os.pathsep.join([str(Path(sys.executable).parent), given("PATH") or os.defpath])
    return {**made, **mine, "PATH": path, "PYTHONUNBUFFERED": "1"}
