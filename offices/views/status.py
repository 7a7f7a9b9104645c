"""/status: what is broken and how the portal has fared, also while the database is away."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from offices import status, words
from offices.models.incidents import Part
from offices.models.probes import Target
from paspor.kernel import formatting

KEPT_SECONDS = 15
# As old as this it is shown as the last known.
STALE_SECONDS = 180


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    told = status.current(now)
    shown = {"told": _in_words(told, now)} if told else {}
    return render(request, "offices/status.html", shown, status=200 if told else 503)


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def as_json(request: HttpRequest) -> JsonResponse:
    now = timezone.now()
    told = status.current(now)
    if told is None:
        return JsonResponse({"as_of": None}, status=503)
    return JsonResponse(told | {"age_seconds": _age(told, now)})


def _age(told: dict[str, Any], now: datetime) -> int:
    return max(0, int((now - datetime.fromisoformat(told["as_of"])).total_seconds()))


def _in_words(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    age = _age(told, now)
    return {
        "as_of": _moment(told["as_of"]),
        "minutes": age // 60,
        "is_old": age > STALE_SECONDS,
        "incidents": [_incident(each) for each in told["incidents"]],
        "past": [_incident(each) for each in told["past"]],
        "parts": [
            {"label": Part(each["part"]).label, "state": each["state"]} for each in told["parts"]
        ],
        "reports": told.get("reports"),
        "history": [_history(each) for each in told["history"]],
    }


def _moment(iso: str, zone: str = "") -> str:
    return words.moment(datetime.fromisoformat(iso), ZoneInfo(zone) if zone else None)


def _incident(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": Part(each["part"]).label,
        "office": each["office_name"],
        "text": words.in_language(each["text_id"], each["text_en"]),
        "since": _moment(each["started_at"], each["zone"]),
        "ends": _moment(each["expected_end"], each["zone"]) if each["expected_end"] else "",
        "ended": _moment(each["ended_at"], each["zone"]) if each.get("ended_at") else "",
        # What was kept by an older release has none.
        "updates": [
            {
                "at": _moment(one["at"], each["zone"]),
                "text": words.in_language(one["text_id"], one["text_en"]),
            }
            for one in each.get("updates", [])
        ],
        "opens_walk_in": each["opens_walk_in"],
    }


def _history(each: dict[str, Any]) -> dict[str, Any]:
    days = each["days"]
    return {
        "label": Target(each["target"]).label,
        "up": each["up"],
        "down": each["down"],
        "unknown": each["unknown"],
        "days": [{"x": n * 4, "tone": tone} for n, (*_, tone) in enumerate(days)],
        "width": len(days) * 4,
        "first": formatting.date_short(date.fromisoformat(days[0][0])),
        "last": formatting.date_short(date.fromisoformat(days[-1][0])),
    }
