"""Questions whose SQL is written once: the ORM's words, without writing them anew each time.

On the way to a booking writing the SQL of a query costs more than asking it. The question
is still a QuerySet, so it follows the models; only values may differ from call to call.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import NOT_PROVIDED, Model, QuerySet
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
    # How many columns it gives.
    width: int

    def with_values(self, values: Sequence[Any]) -> list[Any]:
        parameters = list(self.parameters)
        for at, number, kind in self.places:
            parameters[at] = kind(values[number])
        return parameters

    def row(self, columns: Sequence[Any]) -> Any:
        return self.make(_converted(columns, self.converters) if self.converters else columns)


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
        with connection.preparing_cursor(written.sql) as cursor:
            cursor.execute(written.sql, written.with_values(values))
            return [written.row(row) for row in cursor.fetchall()]

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
                found[number].append(part.written.row(row[part.first + 1 : part.last]))
        return rows[0][0], found

    def _join(
        self, kinds: tuple[Kinds, ...], values: Sequence[Sequence[Any]]
    ) -> tuple[str, list[Part]]:
        """Each row is of one question, and empty in the columns of the others."""
        parts, joins, first = [], [], 0
        questions = zip(self._questions, kinds, values, strict=True)
        for number, (question, its_kinds, its_values) in enumerate(questions):
            written = question.written(its_kinds, its_values)
            last = first + 1 + written.width
            parts.append(Part(written, first, last))
            joins.append(
                f" LEFT JOIN LATERAL (SELECT true AS is_there, q.* FROM ({written.sql}) q"  # noqa: S608
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
        width=len(compiler.select),
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
    "DateTimeField": (datetime,),
    "PositiveIntegerField": (int,),
}

# --- Rows that are written ------------------------------------------------------------

# Stands in the SQL of an addition, and is true where that is written by itself.
DONE = "(true /* it was done */)"


@dataclass(frozen=True)
class Addition:
    """Rows that are written in the same statement as what they belong to, where that was done.

    ``sql`` is an INSERT … SELECT … WHERE … DONE … RETURNING a number. ``then`` is called after
    the commit with the numbers of what was written, if anything was.
    """

    sql: str
    values: tuple[Any, ...]
    then: Callable[[list[int]], None] | None = None

    def write(self) -> list[int]:
        """By itself."""
        with connection.preparing_cursor(self.sql) as cursor:
            cursor.execute(self.sql, self.values)
            written = [key for (key,) in cursor.fetchall()]
        self.follow(written)
        return written

    def follow(self, written: list[int]) -> None:
        if written and self.then is not None:
            transaction.on_commit(partial(self.then, written), robust=True)


def added(
    statement: str, values: Sequence[Any], additions: Sequence[Addition], *, done: str
) -> list[tuple[Any, ...]]:
    """The rows of ``statement``, which writes; where ``done`` is true of them (``main``), the
    additions are written too. One round trip, and so one transaction.
    """
    sql = _with_additions(statement, done, tuple(one.sql for one in additions))
    parameters = [*values, *(value for one in additions for value in one.values)]
    with connection.preparing_cursor(sql) as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    if not rows:
        return []
    count = len(additions)
    for addition, written in zip(additions, rows[0][:count], strict=True):
        addition.follow(written or [])
    return [row[count:] for row in rows]


@cache
def _with_additions(statement: str, done: str, additions: tuple[str, ...]) -> str:
    was_done = f"EXISTS (SELECT FROM main WHERE {done})"
    written = [
        f", added_{number} (id) AS ({sql.replace(DONE, was_done)})"
        for number, sql in enumerate(additions)
    ]
    counted = "".join(
        f"(SELECT array_agg(id) FROM added_{number}), "  # noqa: S608
        for number in range(len(additions))
    )
    return (
        f"WITH main AS MATERIALIZED ({statement}){''.join(written)}"  # noqa: S608
        f" SELECT {counted}main.* FROM main"
    )


def insert(row: Model) -> None:
    """As ``save`` of a new row, without signals and without writing its SQL anew."""
    stands(row, *addition(type(row), vars(row)).write())


def stands(row: Model, key: int) -> None:
    """As after ``save``: it is in the database, under this key."""
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def addition(
    model: type[Model],
    values: Mapping[str, Any],
    *,
    once_by: str = "",
    then: Callable[[list[int]], None] | None = None,
) -> Addition:
    """A new row of these values (``user_id``, not ``user``), the others by the model's defaults.

    ``once_by`` names a unique column: where a row has its value, nothing is written.
    """
    columns, given = [], []
    for column in _columns(model):
        value = values.get(column.name, column)
        if value is column:
            if not column.has_default:
                continue
            value = column.default()
        if isinstance(value, DatabaseDefault) or (column.is_key and value is None):
            continue
        columns.append(column.name)
        given.append(column.for_database(value))
    return Addition(_insert_sql(model, tuple(columns), once_by), tuple(given), then)


@dataclass(frozen=True)
class Column:
    name: str
    field: Any
    as_it_is: tuple[type, ...]
    is_key: bool
    has_default: bool

    def default(self) -> Any:
        return self.field.get_default()

    def for_database(self, value: Any) -> Any:
        """As ``get_db_prep_save``, which asks much before it leaves such a value as it is."""
        if value is None or type(value) in self.as_it_is:
            return value
        return self.field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


@cache
def _columns(model: type[Model]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=field.attname,
            field=field,
            as_it_is=AS_IT_IS.get(field.get_internal_type(), ()),
            is_key=field.primary_key,
            # The database's own default is the database's to write.
            has_default=field.db_default is NOT_PROVIDED and not field.primary_key,
        )
        for field in model._meta.concrete_fields
    )


@cache
def _insert_sql(model: type[Model], names: tuple[str, ...], once_by: str) -> str:
    """Table, columns and types are the models' own."""
    quoted = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    named = ", ".join(quoted(fields[name].column) for name in names)
    # Without their length: a text that is too long is refused, where a cast would cut it off.
    kinds = (fields[name].db_type(connection).partition("(")[0] for name in names)
    values = ", ".join(f"%s::{kind}" for kind in kinds)
    conflict = f" ON CONFLICT ({quoted(once_by)}) DO NOTHING" if once_by else ""
    key = quoted(model._meta.pk.column)
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({named}) SELECT {values} WHERE {DONE}{conflict} RETURNING {key}"


def array(values: Sequence[Any]) -> str:
    """As PostgreSQL reads an array; what psycopg makes of a list takes longer than the rest of a
    statement. The SQL says which type it is.
    """
    return _array(tuple(values))


@lru_cache(1000)
def _array(values: tuple[Any, ...]) -> str:
    return "{" + ",".join(_element(value) for value in values) + "}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", r"\\").replace('"', r"\"") + '"'
    return str(value)
