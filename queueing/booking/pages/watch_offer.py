"""Whether a page offers to tell when there is room, and where one asks for it."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from offices.models import Office
from queueing.booking.pages.choice import Choice
from queueing.quota import search
from queueing.quota.models import Channel
from queueing.quota.nearest import FirstRooms
from queueing.quota.search import Sought

# What the form is filled with; the kind only finds the way back to the list.
KEPT = ("orang", "sebelum", "jenis")


def href(
    asked: dict[str, str],
    choice: Choice,
    places: Sequence[Office],
    rooms: FirstRooms,
    now: datetime,
) -> str:
    """With what was asked here; "" where it would be refused, and for what is not watched:
    the priority lane, offices that need a referral, a visit that is to be moved.

    ``places``: the office that is looked at or from, or all that a name or a province found.
    Of several the form asks which.
    """
    if choice.moving or choice.channel != Channel.ONLINE:
        return ""
    radius = search.known_radius(asked.get("radius", "")) if asked.get("dekat") else None
    fitting = [
        place
        for place in places
        if not place.needs_referral
        and search.worth_waiting(place, rooms, _wish(choice, place, radius), now)
    ]
    if not fitting:
        return ""
    known = {name: asked[name] for name in KEPT if asked.get(name)}
    if radius:
        known["radius"] = str(radius)
    if len(fitting) == 1:
        known |= {"dekat": fitting[0].code, "paspor": choice.asked_type(fitting[0])}
    elif choice.passport_type:
        known["paspor"] = choice.passport_type
    return f"{reverse('watching:new')}?{urlencode(known)}"


def _wish(choice: Choice, place: Office, radius: int | None) -> Sought:
    return Sought(choice.people, choice.asked_type(place), radius or 0, choice.before)
