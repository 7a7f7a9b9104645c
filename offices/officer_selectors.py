"""At which offices an officer works."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from offices import selectors
from offices.models import Office
from offices.rules import Act


def offices_open_to(
    officer: User, *, now: datetime, act: Act | None = Act.CHECK_IN
) -> QuerySet[Office]:
    """The serving offices where the officer may do ``act``; by default, work at the counter.

    With None, where they may look.
    """
    reach = selectors.offices_of(officer, now, act)
    found = Office.objects.filter(is_active=True).order_by("name")
    return found if reach.is_national else found.filter(pk__in=reach.ids)
