"""The holidays that the library knows, and their English names."""

from datetime import date
from functools import lru_cache

from holidays import ID as INDONESIA
from holidays.constants import GOVERNMENT, PUBLIC

CATEGORIES = (PUBLIC, GOVERNMENT)


def of_year(year: int, language: str = "id") -> dict[date, str]:
    """Of a year, collective leave included; "id" or "en_US"."""
    return dict(INDONESIA(years=year, categories=CATEGORIES, language=language))


def in_english(own: str, day: date) -> str:
    """Where the library has that day by just this name; else as it is kept."""
    return _english(day.year).get((day, own), own)


@lru_cache(10)
def _english(year: int) -> dict[tuple[date, str], str]:
    english = of_year(year, "en_US")
    return {(day, own): english[day] for day, own in of_year(year).items() if day in english}
