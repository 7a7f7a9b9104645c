"""What comes of acts at the same moment, and guards of the database taken away to see it."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, OperationalError, connections

from paspor.kernel.errors import Busy, DomainError
from queueing.booking import errors
from tests.at_once import at_once
from tests.lock_waits import MEET

BOOKED = "BOOKED"


def outcome(act: Callable[[], object]) -> str:
    """What came of it; who is told to try again does so, as a phone would."""
    for _again in range(20):
        try:
            act()
        except Busy:
            continue
        except errors.SlotFull:
            return "SlotFull"  # however its words tell what is left at that moment
        except DomainError as refusal:
            return type(refusal).__name__
        except (IntegrityError, OperationalError) as problem:
            return type(problem.__cause__).__name__
        return BOOKED
    return "Busy"


def outcomes(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    return Counter(at_once([partial(outcome, act) for act in acts]))


def as_owner(statement: str, *values: Any) -> list[Any]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def weaken(function: str, guard: str, instead: str = "") -> None:
    """Take a guard out of one of the database's functions."""
    ((source,),) = as_owner(
        # The newest of the name: an older one only hands on to it.
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s"
        " ORDER BY pronargs DESC LIMIT 1",
        function,
    )
    assert guard in source
    as_owner(source.replace(guard, instead))


def let_meet(function: str, guard: str, instead: str) -> None:
    """Take a guard out, and let all wait for each other where it was."""
    as_owner(MEET)
    weaken(function, guard, instead)
