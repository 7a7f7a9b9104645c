"""Every route of the portal, and an address that fits it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

SAMPLES = {"code": "K7QX4M2P", "day": "2026-12-01", "key": "x", "uidb36": "1", "pk": 1}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def plain(route: str) -> str:
    """allauth still writes some of its routes as regular expressions."""
    return re.sub(r"\^|\$|\(\?P|\[[^]]*\]\+\)?", "", route)


def address(route: str) -> str:
    parts = []
    for part in plain(route).split("/"):
        name = part.strip("<>").rpartition(":")[2]
        parts.append(str(SAMPLES.get(name, "x")) if "<" in part else part)
    return "/" + "/".join(parts)
