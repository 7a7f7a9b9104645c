"""What the civil registry (Dukcapil) is asked, and what it answers.

The portal sends what a person said of themselves; the registry says of each field whether
it matches, never what it holds. docs/identity.md tells what follows from an answer.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class RegistryAway(Exception):
    """No answer that can be relied on; ask again later. Its text holds no personal data."""


class RegistryLimiting(RegistryAway):
    """It answers others first; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("limiting")
        self.retry_after = retry_after


# Without repr: a traceback must not tell who was asked about.
@dataclass(frozen=True, repr=False)
class Asked:
    """One person as they say of themselves. An empty field is not asked about."""

    nik: str
    name: str
    birth_date: dt.date
    sex: str
    kk: str = ""
    mother_name: str = ""
    birth_place: str = ""

    def fields(self) -> dict[str, str]:
        """What is compared with the record that stands under the NIK."""
        said = {
            "name": self.name,
            "birth_date": self.birth_date.isoformat(),
            "sex": self.sex,
            "kk": self.kk,
            "mother_name": self.mother_name,
            "birth_place": self.birth_place,
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Answer:
    """Whether the NIK is known and, where it is, which of the fields asked about match."""

    is_found: bool
    matches: Mapping[str, bool]


class IdentityVerifier(Protocol):
    def verify(self, asked: Asked) -> Answer:
        """Raises RegistryAway, or RegistryLimiting."""


class NotConnected:
    """Where no registry is set up yet: bookings stand, and nobody has been checked."""

    def verify(self, asked: Asked) -> Answer:
        raise RegistryAway("not connected")


def verifier() -> IdentityVerifier:
    return import_string(settings.IDENTITY_VERIFIER)()
