"""Rows as CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse

# Excel takes the text for UTF-8 only with this mark.
MARK = "\ufeff"
# What a spreadsheet with Indonesian settings parts columns by: its comma is the decimals'.
SEPARATOR = ";"
# A cell that begins so, blanks aside, is a formula to some spreadsheet.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def safe(value: Any) -> str:
    text = "" if value is None else str(value)
    is_number = text.replace(".", "", 1).removeprefix("-").isdigit()
    return f"'{text}" if text.lstrip().startswith(FORMULA) and not is_number else text


def as_csv(
    header: Sequence[Any], rows: Iterable[Sequence[Any]], *, separator: str = SEPARATOR
) -> str:
    text = StringIO()
    text.write(MARK)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(safe(name) for name in header)
    writer.writerows([safe(value) for value in row] for row in rows)
    return text.getvalue()


def attached(text: str, name: str) -> HttpResponse:
    """The answer that a browser keeps as ``name``.csv."""
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
