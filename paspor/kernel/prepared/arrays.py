"""Arrays as texts: what psycopg makes of a list takes longer than the rest of a statement."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any


def array(values: Sequence[Any]) -> str:
    """As PostgreSQL reads an array; the SQL says which type it is."""
    return _array(tuple(values))


@lru_cache(1000)
def _array(values: tuple[Any, ...]) -> str:
    return "{" + ",".join(_element(value) for value in values) + "}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", r"\\").replace('"', r"\"") + '"'
    return str(value)
