"""What a passport costs by law, in rupiah, and from when to when. Pure; prices.py has the word.

Sources: PP 28/2019 (from 1 May 2019; surcharges for lost and damaged passports unchanged
since) and PP 45/2024 (from 17 December 2024). A polycarbonate passport is an electronic
one with another data page; the tables know no price of its own.
"""

from dataclasses import dataclass
from datetime import date

from paspor.kernel.errors import N_

PP_28_2019 = date(2019, 5, 1)
PP_45_2024 = date(2024, 12, 17)
LAWS = {PP_28_2019: "PP 28/2019", PP_45_2024: "PP 45/2024"}
# Ten years are for people of 17 or more, or married (Permenkumham 18/2022).
LONG_FROM_YEARS = 17


@dataclass(frozen=True)
class Fee:
    """``valid_to`` is the last day, None while in force; ``by_policy``, a row has set it."""

    passport_type: str
    years: int
    rupiah: int
    valid_from: date
    valid_to: date | None = None
    by_policy: bool = False

    @property
    def law(self) -> str:
        return "" if self.by_policy else LAWS[self.valid_from]


@dataclass(frozen=True)
class Surcharge:
    kind: str
    rupiah: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Addition:
    """What one may pay to have it on the same day: a new one or a replacement, no other."""

    rupiah: int
    kinds: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Free:
    """Who pays nothing, for a passport of this type alone; the office decides on the proof."""

    passport_type: str
    who: str
    source: str
    valid_from: date
    valid_to: date | None = None


_BEFORE_2024 = date(2024, 12, 16)
FEES = (
    Fee("REGULAR", 5, 350_000, PP_28_2019, _BEFORE_2024),
    Fee("ELECTRONIC", 5, 650_000, PP_28_2019, _BEFORE_2024),
    Fee("POLYCARBONATE", 5, 650_000, PP_28_2019, _BEFORE_2024),
    Fee("REGULAR", 5, 350_000, PP_45_2024),
    Fee("REGULAR", 10, 650_000, PP_45_2024),
    Fee("ELECTRONIC", 5, 650_000, PP_45_2024),
    Fee("ELECTRONIC", 10, 950_000, PP_45_2024),
    Fee("POLYCARBONATE", 5, 650_000, PP_45_2024),
    Fee("POLYCARBONATE", 10, 950_000, PP_45_2024),
)
SURCHARGES = (
    Surcharge("LOST", 1_000_000, PP_28_2019),
    Surcharge("DAMAGED", 500_000, PP_28_2019),
)
SAME_DAY = (Addition(1_000_000, ("NEW", "REPLACEMENT"), PP_28_2019),)
FREE_BY = N_("PP 45/2024 pasal 5 ayat (1)")
FREE = (
    Free(
        "REGULAR",
        N_("Calon pekerja migran Indonesia yang baru pertama kali bekerja di luar negeri"),
        FREE_BY,
        PP_45_2024,
    ),
    Free("REGULAR", N_("Penerima beasiswa dari negara"), FREE_BY, PP_45_2024),
    Free(
        "REGULAR",
        N_("Warga negara Indonesia yang tidak mampu di luar negeri"),
        FREE_BY,
        PP_45_2024,
    ),
)


def _in_force(row: Fee | Surcharge | Addition | Free, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def fees(passport_type: str, *, day: date, age: int | None, is_married: bool = False) -> list[Fee]:
    """The choices of one person on that day, the shorter validity first."""
    may_be_long = age is None or age >= LONG_FROM_YEARS or is_married
    found = [
        fee
        for fee in FEES
        if fee.passport_type == passport_type
        and _in_force(fee, day)
        and (fee.years == 5 or may_be_long)
    ]
    return sorted(found, key=lambda fee: fee.years)


def surcharge(kind: str, *, day: date) -> int:
    return sum(row.rupiah for row in SURCHARGES if row.kind == kind and _in_force(row, day))


def same_day(kind: str, *, day: date) -> int:
    """0 where it is not to be had for what one comes for."""
    return sum(row.rupiah for row in SAME_DAY if kind in row.kinds and _in_force(row, day))


def free(passport_type: str, *, day: date) -> list[Free]:
    return [row for row in FREE if row.passport_type == passport_type and _in_force(row, day)]
