"""Where a request came from: the installation and the network address, for counting only."""

from dataclasses import dataclass
from typing import Any

from paspor.kernel import device, ratelimit


@dataclass(frozen=True)
class Origin:
    """``device`` is "" and ``address`` None where they are not known.

    Neither proves who is asking: a device is dropped at will, an address shared by a town.
    """

    device: str = ""
    address: str | None = None


UNKNOWN = Origin()


def origin_of(request: Any) -> Origin:
    return Origin(device.installation_of(request), ratelimit.address_of(request) or None)
