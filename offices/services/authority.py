"""Whether this officer may do this here and now. Asked by every service before it acts."""

from datetime import datetime

from accounts.models import User
from offices import selectors
from offices.models import Office
from offices.rules import Act
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import NATIONAL


def require(*, officer: User, act: Act, office: Office | None, now: datetime) -> None:
    """Raise NotAllowed unless a live post of the officer covers the act at the office.

    ``office`` None asks for the nation, which SISTIK alone answers for.
    """
    if not selectors.may(officer, act, office, now):
        raise NotAllowed


def stream_of(office: Office | None) -> str:
    """The chain of the log that an act at the office joins; also the scope of its figures."""
    return office.code if office else NATIONAL
