"""Who may open the planner's pages."""

from datetime import date

from django.http import Http404

from offices.decorators import at_office
from offices.rules import Act, last_plannable

planning = at_office(Act.HOURS)


def as_day(text: str) -> date:
    """A day as the address has it; anything else is not found."""
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Http404 from problem


def as_coming_day(text: str, today: date) -> date:
    """A day from tomorrow on that may be planned; anything else is not found."""
    day = as_day(text)
    if not today < day <= last_plannable(today):
        raise Http404
    return day
