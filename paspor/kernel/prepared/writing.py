"""New rows, written by themselves or within the statement that they belong to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import NOT_PROVIDED, Model
from django.db.models.expressions import DatabaseDefault

from paspor.kernel.prepared.django_insides import mark_saved

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
    mark_saved(row, *addition(type(row), vars(row)).write())


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
