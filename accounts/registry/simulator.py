"""A registry for demonstrations and tests, whose temper can be switched while it runs.

It knows every invented NIK but those of some series, by the four last digits:
9400-9499 it does not find; 9100-9199 have another name with it, 9200-9299 another birth
date. Of further fields it expects ``known_kk``, MOTHER and BIRTH_PLACE.
"""

import secrets
from enum import StrEnum
from time import sleep

from accounts.registry.interface import Answer, Asked, RegistryAway, RegistryLimiting
from accounts.tempers import Switch

UNKNOWN = range(9400, 9500)
OTHER_NAME = range(9100, 9200)
OTHER_BIRTH_DATE = range(9200, 9300)
MOTHER = "Ibu Pertiwi"
BIRTH_PLACE = "Jakarta"
SLOW_SECONDS = 8
LIMITING_SECONDS = 30


class Temper(StrEnum):
    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    WRONG = "wrong"
    LIMITING = "limiting"


switch = Switch("registry:temper", Temper)
temper, set_temper = switch.now, switch.set


def known_kk(nik: str) -> str:
    """The family card of an invented NIK: its region, 01-01-20, its serial."""
    return f"{nik[:6]}010120{nik[12:]}"


class Simulator:
    def verify(self, asked: Asked) -> Answer:
        now = temper()
        if now is Temper.DOWN:
            raise RegistryAway("down")
        if now is Temper.LIMITING:
            raise RegistryLimiting(LIMITING_SECONDS)
        if now is Temper.SLOW:
            sleep(SLOW_SECONDS)
        return _at_random(asked) if now is Temper.WRONG else _answer_for(asked)


def _answer_for(asked: Asked) -> Answer:
    serial = int(asked.nik[12:])
    if serial in UNKNOWN:
        return Answer(is_found=False, matches={})
    further = {"kk": known_kk(asked.nik), "mother_name": MOTHER, "birth_place": BIRTH_PLACE}
    matches = {
        name: name not in further or value.casefold() == further[name].casefold()
        for name, value in asked.fields().items()
    }
    matches["name"] = serial not in OTHER_NAME
    matches["birth_date"] = serial not in OTHER_BIRTH_DATE
    return Answer(is_found=True, matches=matches)


def _at_random(asked: Asked) -> Answer:
    if secrets.randbelow(4) == 0:
        return Answer(is_found=False, matches={})
    return Answer(is_found=True, matches={name: _coin() for name in asked.fields()})


def _coin() -> bool:
    return secrets.randbelow(2) == 1
