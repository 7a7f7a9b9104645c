"""What a citizen has chosen so far, carried from page to page in the address.

Nothing in it tells who is asking. What is not understood falls back to the usual value:
an address that was cut off in a chat still opens.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

from offices.models import Office, PassportType
from paspor.kernel.query_values import iso_date
from queueing.booking import errands, rules
from queueing.booking.models import Place
from queueing.booking.selectors import PlaceView
from queueing.quota.models import Channel


def _among(text: str, known: Collection[str], usual: str) -> str:
    return text if text in known else usual


def _code(text: str) -> str:
    return text[:20] if text.isalnum() else ""


def _people(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1
    return min(max(number, 1), rules.MAX_PEOPLE)


@dataclass(frozen=True)
class Choice:
    """``moving`` is the code of a visit that is to be moved, ``who`` its people that go.

    ``beside`` is the hour that follows the chosen one, for a family in two of them.
    ``kind_open``: the address says that nobody was asked for the kind yet ("jenis=", as a
    letter does that is for a whole family); ``kind`` is the usual one until it is asked.
    """

    people: int = 1
    kind: str = Place.Kind.NEW
    old_passport: str = ""
    parents: str = ""
    passport_type: str = ""
    channel: str = Channel.ONLINE
    before: date | None = None
    moving: str = ""
    who: tuple[str, ...] = ()
    beside: str = ""
    kind_open: bool = False

    @classmethod
    def again(cls, places: Sequence[PlaceView], **more: Any) -> Self:
        """For the same people: the errand of the first, and who comes with a child of theirs."""
        first = places[0]
        return cls(
            people=len(places),
            kind=first.kind,
            old_passport=first.old_passport,
            parents=next((place.parents for place in places if place.parents), ""),
            **more,
        )

    @classmethod
    def of(cls, asked: QueryDict) -> Self:
        who = tuple(code for code in asked.getlist("siapa") if code.isalnum())[: rules.MAX_PEOPLE]
        moving = _code(asked.get("ganti", ""))
        kind = _among(asked.get("jenis", ""), Place.Kind.values, Place.Kind.NEW)
        return cls(
            people=len(who) if moving and who else _people(asked.get("orang", "")),
            kind=kind,
            old_passport=_among(asked.get("lama", ""), errands.OLD_PASSPORTS.get(kind, ()), ""),
            parents=_among(asked.get("pendamping", ""), errands.PARENTS, ""),
            passport_type=_among(asked.get("paspor", ""), PassportType.values, ""),
            channel=_among(asked.get("jalur", ""), rules.CITIZEN_CHANNELS, Channel.ONLINE),
            before=iso_date(asked.get("sebelum", "")),
            moving=moving,
            who=who if moving else (),
            beside=_code(asked.get("lanjut", "")),
            kind_open=not moving and asked.get("jenis") == "",
        )

    def at(self, office: Office) -> Self:
        """The choice without what this office does not have: small ones have no priority lane."""
        if rules.offers_channel(office.kind, self.channel):
            return self
        return replace(self, channel=Channel.ONLINE)

    def asked_type(self, office: Office) -> str:
        """The passport type to ask availability for; any that the office offers if open."""
        return self.passport_type or office.passport_types[0]

    @property
    def query(self) -> str:
        """The query of an address, "?" included; usual values are left out."""
        pairs = [
            ("orang", str(self.people) if self.people != 1 else ""),
            ("jenis", self.kind if self.kind != Place.Kind.NEW else ""),
            ("lama", self.old_passport),
            ("pendamping", self.parents),
            ("paspor", self.passport_type),
            ("jalur", self.channel if self.channel != Channel.ONLINE else ""),
            ("sebelum", self.before.isoformat() if self.before else ""),
            ("ganti", self.moving),
            *(("siapa", code) for code in self.who),
            ("lanjut", self.beside),
        ]
        told = [pair for pair in pairs if pair[1] or (self.kind_open and pair[0] == "jenis")]
        return f"?{urlencode(told)}" if told else ""

    def with_(self, **changes: object) -> str:
        """The address's end with some of it changed."""
        return replace(self, **changes).query
