"""A visit as it stood at one moment, written down for a letter that is laid out later.

Only what the letter and its calendar entry say, so what is thawed is no row of the database.
"""

from datetime import date, datetime
from typing import Any

from accounts.models import Applicant
from offices.models import Office
from paspor.kernel import prepared
from queueing.booking import documents, where
from queueing.booking.models import Booking, Place
from queueing.quota.models import Slot

OFFICE = ("name", "timezone", "address", "regency")
# What settles the documents (queueing.booking.errands).
ERRAND = ("kind", "old_passport", "parents")
# A letter of an older version does not have it.
TYPE = "passport_type"


def facts(booking: Booking) -> dict[str, Any]:
    """As JSON. ``booking`` comes from a selector, with its places."""
    slot = booking.slot
    place, note = where.told(booking)
    office = {name: getattr(slot.office, name) for name in OFFICE}
    return {
        "code": booking.code,
        "created_at": booking.created_at.isoformat(),
        "moves_used": booking.moves_used,
        "relocations": booking.relocations,
        "office": office,
        "at": [str(slot.office.latitude), str(slot.office.longitude)],
        "day": slot.day.isoformat(),
        "hours": [slot.starts_at.isoformat(), slot.ends_at.isoformat()],
        "place": place,
        "note": note,
        "people": [_person(one, slot.day) for one in booking.places.all()],
    }


def with_other(other: Booking | None) -> dict[str, Any]:
    """The family's other hour, to stand beside the facts of the one; nothing, without one."""
    return {} if other is None else {"other": facts(other)}


def other(facts: dict[str, Any]) -> Booking | None:
    """What ``with_other`` wrote there."""
    return thawed(facts["other"]) if "other" in facts else None


def _person(place: Place, day: date) -> dict[str, Any]:
    """Whether somebody is a child is all that a letter needs of their birth."""
    return {
        "name": place.applicant.name,
        "is_child": documents.is_child(place.applicant.birth_date, day),
        **{name: getattr(place, name) for name in ERRAND},
        TYPE: place.passport_type,
        "state": place.state,
        "ended_at": place.ended_at and place.ended_at.isoformat(),
    }


def thawed(facts: dict[str, Any]) -> Booking:
    """As ``facts`` found it; no row of the database, and never to be saved."""
    latitude, longitude = facts["at"]
    starts_at, ends_at = (datetime.fromisoformat(at) for at in facts["hours"])
    slot = Slot(
        office=Office(**facts["office"], latitude=latitude, longitude=longitude),
        day=date.fromisoformat(facts["day"]),
        starts_at=starts_at,
        ends_at=ends_at,
    )
    slot.day_place, slot.day_note = facts["place"], facts["note"]
    booking = Booking(
        pk=0,
        code=facts["code"],
        slot=slot,
        moves_used=facts["moves_used"],
        # A letter of an older version says nothing of it: it tells of a booking just made.
        relocations=facts.get("relocations", 0),
        created_at=datetime.fromisoformat(facts["created_at"]),
    )
    prepared.keep(booking, "places", [_place(one, slot.day) for one in facts["people"]])
    return booking


def _place(person: dict[str, Any], day: date) -> Place:
    """A child is as good as born on that day; everybody else counts as an adult."""
    born = day if person["is_child"] else None
    ended_at = person["ended_at"] and datetime.fromisoformat(person["ended_at"])
    return Place(
        applicant=Applicant(name=person["name"], birth_date=born),
        **{name: person[name] for name in ERRAND},
        passport_type=person.get(TYPE, ""),
        state=person["state"],
        ended_at=ended_at,
    )
