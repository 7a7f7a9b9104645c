"""What accounts asks of the apps above it, of which it may import none.

Each app answers about the personal data that it holds: export, erasure and "may this name be
edited?" need all apps. And who wrote a letter down as facts lays it out when it is sent or
shown. They register in ``wiring.connect`` of their apps.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from accounts.models import Applicant, User
from accounts.notices import Attachment, Letter
from paspor.kernel.extensions import ExtensionPoint


class Lock(StrEnum):
    """What counts on a person's data staying as they are."""

    VISIT = "visit"
    CLAIM = "claim"


class Obstacle(NamedTuple):
    """What stands against an erasure, as a sentence, and the page where its owner ends it."""

    why: str
    page: str = ""
    link: str = ""


class PersonalDataPort(Protocol):
    def export(self, user: User) -> dict[str, Any]:
        """All that is held about the user and their applicants, ready for JSON."""

    def erase(self, user: User, now: datetime) -> None:
        """Make what is held unreadable. Runs inside the erasure's transaction."""

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        """Why somebody counts on this person now. The applicant's row is locked."""

    def is_history(self, applicant: Applicant) -> bool:
        """Whether a record of the past shows this person. The applicant's row is locked."""

    def blocks_erasure(self, user: User) -> Obstacle | None:
        """Why the account cannot be erased yet, or None."""


personal_data = ExtensionPoint[PersonalDataPort]()


def all_ports() -> tuple[PersonalDataPort, ...]:
    return personal_data.all()


def lock_on(applicant: Applicant) -> Lock | None:
    """Why they must be neither edited nor removed; sure only while the row is locked."""
    return next(filter(None, (port.blocks_edit(applicant) for port in all_ports())), None)


def is_history(applicant: Applicant) -> bool:
    """Whether an edit would rewrite the past; sure only while the row is locked."""
    return any(port.is_history(applicant) for port in all_ports())


@dataclass(frozen=True)
class Staff:
    """What is known of offices and their officers; one app registers it."""

    office_names: Callable[[Collection[str]], Mapping[str, str]]
    zone_of: Callable[[User], ZoneInfo]
    is_officer: Callable[[User, datetime], bool]


staff = ExtensionPoint[Staff]()


def office_names(codes: Collection[str]) -> Mapping[str, str]:
    """What the offices of these codes are called; only accounts' log knows them by code."""
    return _staff().office_names(codes)


class LetterWriter(Protocol):
    def __call__(self, facts: dict[str, Any]) -> tuple[Letter, Sequence[Attachment]]:
        """The letter of these facts, in the active language, and the files beside it.

        It says what held when they were written down, and asks the database nothing.
        """


def clock_of(user: User) -> ZoneInfo:
    """The zone in which a user reads the clock: officers have an office."""
    return _staff().zone_of(user)


def is_officer(user: User, now: datetime) -> bool:
    """Whether they hold a post, or will."""
    return _staff().is_officer(user, now)


def _staff() -> Staff:
    (registered,) = staff.all()
    return registered


# Each app's, by the kind of the letter.
letter_writers = ExtensionPoint[Mapping[str, LetterWriter]]()


def letter_writer(kind: str) -> LetterWriter:
    """Who lays out letters of this kind."""
    return next(writers[kind] for writers in letter_writers.all() if kind in writers)
