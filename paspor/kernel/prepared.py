"""Questions whose SQL is written once: the ORM's words, without writing them anew each time.

On the way to a booking writing the SQL of a query costs more than asking it. The question
is still a QuerySet, so it follows the models; only values may differ from call to call.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.db.models.query import ModelIterable, get_related_populators

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
    """One SQL text; ``places`` says which value stands at which parameter, and as what."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int, Callable[[Any], Any]], ...]
    converters: dict[int, tuple[list[Any], Any]]
    make: Callable[[Sequence[Any]], Any]

    def with_values(self, values: Sequence[Any]) -> list[Any]:
        parameters = list(self.parameters)
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
        kinds = tuple(type(value) for value in values)
        written = self._written.get(kinds)
        if written is None:
            written = self._written[kinds] = _write(self._question, values)
        with connection.preparing_cursor() as cursor:
            cursor.execute(written.sql, written.with_values(values))
            rows = cursor.fetchall()
        if written.converters:
            rows = [_converted(row, written.converters) for row in rows]
        return [written.make(row) for row in rows]

    def first(self, *values: Any) -> Row | None:
        return next(iter(self(*values)), None)


def _write(question: Callable[..., QuerySet[Any]], values: Sequence[Any]) -> Written:
    stand_ins = [_stand_in(value, number) for number, value in enumerate(values)]
    rows = question(*stand_ins)
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    places = tuple(
        (at, number, _kind(parameter, stand_in))
        for at, parameter in enumerate(parameters)
        for number, stand_in in enumerate(stand_ins)
        if isinstance(parameter, type(stand_in)) and parameter == stand_in
    )
    if {number for _at, number, _kind in places} != set(range(len(values))):
        raise ValueError("A value of a prepared question is not in its SQL as it was given.")
    return Written(
        sql=sql,
        parameters=tuple(parameters),
        places=places,
        converters=compiler.get_converters([column[0] for column in compiler.select]),
        make=_maker(compiler) if rows._iterable_class is ModelIterable else tuple,
    )


def _kind(parameter: Any, stand_in: Any) -> Callable[[Any], Any]:
    """The backend says of some values which type they have, by a class of its own."""
    return type(parameter) if type(parameter) is not type(stand_in) else lambda value: value


def _maker(compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """As ModelIterable makes them of a row."""
    info, using = compiler.klass_info, compiler.connection.alias
    model, fields = info["model"], info["select_fields"]
    first, last = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    populators = get_related_populators(info, compiler.select, using, _FETCH)
    annotations = tuple(compiler.annotation_col_map.items())

    def make(row: Sequence[Any]) -> Model:
        one = model.from_db(using, names, row[first:last])
        for populator in populators:
            populator.populate(row, one)
        for name, column in annotations:
            setattr(one, name, row[column])
        return one

    return make


# What Django's own querysets use where nothing else is said.
_FETCH = QuerySet()._fetch_mode


def _converted(row: Sequence[Any], converters: dict[int, tuple[list[Any], Any]]) -> list[Any]:
    values = list(row)
    for at, (steps, expression) in converters.items():
        for step in steps:
            values[at] = step(values[at], expression, connection)
    return values


def keep(owner: Model, name: str, rows: Sequence[Model]) -> None:
    """As if they had been prefetched; whoever asks for others of them asks the database."""
    known = getattr(owner, name).all()
    known._result_cache = rows
    known._prefetch_done = True
    owner._prefetched_objects_cache = {name: known}


# What psycopg takes as the field holds it.
AS_IT_IS: dict[str, tuple[type, ...]] = {
    "CharField": (str,),
    "TextField": (str,),
    "BooleanField": (bool,),
    "PositiveSmallIntegerField": (int,),
    "BigIntegerField": (int,),
    "ForeignKey": (int,),
}

# --- Rows that are written ------------------------------------------------------------


def insert(row: Model, *, once_by: str = "") -> bool:
    """As ``save`` of a new row, without signals and without writing its SQL anew.

    ``once_by`` names a unique column: where a row has its value, nothing is written, and it
    says False.
    """
    fields = [
        (field, value)
        for field in row._meta.concrete_fields
        if not isinstance(value := field.pre_save(row, True), DatabaseDefault)
        and not (field.primary_key and value is None)
    ]
    sql = _insert_sql(type(row), tuple(field.column for field, _value in fields), once_by)
    with connection.preparing_cursor() as cursor:
        cursor.execute(sql, [_for_database(field, value) for field, value in fields])
        written = cursor.fetchone()
    if written is None:
        return False
    (row.pk,) = written
    row._state.adding, row._state.db = False, connection.alias
    return True


def _for_database(field: Any, value: Any) -> Any:
    """As ``get_db_prep_save``, which asks much before it leaves such a value as it is."""
    if type(value) in AS_IT_IS.get(field.get_internal_type(), ()):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _insert_sql(model: type[Model], columns: tuple[str, ...], once_by: str) -> str:
    """Table and columns are the models' own."""
    quoted = connection.ops.quote_name
    named = ", ".join(quoted(column) for column in columns)
    values = ", ".join(["%s"] * len(columns))
    conflict = f" ON CONFLICT ({quoted(once_by)}) DO NOTHING" if once_by else ""
    key = quoted(model._meta.pk.column)
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({named}) VALUES ({values}){conflict} RETURNING {key}"  # noqa: S608
