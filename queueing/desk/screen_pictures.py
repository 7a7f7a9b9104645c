"""What every screen of an office shares: who is called where, two seconds old at most.

A screen asks every few seconds all day, so it costs a look into the cache; at most one
query where that is empty or away. No name and no booking is in it.
"""

from datetime import datetime
from typing import Any

from django.core.cache import cache

from offices.models import Office
from queueing.desk import queue_selectors
from queueing.desk.errors import ScreenClosed
from queueing.desk.models import WaitingScreen

CALLS_SECONDS = 2
# A revoked link stops at once: revoking forgets this. Where the cache is away it is asked anew.
SCREEN_SECONDS = 60
# Counts up with each change of what a picture holds; a screen of an older one reloads itself.
LAYOUT = 2


def office_shown(code: str, office_code: str) -> Office:
    """The office of a screen that is still open; raises ScreenClosed."""
    office = cache.get(_key(code))
    if office is None:
        screen = WaitingScreen.objects.filter(code=code, revoked_at=None).select_related("office")
        found = screen.first()
        if found is None:
            raise ScreenClosed
        office = found.office
        cache.set(_key(code), office, SCREEN_SECONDS)
    if office.code != office_code:
        raise ScreenClosed
    return office


def forget(code: str) -> None:
    cache.delete(_key(code))


def calls(office: Office, *, now: datetime) -> dict[str, Any]:
    """The number at each counter, the newest call first: label, counter, how often called."""
    day = office.today(now).isoformat()
    key = f"screen-calls:{LAYOUT}:{office.pk}:{day}"
    found = cache.get(key)
    if found is None:
        called = queue_selectors.called_last(office, now=now)
        found = [[queued.label, queued.counter, queued.calls] for queued in called]
        cache.set(key, found, CALLS_SECONDS)
    return {"layout": LAYOUT, "day": day, "calls": found}


def _key(code: str) -> str:
    return f"screen:{LAYOUT}:{code}"
