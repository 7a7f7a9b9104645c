"""Applicants of an account, and the places and visits that they have."""

import datetime as dt
from datetime import UTC, datetime

from accounts.models import Applicant, User
from accounts.services import applicants
from queueing.booking.models import Place
from tests.factories import PlaceFactory, UserFactory, invented_nik

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def add(account: User, n: int = 1, **fields: object) -> Applicant:
    values = {
        "name": f"Warga {'A' * n}",
        "nik": invented_nik(n),
        "birth_date": dt.date(1990, 8, 17),
        "sex": "M",
    }
    return applicants.add_applicant(account=account, now=NOW, **(values | fields))


def booked(applicant: Applicant) -> None:
    """Give the person a live place; whoever has no account was booked by an officer."""
    officer = None if applicant.account else UserFactory()
    PlaceFactory(
        booking__account=applicant.account,
        booking__made_by=officer,
        applicant=applicant,
        live_person=applicant.person,
    )


def visited(applicant: Applicant) -> Place:
    """A visit of this person that is over."""
    return PlaceFactory(
        booking__account=applicant.account,
        applicant=applicant,
        live_person=None,
        live_seat=None,
        state="SERVED",
        ended_at=NOW,
    )
