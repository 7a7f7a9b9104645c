"""An officer's own requests for a second officer's yes, and how they stand."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import QuerySet

from accounts.models import User
from offices.approval_rules import Matter
from offices.models import Approval, Office
from offices.rules import Act


def closing_asked(
    officer: User, office: Office, day: date, since: time | None, *, now: datetime
) -> Approval | None:
    """The officer's newest request to close these hours, with whatever words.

    None once that was used: what was declined before it is over with it.
    """
    hours = Matter(day=day, since=since).to_json()
    rows = _requests_of(officer, Act.CLOSE_DAY, office, now).filter(about=hours)
    newest = rows.order_by("-asked_at", "-pk").first()
    return newest if newest and newest.state != Approval.State.USED else None


def request_standing(
    officer: User, act: Act, subject: str, office: Office | None, *, now: datetime
) -> Approval | None:
    """The officer's own request for a second officer's yes that has not lapsed or been used."""
    return requests_standing(officer, act, [subject], office, now=now).get(subject)


def requests_standing(
    officer: User, act: Act, subjects: Iterable[str], office: Office | None, *, now: datetime
) -> dict[str, Approval]:
    """The officer's own requests by subject; of each the newest, unless that was used."""
    rows = _requests_of(officer, act, office, now).filter(subject__in=list(subjects))
    newest = {row.subject: row for row in rows.order_by("asked_at", "pk")}
    return {subject: row for subject, row in newest.items() if row.state != Approval.State.USED}


def _requests_of(
    officer: User, act: Act, office: Office | None, now: datetime
) -> QuerySet[Approval]:
    return Approval.objects.filter(asked_by=officer, act=act, office=office, expires_at__gt=now)
