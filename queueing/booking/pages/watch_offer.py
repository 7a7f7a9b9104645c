"""Whether a page offers to tell when there is room, and where one asks for it."""

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
KEPT = ("radius", "orang", "sebelum", "jenis")


def href(
    asked: dict[str, str], choice: Choice, place: Office | None, rooms: FirstRooms, now: datetime
) -> str:
    """With what was asked here; "" where it would be refused, and for what is not watched:
    the priority lane, offices that need a referral, a visit that is to be moved."""
    watched = not choice.moving and choice.channel == Channel.ONLINE
    if place is None or place.needs_referral or not watched:
        return ""
    radius = search.known_radius(asked.get("radius", "")) or 0
    wish = Sought(choice.people, choice.asked_type(place), radius, choice.before)
    if not search.worth_waiting(place, rooms, wish, now):
        return ""
    known = {"dekat": place.code, "paspor": wish.passport_type}
    known |= {name: asked[name] for name in KEPT if asked.get(name)}
    return f"{reverse('watching:new')}?{urlencode(known)}"
