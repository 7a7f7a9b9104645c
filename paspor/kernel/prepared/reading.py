"""Questions whose SQL is written once: the ORM's words, without writing them anew each time.

On the way to a booking writing the SQL of a query costs more than asking it. The question
is still a QuerySet, so it follows the models; only values may differ from call to call.
What this knows of Django's insides stands in ``django_insides`` (docs/decisions/0005).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from paspor.kernel.prepared.django_insides import Compiled, compiled

# Values that nobody asks for stand where the real ones will: told apart, and known again.
FAR = -7_000_000_000
LONG_AGO = datetime(1700, 1, 1, tzinfo=UTC)


def _stand_in(value: Any, number: int) -> Any:
    if isinstance(value, datetime):
        return LONG_AGO + timedelta(seconds=number)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("A prepared question takes whole numbers, texts and moments.")
    return FAR - number if isinstance(value, int) else f"\ue000{number}"


@dataclass(frozen=True)
class Written:
    """One question; ``places`` says which value stands at which parameter, and as what."""

    compiled: Compiled
    places: tuple[tuple[int, int, Callable[[Any], Any]], ...]

    def with_values(self, values: Sequence[Any]) -> list[Any]:
        parameters = list(self.compiled.parameters)
        for at, number, kind in self.places:
            parameters[at] = kind(values[number])
        return parameters


class Prepared[Row]:
    """Called with the values that ``question`` takes; gives rows as its QuerySet would.

    Models, with what select_related and annotate bring, or tuples of values_list. No prefetch.
    """

    def __init__(self, question: Callable[..., QuerySet[Any]]) -> None:
        self._question = question
        # By the kinds of the values: their number may differ, in a list of codes.
        self._written: dict[tuple[type, ...], Written] = {}

    def __call__(self, *values: Any) -> list[Row]:
        written = self.written(kinds_of(values), values)
        sql, make = written.compiled.sql, written.compiled.make
        with connection.preparing_cursor(sql) as cursor:
            cursor.execute(sql, written.with_values(values))
            return [make(row) for row in cursor.fetchall()]

    def first(self, *values: Any) -> Row | None:
        return next(iter(self(*values)), None)

    def written(self, kinds: "Kinds", values: Sequence[Any]) -> "Written":
        """``values`` of these kinds; which values does not matter."""
        written = self._written.get(kinds)
        if written is None:
            written = self._written[kinds] = _write(self._question, values)
        return written


type Kinds = tuple[type, ...]


def kinds_of(values: Sequence[Any]) -> Kinds:
    return tuple(type(value) for value in values)


@dataclass(frozen=True)
class Part:
    """One of several questions; its columns are ``first`` to ``last`` of each row."""

    written: Written
    first: int
    last: int


class Together:
    """Several prepared questions, asked in one statement: fewer round trips, one snapshot.

    Called with the values of each; gives the database's clock and the rows of each. A
    question that orders its rows is not kept to that.
    """

    def __init__(self, *questions: Prepared[Any]) -> None:
        self._questions = questions
        self._joined: dict[tuple[Kinds, ...], tuple[str, list[Part]]] = {}

    def __call__(self, *values: Sequence[Any]) -> tuple[datetime, list[list[Any]]]:
        kinds = tuple(kinds_of(some) for some in values)
        known = self._joined.get(kinds)
        if known is None:
            known = self._joined[kinds] = self._join(kinds, values)
        sql, parts = known
        parameters = [
            value
            for part, some in zip(parts, values, strict=True)
            for value in part.written.with_values(some)
        ]
        found: list[list[Any]] = [[] for _part in parts]
        with connection.preparing_cursor(sql) as cursor:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
        for _at, number, *row in rows:
            part = parts[number]
            if row[part.first]:
                found[number].append(part.written.compiled.make(row[part.first + 1 : part.last]))
        return rows[0][0], found

    def _join(
        self, kinds: tuple[Kinds, ...], values: Sequence[Sequence[Any]]
    ) -> tuple[str, list[Part]]:
        """Each row is of one question, and empty in the columns of the others."""
        parts, joins, first = [], [], 0
        questions = zip(self._questions, kinds, values, strict=True)
        for number, (question, its_kinds, its_values) in enumerate(questions):
            written = question.written(its_kinds, its_values)
            last = first + 1 + written.compiled.width
            parts.append(Part(written, first, last))
            joins.append(
                f" LEFT JOIN LATERAL (SELECT true AS is_there, q.* FROM ({written.compiled.sql}) q"  # noqa: S608
                f" WHERE part.number = {number}) part_{number} ON true"
            )
            first = last
        numbers = ", ".join(f"({number})" for number in range(len(parts)))
        columns = ", ".join(f"part_{number}.*" for number in range(len(parts)))
        return (
            f"SELECT statement_timestamp(), part.number, {columns}"  # noqa: S608
            f" FROM (VALUES {numbers}) AS part (number){''.join(joins)}",
            parts,
        )


def _write(question: Callable[..., QuerySet[Any]], values: Sequence[Any]) -> Written:
    stand_ins = [_stand_in(value, number) for number, value in enumerate(values)]
    its = compiled(question(*stand_ins))
    places = tuple(
        (at, number, _kind(parameter, stand_in))
        for at, parameter in enumerate(its.parameters)
        for number, stand_in in enumerate(stand_ins)
        if isinstance(parameter, type(stand_in)) and parameter == stand_in
    )
    if {number for _at, number, _kind in places} != set(range(len(values))):
        raise ValueError("A value of a prepared question is not in its SQL as it was given.")
    return Written(its, places)


def _kind(parameter: Any, stand_in: Any) -> Callable[[Any], Any]:
    """The backend says of some values which type they have, by a class of its own."""
    return type(parameter) if type(parameter) is not type(stand_in) else lambda value: value
