"""What is broken, for every page: read from the cache alone (offices.services.incidents)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from offices import words
from offices.models.incidents import Part
from offices.services.incidents import BANNER_KEY


def incidents(request: HttpRequest) -> dict[str, Any]:
    """A template's context: asked for only where a page shows it."""
    return {"incidents": SimpleLazyObject(live)}


def live() -> list[dict[str, Any]]:
    return [_in_words(each) for each in cache.get(BANNER_KEY) or []]


def _in_words(told: dict[str, Any]) -> dict[str, Any]:
    end = told["expected_end"]
    zone = ZoneInfo(told["zone"]) if told["zone"] else None
    return told | {
        "text": words.in_language(told["text_id"], told["text_en"]),
        "part_label": Part(told["part"]).label,
        # In words here: a template would turn it back to the capital's clock.
        "ends": words.moment(datetime.fromisoformat(end), zone) if end else "",
    }
