"""What a holiday is called in the reader's language; it is kept as the decree names it."""

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language
from holidays import ID as INDONESIA
from holidays.constants import GOVERNMENT, PUBLIC

CATEGORIES = (PUBLIC, GOVERNMENT)


def of_year(year: int, language: str) -> dict[date, str]:
    """What the library knows of a year, collective leave included; "id" or "en_US"."""
    return dict(INDONESIA(years=year, categories=CATEGORIES, language=language))


def name(own: str, day: date) -> str:
    """In English, where the library has that day by just this name; else as it is kept."""
    return _english(day.year).get((day, own), own) if get_language() == "en" else own


@lru_cache(10)
def _english(year: int) -> dict[tuple[date, str], str]:
    english = of_year(year, "en_US")
    return {(day, own): english[day] for day, own in of_year(year, "id").items() if day in english}
