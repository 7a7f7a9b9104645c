"""Changes that a planner wishes, as addresses of their pages."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from tests.page_text import text_of_page

SATURDAY = date(2030, 1, 12)
SHARES = {"online_share": 80, "priority_share": 15, "same_day_share": 0, "counter_share": 5}
DAY = {"opens": "08:00", "closes": "10:00", "stations": 5, "minutes": 15} | SHARES
WHY = {"reason": "demand", "note": "Permintaan tinggi"}


def at(name: str, *args: object, **wish: object) -> str:
    path = reverse(f"planning:{name}", args=["KANIM-LOKET", *args])
    return f"{path}?{urlencode(wish | {'periksa': 1})}" if wish else path


def special(day: date = SATURDAY, **changed: object) -> str:
    return at("special", day, **DAY | {"kind": "EXTRA", "reason": "Sabtu tambahan"} | changed)


def shown(response) -> str:
    return " ".join(text_of_page(response).split())
