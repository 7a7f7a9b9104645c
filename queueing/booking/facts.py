"""What letters and calendar files say of a visit: values, and no row of the database.

Made from a booking that was read or is about to be written, from one that a service has locked,
or from the JSON that was stored with a letter to be laid out later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from offices.models.places import zone_name
from offices.rules import DayPlace
from queueing.booking import documents
from queueing.booking.models import Booking, Place
from queueing.booking.reads import AnyRead, PlannedBooking, PlannedPlace

OFFICE_TEXTS = ("name", "timezone", "address", "regency")


@dataclass(frozen=True)
class OfficeFacts:
    name: str
    timezone: str
    address: str
    regency: str
    latitude: Decimal
    longitude: Decimal

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def zone_name(self) -> str:
        return zone_name(self.timezone)


@dataclass(frozen=True)
class PersonFacts:
    """One person's part of a visit. ``is_child`` is all that is told of their birth."""

    name: str
    is_child: bool
    kind: str
    old_passport: str
    parents: str
    # "" in a letter that was stored before letters named it.
    passport_type: str
    state: str
    ended_at: datetime | None

    @property
    def is_live(self) -> bool:
        return self.state in Place.LIVE

    @classmethod
    def of(cls, place: Place | PlannedPlace, day: date) -> "PersonFacts":
        return cls(
            name=place.applicant.name,
            is_child=documents.is_child(place.applicant.birth_date, day),
            kind=place.kind,
            old_passport=place.old_passport,
            parents=place.parents,
            passport_type=place.passport_type,
            state=place.state,
            ended_at=place.ended_at,
        )


@dataclass(frozen=True)
class VisitFacts:
    """A visit at one moment. ``place`` is where the day is held, "" at the office; ``note`` is
    what the public is told of that day, not translated.
    """

    code: str
    created_at: datetime
    moves_used: int
    relocations: int
    office: OfficeFacts
    day: date
    starts_at: datetime
    ends_at: datetime
    place: str
    note: str
    people: tuple[PersonFacts, ...]

    @property
    def coming(self) -> tuple[PersonFacts, ...]:
        return tuple(person for person in self.people if person.is_live)

    @classmethod
    def of(
        cls,
        booking: Booking | PlannedBooking,
        places: Iterable[Place | PlannedPlace],
        there: DayPlace,
    ) -> "VisitFacts":
        slot, office = booking.slot, booking.slot.office
        return cls(
            code=booking.code,
            created_at=booking.created_at,
            moves_used=booking.moves_used,
            relocations=booking.relocations,
            office=OfficeFacts(
                name=office.name,
                timezone=office.timezone,
                address=office.address,
                regency=office.regency,
                latitude=office.latitude,
                longitude=office.longitude,
            ),
            day=slot.day,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            place=there.place,
            note=there.note,
            people=tuple(PersonFacts.of(place, slot.day) for place in places),
        )

    @classmethod
    def of_read(cls, booking: AnyRead) -> "VisitFacts":
        return cls.of(booking.booking, booking.places, booking.there)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "created_at": self.created_at.isoformat(),
            "moves_used": self.moves_used,
            "relocations": self.relocations,
            "office": {name: getattr(self.office, name) for name in OFFICE_TEXTS},
            "at": [str(self.office.latitude), str(self.office.longitude)],
            "day": self.day.isoformat(),
            "hours": [self.starts_at.isoformat(), self.ends_at.isoformat()],
            "place": self.place,
            "note": self.note,
            "people": [
                vars(person) | {"ended_at": person.ended_at and person.ended_at.isoformat()}
                for person in self.people
            ],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "VisitFacts":
        """Reads what any version has stored; what an older one left out has a default here."""
        latitude, longitude = map(Decimal, stored["at"])
        starts_at, ends_at = map(datetime.fromisoformat, stored["hours"])
        return cls(
            code=stored["code"],
            created_at=datetime.fromisoformat(stored["created_at"]),
            moves_used=stored["moves_used"],
            relocations=stored.get("relocations", 0),
            office=OfficeFacts(**stored["office"], latitude=latitude, longitude=longitude),
            day=date.fromisoformat(stored["day"]),
            starts_at=starts_at,
            ends_at=ends_at,
            place=stored["place"],
            note=stored["note"],
            people=tuple(map(_person_from_json, stored["people"])),
        )


def _person_from_json(stored: dict[str, Any]) -> PersonFacts:
    return PersonFacts(
        name=stored["name"],
        is_child=stored["is_child"],
        kind=stored["kind"],
        old_passport=stored["old_passport"],
        parents=stored["parents"],
        passport_type=stored.get("passport_type", ""),
        state=stored["state"],
        ended_at=stored["ended_at"] and datetime.fromisoformat(stored["ended_at"]),
    )
