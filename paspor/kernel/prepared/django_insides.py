"""What Django does not promise: how it compiles a query, makes objects of rows, and keeps
what it prefetched.

Nothing else in the project may use these names. WRITTEN_FOR says with which version of
Django they were read and measured; docs/decisions/0005 says what to do on the next one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

WRITTEN_FOR = (6, 1)
# What Django's own querysets use where nothing else is said.
FETCH = QuerySet()._fetch_mode


@dataclass(frozen=True)
class Compiled:
    """The SQL of a queryset, and what makes a row of its columns as the queryset would."""

    sql: str
    parameters: tuple[Any, ...]
    width: int
    make: Callable[[Sequence[Any]], Any]


def compiled(rows: QuerySet[Any]) -> Compiled:
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    make = _model_maker(compiler) if rows._iterable_class is ModelIterable else tuple
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return Compiled(
        sql=sql,
        parameters=tuple(parameters),
        width=len(compiler.select),
        make=_converting(make, converters) if converters else make,
    )


def _model_maker(compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """As ModelIterable makes models, with what select_related and annotate bring."""
    info, using = compiler.klass_info, compiler.connection.alias
    model, fields = info["model"], info["select_fields"]
    first, last = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    populators = get_related_populators(info, compiler.select, using, FETCH)
    annotations = tuple(compiler.annotation_col_map.items())

    def make(row: Sequence[Any]) -> Model:
        one = model.from_db(using, names, row[first:last])
        for populator in populators:
            populator.populate(row, one)
        for name, column in annotations:
            setattr(one, name, row[column])
        return one

    return make


def _converting(
    make: Callable[[Sequence[Any]], Any], converters: dict[int, tuple[list[Any], Any]]
) -> Callable[[Sequence[Any]], Any]:
    """Columns that the backend gives otherwise than the field holds them are converted first."""

    def convert(row: Sequence[Any]) -> Any:
        values = list(row)
        for at, (steps, expression) in converters.items():
            for step in steps:
                values[at] = step(values[at], expression, connection)
        return make(values)

    return convert


def keep_prefetched(owner: Model, name: str, rows: Sequence[Model]) -> None:
    """As if ``prefetch_related(name)`` had read these rows; other relations stay as they are.

    Whoever asks for others of them asks the database.
    """
    known = getattr(owner, name).all()
    known._result_cache = rows
    known._prefetch_done = True
    if not hasattr(owner, "_prefetched_objects_cache"):
        owner._prefetched_objects_cache = {}
    owner._prefetched_objects_cache[name] = known


def mark_saved(row: Model, key: int) -> None:
    """As after ``save`` of a new row: it is in the database, under this key."""
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
