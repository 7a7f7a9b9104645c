"""People whom an officer books for, and what is wished for them."""

from datetime import date
from typing import Any

from queueing.booking.services.for_someone import CounterPerson, CounterWish
from tests.factories import invented_nik

BIRTH = date(1990, 8, 17)
BECAUSE = {"reason": "no_device", "note": "Ponselnya rusak"}


def person(n: int = 0, **fields: Any) -> CounterPerson:
    defaults: dict[str, Any] = {
        "name": f"Warga Loket {'ABCDEFGH'[n]}",
        "nik": invented_nik(n, BIRTH),
        "birth_date": BIRTH,
        "sex": "M",
        "kind": "NEW",
        "passport_type": "REGULAR",
    }
    return CounterPerson(**defaults | fields)


def wish(*people: CounterPerson, **fields: Any) -> CounterWish:
    return CounterWish(**{"people": people or (person(),), "channel": "COUNTER"} | BECAUSE | fields)
