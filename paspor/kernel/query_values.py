"""Values in the address of a page: reading a day, and saying which value was not used."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from paspor.kernel import formatting

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_QUOTE = 30  # characters


def iso_date(text: str) -> date | None:
    """2026-12-31, and nothing else that Python takes for a date."""
    try:
        return date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def quoted(value: str) -> str:
    """A value from the address, for a sentence: printable, and cut where it is long."""
    printable = "".join(letter for letter in value if letter.isprintable())
    return f"“{printable[:LONGEST_QUOTE]}{'…' if len(printable) > LONGEST_QUOTE else ''}”"


def unused_day(query: Mapping[str, str], shown: date, name: str = "hari") -> list[str]:
    """A sentence where an officer sees another day than the one in the address."""
    day = query.get(name, "")
    if not day or iso_date(day) == shown:
        return []
    text = _("Tanggal %(value)s tidak dapat ditampilkan; yang tampil %(day)s.")
    return [text % {"value": quoted(day), "day": formatting.day(shown)}]
