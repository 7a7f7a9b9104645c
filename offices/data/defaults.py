"""What a new office starts with, by its kind and class. Officers change it afterwards.

Hours follow those that offices and their queue app showed in 2014-2018: 08.00-16.00 with a
break of an hour at noon, longer on Friday for the prayer. Stations and minutes make
about the daily quota that press and notices of 2017-2020 named for such an office; no
official table by class is known.
"""

from dataclasses import dataclass
from datetime import time

from offices.rules import SMALL_KINDS

OPENS, CLOSES = time(8), time(16)
MIDDAY = (time(12), time(13))
FRIDAY = (time(11, 30), time(13))
# Monday to Friday, 0 is Monday: the break of each day.
BREAKS = {0: MIDDAY, 1: MIDDAY, 2: MIDDAY, 3: MIDDAY, 4: FRIDAY}


@dataclass(frozen=True)
class Capacity:
    """Stations, and minutes at one for each applicant."""

    stations: int
    minutes: int


# The comment is the quota of a day of seven hours.
BY_CLASS = {
    "I Khusus": Capacity(12, 15),  # 336; seen 300-400
    "I": Capacity(5, 15),  # 140; seen 100-200
    "II": Capacity(3, 16),  # 78; seen 60-90
    "III": Capacity(2, 20),  # 42; seen 30-50
}
BY_KIND = {
    "ULP": Capacity(4, 18),  # 93; seen 90-100
    "LTSP": Capacity(1, 21),  # 20; seen 20
    "UKK": Capacity(2, 21),  # 40; seen 30-50
    "MPP": Capacity(1, 14),  # 30; seen 20-40
}
FULL_SHARES = {"online": 80, "priority": 15, "same_day": 0, "counter": 5}
# LTSP, UKK and MPP have no lane of their own for priority.
SMALL_SHARES = {"online": 95, "priority": 0, "same_day": 0, "counter": 5}
# Only migrant workers sent by the manpower office are served there.
REFERRAL_KINDS = frozenset({"LTSP"})


def rank(grade: str) -> str:
    """ "I Khusus TPI" as "I Khusus": the class without its border post."""
    return grade.removesuffix(" TPI").removesuffix(" Non")


def capacity_of(kind: str, grade: str) -> Capacity:
    return BY_CLASS[rank(grade)] if kind == "KANIM" else BY_KIND[kind]


def shares_of(kind: str) -> dict[str, int]:
    return SMALL_SHARES if kind in SMALL_KINDS else FULL_SHARES


def passport_types_of(kind: str, grade: str, parent_grade: str) -> list[str]:
    """Regular ones everywhere; electronic at class I and its ULP; polycarbonate at few."""
    own = rank(grade if kind == "KANIM" else parent_grade)
    types = ["REGULAR"]
    if kind in {"KANIM", "ULP"} and own in {"I", "I Khusus"}:
        types.append("ELECTRONIC")
    if kind == "KANIM" and own == "I Khusus":
        types.append("POLYCARBONATE")
    return types
