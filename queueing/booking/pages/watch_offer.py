"""Whether a page offers to tell when there is room, and where one asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from offices import selectors as offices
from offices.models import Office
from paspor.kernel import formatting
from queueing.booking.presentation.choice import Choice
from queueing.quota import search
from queueing.quota.models import Channel
from queueing.quota.nearest import FirstRooms
from queueing.quota.search import Sought

# What the form is filled with; the kind only finds the way back to the list.
KEPT = ("orang", "sebelum", "jenis")


@dataclass(frozen=True)
class Offer:
    """Falsy where a wish would be refused. ``fields`` are all that the form asks for, where
    that is known: one press is enough then, and ``text`` says to what."""

    href: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.href)


def href(
    asked: Mapping[str, str],
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
    radius = _radius(asked)
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


def on_day(
    asked: Mapping[str, str], choice: Choice, office: Office, rooms: FirstRooms, now: datetime
) -> Offer:
    """On a day without room: the wish whose letter led there, which names its place, or one
    for the office."""
    radius = _radius(asked)
    towns = [each for each in offices.listed() if radius and each.code == asked["dekat"]]
    place = towns[0] if towns else office
    found = href(asked, choice, [place], rooms, now)
    if not found or choice.before is None:
        return Offer(found)
    fields = {
        "dekat": place.code,
        "radius": str(radius or 0),
        "orang": str(choice.people),
        "paspor": choice.asked_type(place),
        "sebelum": choice.before.isoformat(),
    }
    return Offer(found, fields, _in_words(choice, place, radius))


def _in_words(choice: Choice, place: Office, radius: int | None) -> str:
    said = {
        "n": choice.people,
        "office": place.name,
        "km": radius,
        "day": formatting.day(choice.before) if choice.before else "",
    }
    if radius:
        text = ngettext(
            "Satu e-mail bila ada tempat untuk %(n)s orang di %(office)s atau sampai %(km)s km "
            "darinya, paling lambat %(day)s.",
            "Satu e-mail bila ada tempat untuk %(n)s orang di %(office)s atau sampai %(km)s km "
            "darinya, paling lambat %(day)s.",
            choice.people,
        )
    else:
        text = ngettext(
            "Satu e-mail bila ada tempat untuk %(n)s orang di kantor ini, paling lambat %(day)s.",
            "Satu e-mail bila ada tempat untuk %(n)s orang di kantor ini, paling lambat %(day)s.",
            choice.people,
        )
    return text % said


def _radius(asked: Mapping[str, str]) -> int | None:
    return search.known_radius(asked.get("radius", "")) if asked.get("dekat") else None


def _wish(choice: Choice, place: Office, radius: int | None) -> Sought:
    return Sought(choice.people, choice.asked_type(place), radius or 0, choice.before)
