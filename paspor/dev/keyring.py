"""Passwords and keys of this machine, made once and kept in a file that only its owner reads."""

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from paspor.dev.console import Trouble

FILE = "secrets.json"


def _key_of_32_bytes() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "postgres": lambda: secrets.token_hex(24),
    "paspor_owner": lambda: secrets.token_hex(24),
    "paspor_app": lambda: secrets.token_hex(24),
    "valkey": lambda: secrets.token_hex(24),
    "SECRET_KEY": lambda: secrets.token_urlsafe(64),
    "DATA_KEYS": lambda: f"k1:{_key_of_32_bytes()}",
    "PERSON_DIGEST_KEY": _key_of_32_bytes,
    "TICKET_KEYS": lambda: f"t1:{_key_of_32_bytes()}",
    "EVIDENCE_KEYS": lambda: f"e1:{_key_of_32_bytes()}",
}


def keyring(folder: Path) -> dict[str, str]:
    """The keys of this folder; missing ones are made. The caller holds the folder's lock."""
    path = folder / FILE
    keys = _read(path) if path.exists() else {}
    missing = {name: make() for name, make in MAKERS.items() if name not in keys}
    if missing:
        keys |= missing
        _write(path, keys)
    return keys


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text())
        return {name: str(found[name]) for name in found}
    except (ValueError, TypeError, OSError) as problem:
        raise Trouble(
            f"The file of passwords {path} cannot be read ({problem}): put it back from a copy, "
            "or start afresh with `make clean`, which throws the data away."
        ) from problem


def _write(path: Path, keys: dict[str, str]) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keys, file, indent=1)
    draft.replace(path)
