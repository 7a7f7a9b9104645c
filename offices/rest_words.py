"""Why an office does not serve on a day. A holiday is kept as the decree names it, and told in
the reader's language.
"""

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays import ID as INDONESIA
from holidays.constants import GOVERNMENT, PUBLIC

from offices.rules import DayPlan, WhyClosed

CATEGORIES = (PUBLIC, GOVERNMENT)


def of_year(year: int, language: str) -> dict[date, str]:
    """What the library knows of a year, collective leave included; "id" or "en_US"."""
    return dict(INDONESIA(years=year, categories=CATEGORIES, language=language))


def why(plan: DayPlan) -> str:
    """Of a day without service."""
    if plan.why is WhyClosed.HOLIDAY:
        return _("Hari libur: %(name)s") % {"name": holiday(plan.note, plan.day)}
    if plan.why is WhyClosed.CLOSURE:
        return _("Tutup: %(why)s") % {"why": plan.note}
    if plan.why is WhyClosed.NO_STATIONS:
        return _("Tidak ada loket yang melayani")
    return _("Tidak melayani")


def holiday(own: str, day: date) -> str:
    """In English, where the library has that day by just this name; else as it is kept."""
    return _english(day.year).get((day, own), own) if get_language() == "en" else own


@lru_cache(10)
def _english(year: int) -> dict[tuple[date, str], str]:
    english = of_year(year, "en_US")
    return {(day, own): english[day] for day, own in of_year(year, "id").items() if day in english}
