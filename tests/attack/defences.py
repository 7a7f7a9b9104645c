"""The portal as its predecessor was in 2017: no limit an account, nobody asked, nobody looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from paspor.kernel.policy import Figure

# Figures that bound an account; in 2017 nothing did.
UNBOUND = {"max_live_places": 1_000_000, "max_applicants": 1_000_000}
LIMITS = ("account_", "person_", "kk_", "device_", "phone_", "applicants_")


@contextmanager
def off() -> Iterator[None]:
    """Without guards, limits and the care for one account; the seats themselves stay exact."""
    asked = Figure.at

    def unbound(figure: Figure, **where: Any) -> Any:
        if figure.key in UNBOUND:
            return UNBOUND[figure.key]
        if figure.key.startswith(LIMITS):
            return 1_000_000
        return asked(figure, **where)

    with patch.object(Figure, "at", unbound), patch("queueing.booking.ports._guards", tuple):
        yield
