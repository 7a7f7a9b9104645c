"""Ports on loopback: the one used last time while it is free, else any other."""

import json
import socket
from pathlib import Path

from paspor.dev.console import Trouble

LOOPBACK = "127.0.0.1"
FILE = "ports.json"
WEB_PORT = 8000


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


def web_port(wanted: str | None) -> int:
    """The port for the pages. One that was asked for is taken or refused, never replaced."""
    if not wanted:
        return next((port for port in range(WEB_PORT, WEB_PORT + 100) if is_free(port)), any_free())
    if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise Trouble(f"PORT={wanted} is not a port: give a number from 1 to 65535.")
    port = int(wanted)
    if not is_free(port):
        raise Trouble(
            f"Port {port} cannot be used (taken, or not allowed): give another one, "
            f"for example `make run PORT={any_free()}`."
        )
    return port
