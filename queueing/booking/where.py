"""Where a visit takes place, as every page, mail and file tells it.

Mostly at the office; on a special day with a place of its own, there, and then the
office's address and its point on the map would lead people astray.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from offices import selectors as offices
from offices.models import Office
from queueing.booking import words
from queueing.booking.facts import OfficeFacts, VisitFacts
from queueing.booking.reads import AnyRead
from queueing.quota.models import Slot


@dataclass(frozen=True)
class Where:
    """``place`` is the day's own, "" at the office; ``note`` is for the public."""

    office: Office | OfficeFacts
    place: str = ""
    note: str = ""

    @property
    def address(self) -> str:
        return self.place or self.office.address

    @property
    def at_office(self) -> str:
        """The usual place, in a sentence."""
        told = [self.office.name, self.office.address or self.office.regency]
        return ", ".join(part for part in told if part)

    @property
    def map_url(self) -> str:
        """Nowhere but for the office itself is a point on the map known."""
        return "" if self.place else words.map_url(self.office)

    @property
    def coordinates(self) -> str:
        return "" if self.place else words.coordinates(self.office)

    @property
    def line(self) -> str:
        """On one line, as a calendar tells it: first what a phone would look for."""
        return f"{self.place}, {self.office.name}" if self.place else self.at_office


def of_visit(visit: VisitFacts) -> Where:
    """Where a visit is, for its letter."""
    return _translated(visit.office, visit.place, visit.note)


def where_of(booking: AnyRead) -> Where:
    return _translated(booking.slot.office, booking.there.place, booking.there.note)


def at(slot: Slot) -> Where:
    """Of an hour that nobody has booked yet, which comes from ``quota.slot_by_code``."""
    there = offices.place_read(slot)
    return _translated(slot.office, there.place, there.note)


def _translated(office: Office | OfficeFacts, place: str, note: str) -> Where:
    """A note that an order of the nation set is in the catalogue; an officer's own is not."""
    return Where(office, place, _(note) if note else "")
