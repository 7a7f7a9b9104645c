"""What one person comes for, as far as it settles what to bring and what it costs. Pure.

Whatever is not told stays empty: then a list of documents says itself "what if".
"""

from dataclasses import asdict, dataclass, fields
from typing import Protocol

# What may be told of the old passport, by what one comes for. PLAIN: issued in Indonesia since
# 2010, and nothing in it has changed. DISASTER: a disaster took or damaged it.
OLD_PASSPORTS = {
    "REPLACEMENT": ("PLAIN", "OTHER"),
    "LOST": ("DISASTER",),
    "DAMAGED": ("DISASTER",),
}
# Who comes with somebody under 17: both parents, one (the other cannot), the one with custody
# (divorced), or nobody: who is married counts as an adult.
PARENTS = ("BOTH", "ONE", "CUSTODY", "MARRIED")
# Under 19 one marries by leave of a court only (UU 16/2019 article 7), which knows no lowest age;
# 16 was the lowest that could do without it, before (UU 1/1974). Whoever is younger is not asked
# whether they are married: should it be so, the counter is told.
MARRIED_FROM_YEARS = 16


class HasErrand(Protocol):
    """A place, the wish for one, or what is shown of it."""

    kind: str
    old_passport: str
    parents: str


@dataclass(frozen=True)
class Errand:
    kind: str
    old_passport: str = ""
    parents: str = ""

    @classmethod
    def of(cls, told: HasErrand) -> "Errand":
        return cls(told.kind, told.old_passport, told.parents)

    @property
    def is_married(self) -> bool:
        return self.parents == "MARRIED"

    @property
    def by_disaster(self) -> bool:
        return self.old_passport == "DISASTER"


class HasErrandAndType(HasErrand, Protocol):
    passport_type: str


@dataclass(frozen=True)
class Written:
    """What a place is written as, for who corrects it; as text it goes with the page."""

    kind: str = ""
    old_passport: str = ""
    parents: str = ""
    passport_type: str = ""

    @classmethod
    def of(cls, told: HasErrandAndType) -> "Written":
        return cls(told.kind, told.old_passport, told.parents, told.passport_type)

    @classmethod
    def read(cls, text: str) -> "Written":
        """Of a text that is none: nothing, which is written nowhere."""
        values = text.split(":")
        return cls(*values) if len(values) == len(fields(cls)) else cls()

    def __str__(self) -> str:
        return ":".join(asdict(self).values())


def asked_of_parents(age: int) -> tuple[str, ...]:
    """What somebody of this age, under 17, is offered to tell of who comes with them."""
    return tuple(one for one in PARENTS if one != "MARRIED" or age >= MARRIED_FROM_YEARS)


def fits_old_passport(errand: Errand) -> bool:
    """Who never had a passport has not lost it in a disaster."""
    return errand.old_passport in ("", *OLD_PASSPORTS.get(errand.kind, ()))


def fits_parents(errand: Errand, *, is_child: bool) -> bool:
    return errand.parents in ("", *(PARENTS if is_child else ()))
