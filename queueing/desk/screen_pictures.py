"""What every screen of an office shares: who is called where, two seconds old at most.

A screen asks every few seconds all day, so it costs a look into the cache; at most one
query where that is empty or away. No name and no booking is in it.
"""

from datetime import datetime
from typing import Any

from django.core.cache import cache

from offices.models import Office
from queueing.desk import queue_selectors
from queueing.desk.models import QueueNumber, WaitingScreen
from queueing.desk.screen_tokens import Held

CALLS_SECONDS = 2
# A revoked screen stops at once: revoking forgets this. Where the cache is away it is asked anew.
SCREEN_SECONDS = 60
# Counts up with each change of what a picture holds; a screen of an older one reloads itself.
LAYOUT = 3


def kept_office(held: Held) -> Office | None:
    return cache.get(_key(held))


def keep_office(held: Held, office: Office) -> None:
    cache.set(_key(held), office, SCREEN_SECONDS)


def forget(screen: WaitingScreen) -> None:
    cache.delete(_key(Held(code=screen.code)))
    if screen.device:
        cache.delete(_key(Held(device=bytes(screen.device))))


def calls(office: Office, *, now: datetime) -> dict[str, Any]:
    """The number at each counter, the newest call first: label, counter, how often called.

    ``called`` are those still expected at their counter, ``serving`` those who came to it.
    """
    day = office.today(now).isoformat()
    key = f"screen-calls:{LAYOUT}:{office.pk}:{day}"
    found = cache.get(key)
    if found is None:
        found = {"called": [], "serving": []}
        for queued in queue_selectors.at_counters(office, now=now):
            came = queued.state == QueueNumber.State.SERVING
            said = [queued.label, queued.counter, queued.calls]
            found["serving" if came else "called"].append(said)
        cache.set(key, found, CALLS_SECONDS)
    return {"layout": LAYOUT, "day": day, **found}


def _key(held: Held) -> str:
    return f"screen:{LAYOUT}:{held.key}"
