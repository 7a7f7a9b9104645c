"""Ports on loopback: the one used last time while it is free, else any other."""

import json
import random
import socket
from pathlib import Path

from paspor.dev.console import Trouble

LOOPBACK = "127.0.0.1"
FILE = "ports.json"
WEB_PORT = 8000
HIGHEST = 65535
# Below those that systems give to whoever connects: one of them may be taken again before its
# server has begun.
OURS = range(15_000, 30_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose last connections still fade away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def any_free() -> int:
    for port in random.sample(OURS, 100):
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def remembered(folder: Path, name: str) -> int | None:
    port = _all_remembered(folder).get(name)
    return port if isinstance(port, int) else None


def remember(folder: Path, name: str, port: int) -> None:
    (folder / FILE).write_text(json.dumps(_all_remembered(folder) | {name: port}))


def _all_remembered(folder: Path) -> dict[str, object]:
    """What the file says; nothing where it is broken, since another port does as well."""
    try:
        found = json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def choose(folder: Path, name: str) -> int:
    """The port this server had last time, or another one; remembers the answer."""
    port = remembered(folder, name)
    if port is None or not is_free(port):
        port = any_free()
        remember(folder, name, port)
    return port


def wanted_port(wanted: str | None) -> int:
    """The port that was asked for, or the usual one."""
    if not wanted:
        return WEB_PORT
    if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted) <= HIGHEST:
        raise Trouble(f"PORT={wanted} is not a port: give a number from 1 to {HIGHEST}.")
    return int(wanted)


def web_port(wanted: int) -> int:
    """The port for the pages: this one, or the next that can be used."""
    nearby = range(wanted, min(wanted + 100, HIGHEST + 1))
    return next((port for port in nearby if is_free(port)), None) or any_free()
