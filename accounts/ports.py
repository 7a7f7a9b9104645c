"""What every app answers about the personal data that it holds.

Export, erasure and "may this name be edited?" need all apps, while accounts may import
none of those above it. So each app implements this protocol and the settings list them.
"""

from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Applicant, User


class PersonalDataPort(Protocol):
    def export(self, user: User) -> dict[str, Any]:
        """All that is held about the user and their applicants, ready for JSON."""

    def erase(self, user: User, now: datetime) -> None:
        """Make what is held unreadable. Runs inside the erasure's transaction."""

    def blocks_edit(self, applicant: Applicant) -> bool:
        """Whether somebody counts on this person now. The applicant's row is locked."""

    def is_history(self, applicant: Applicant) -> bool:
        """Whether a record of the past shows this person. The applicant's row is locked."""

    def blocks_erasure(self, user: User) -> str | None:
        """Why the account cannot be erased yet (a sentence for its owner), or None."""


@cache
def all_ports() -> tuple[PersonalDataPort, ...]:
    return tuple(import_string(path)() for path in settings.PERSONAL_DATA_PORTS)


def is_booked(applicant: Applicant) -> bool:
    """Whether they must be neither edited nor removed; sure only while the row is locked."""
    return any(port.blocks_edit(applicant) for port in all_ports())


def is_history(applicant: Applicant) -> bool:
    """Whether an edit would rewrite the past; sure only while the row is locked."""
    return any(port.is_history(applicant) for port in all_ports())
