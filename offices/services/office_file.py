"""Reading the official list of offices: a CSV as a person or Excel wrote it.

Taken: UTF-8 with or without a BOM, any line ends, commas, semicolons or tabs, a first line
"sep=;", quoted fields, empty lines, further columns. The first fault stops the reading
and is named by line, column and reason.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from offices.data.provinces import ZONE_OF
from offices.errors import OfficeFileInvalid

COLUMNS = (
    "code",
    "type",
    "name",
    "class",
    "parent_code",
    "regency",
    "province",
    "timezone",
    "latitude",
    "longitude",
)
KINDS = ("KANIM", "ULP", "LTSP", "UKK", "MPP")
CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
GRADE = re.compile(r"(I Khusus|I|II|III) (Non )?TPI")
COORDINATE = re.compile(r"[-+]?\d{1,3}([.,]\d+)?")
LONGEST = {"code": 40, "name": 120, "regency": 60, "province": 60}
LATITUDES = (Decimal("-11.5"), Decimal("6.5"))
LONGITUDES = (Decimal("94.5"), Decimal("141.5"))


@dataclass(frozen=True)
class OfficeRow:
    """One office as the list tells it, and the line where it stands."""

    line: int
    code: str
    kind: str
    name: str
    grade: str
    parent_code: str
    regency: str
    province: str
    timezone: str
    latitude: Decimal
    longitude: Decimal


def fault(line: int, column: str, reason: str) -> OfficeFileInvalid:
    return OfficeFileInvalid(line=line, column=column, reason=reason)


def read(content: bytes) -> list[OfficeRow]:
    """All rows of the list; raises OfficeFileInvalid at the first fault."""
    rows = [_row(line, fields) for line, fields in _records(_text(content))]
    if not rows:
        raise fault(1, "-", _("berkas tidak berisi satu kantor pun"))
    _check_unique(rows)
    return rows


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise fault(line, "-", _("bukan teks UTF-8; simpan ulang sebagai “CSV UTF-8”")) from error


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each data line as a mapping of the columns that we know."""
    lines = _lines(text)
    header_line, header = next(lines, (1, []))
    names = [name.strip().lower() for name in header]
    for column in COLUMNS:
        if names.count(column) != 1:
            reason = (
                _("kolom wajib tidak ada") if column not in names else _("kolom muncul dua kali")
            )
            raise fault(header_line, column, reason)
    for line, fields in lines:
        if len(fields) != len(names):
            reason = _("ada %(found)s kolom, seharusnya %(wanted)s") % {
                "found": len(fields),
                "wanted": len(names),
            }
            raise fault(line, "-", reason)
        record = dict(zip(names, fields, strict=True))
        yield line, {column: record[column].strip() for column in COLUMNS}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines of fields with the number at which each starts; empty ones are passed over."""
    skipped = 0
    delimiter = _delimiter(text)
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
        skipped = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = skipped + 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield start, fields
            start = skipped + reader.line_num + 1
    except csv.Error as error:
        raise fault(start, "-", _("tanda kutip atau pemisah rusak")) from error


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    if first[:4].lower() == "sep=":
        return first[4:5].strip("\r") or ","
    return max(",;\t", key=first.count)


def _row(line: int, fields: dict[str, str]) -> OfficeRow:
    _check_words(line, fields)
    _check_kind(line, fields)
    _check_zone(line, fields)
    return OfficeRow(
        line=line,
        code=fields["code"],
        kind=fields["type"],
        name=fields["name"],
        grade=fields["class"],
        parent_code=fields["parent_code"],
        regency=fields["regency"],
        province=fields["province"],
        timezone=fields["timezone"],
        latitude=_coordinate(line, "latitude", fields["latitude"], LATITUDES),
        longitude=_coordinate(line, "longitude", fields["longitude"], LONGITUDES),
    )


def _check_words(line: int, fields: dict[str, str]) -> None:
    for column, longest in LONGEST.items():
        if not fields[column]:
            raise fault(line, column, _("kosong"))
        if len(fields[column]) > longest:
            raise fault(line, column, _("lebih dari %(n)s huruf") % {"n": longest})
        if not fields[column].isprintable():
            raise fault(line, column, _("berisi huruf yang tidak tampak"))
    if not CODE.fullmatch(fields["code"]):
        raise fault(line, "code", _("hanya huruf besar A–Z, angka, dan tanda hubung"))


def _check_kind(line: int, fields: dict[str, str]) -> None:
    kind, parent = fields["type"], fields["parent_code"]
    if kind not in KINDS:
        raise fault(line, "type", _("jenis tidak dikenal: %(value)s") % {"value": kind})
    if kind == "KANIM" and not GRADE.fullmatch(fields["class"]):
        raise fault(line, "class", _("kelas tidak dikenal: %(value)s") % {"value": fields["class"]})
    if kind != "KANIM" and fields["class"]:
        raise fault(line, "class", _("hanya kantor imigrasi yang berkelas"))
    if kind == "KANIM" and parent:
        raise fault(line, "parent_code", _("kantor imigrasi tidak berinduk"))
    if kind != "KANIM" and not parent:
        raise fault(line, "parent_code", _("kantor induk belum diisi"))


def _check_zone(line: int, fields: dict[str, str]) -> None:
    province, zone = fields["province"], fields["timezone"]
    if zone not in ZONE_OF.values():
        raise fault(line, "timezone", _("zona waktu tidak dikenal: %(value)s") % {"value": zone})
    if province not in ZONE_OF:
        raise fault(line, "province", _("provinsi tidak dikenal: %(value)s") % {"value": province})
    if ZONE_OF[province] != zone:
        reason = _("%(province)s memakai %(zone)s") % {
            "province": province,
            "zone": ZONE_OF[province],
        }
        raise fault(line, "timezone", reason)


def _coordinate(line: int, column: str, text: str, bounds: tuple[Decimal, Decimal]) -> Decimal:
    """Degrees to three places. Excel in Indonesian writes a comma for the point."""
    if not (text.isascii() and COORDINATE.fullmatch(text)):
        raise fault(line, column, _("bukan angka derajat: %(value)s") % {"value": text[:40]})
    degrees = Decimal(text.replace(",", ".")).quantize(Decimal("0.001"))
    if not bounds[0] <= degrees <= bounds[1]:
        raise fault(line, column, _("di luar wilayah Indonesia: %(value)s") % {"value": text})
    return degrees


def _check_unique(rows: list[OfficeRow]) -> None:
    for column in ("code", "name"):
        seen: dict[str, int] = {}
        for row in rows:
            value = getattr(row, column)
            if value in seen:
                reason = _("sama dengan baris %(line)s") % {"line": seen[value]}
                raise fault(row.line, column, reason)
            seen[value] = row.line
