"""What is broken, for every page: read from the cache alone (offices.services.incidents)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from offices.models.incidents import Part
from offices.services.incidents import BANNER_KEY


def incidents(request: HttpRequest) -> dict[str, Any]:
    """A template's context: asked for only where a page shows it."""
    return {"incidents": SimpleLazyObject(live)}


def live() -> list[dict[str, Any]]:
    return [_in_words(each) for each in cache.get(BANNER_KEY) or []]


def _in_words(told: dict[str, Any]) -> dict[str, Any]:
    words = told["text_en"] if get_language() == "en" else told["text_id"]
    zone = ZoneInfo(told["zone"] or settings.TIME_ZONE)
    end = told["expected_end"] and datetime.fromisoformat(told["expected_end"]).astimezone(zone)
    return told | {
        "text": words,
        "part_label": Part(told["part"]).label,
        # In words here: a template would turn it back to the capital's clock.
        "ends": f"{date_format(end, 'j F Y, H.i')} {end.tzname()}" if end else "",
    }
