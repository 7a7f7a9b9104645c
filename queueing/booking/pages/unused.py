"""What an address asks for that cannot be used, and what is shown instead, in words.

An address that was cut off in a chat still opens (choice.py); but nobody should take an
answer for the one that they asked for. Reads; knows no request.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.models import Office, PassportType
from paspor.kernel import formatting
from paspor.kernel.query_values import iso_date, quoted
from queueing.booking import errand_words, rules
from queueing.booking.errand_words import KINDS
from queueing.booking.presentation.choice import Choice
from queueing.quota import errors, search
from queueing.quota.rules import FARTHEST_DAYS


def of_choice(asked: QueryDict, choice: Choice, today: date) -> list[str]:
    """What ``choice`` made of the address: a sentence for each value that it left out, and
    for a last day that no room can be found by."""
    return [*_people(asked, choice), *_names(asked, choice), *_before(asked), *_days(choice, today)]


def of_list(asked: QueryDict, known: Iterable[Office]) -> list[str]:
    """Of the filters that only the list of offices has."""
    told = []
    town, kind = asked.get("dekat", ""), asked.get("tipe", "")
    if town and town not in {office.code for office in known}:
        text = _("Kota %(value)s tidak dikenal: daftar diurutkan tanpa jarak.")
        told.append(text % {"value": quoted(town)})
    if kind and kind not in Office.Kind.values:
        text = _("Jenis kantor %(value)s tidak dikenal: semua jenis ditampilkan.")
        told.append(text % {"value": quoted(kind)})
    return told + _radius(asked)


def _radius(asked: QueryDict) -> list[str]:
    value = asked.get("radius", "")
    if value and value not in {str(km) for km in search.RADII}:
        text = _("Jarak %(value)s tidak ada di daftar: diabaikan.")
        return [text % {"value": quoted(value)}]
    if value and not asked.get("dekat"):
        return [_("Jarak %(value)s km diabaikan: pilih dahulu kotanya.") % {"value": value}]
    return []


def of_month(asked: QueryDict, shown: date, title: str) -> list[str]:
    """Where another month is shown than the one asked for."""
    month = asked.get("bulan", "")
    if not month or iso_date(f"{month}-01") == shown:
        return []
    text = _("Bulan %(value)s tidak dapat ditampilkan; yang tampil %(month)s.")
    return [text % {"value": quoted(month), "month": title}]


def _people(asked: QueryDict, choice: Choice) -> Iterator[str]:
    value = asked.get("orang", "")
    if not value or choice.moving:
        return
    if value.isascii() and value.isdigit() and int(value[:9]) == choice.people:
        return
    text = ngettext(
        "Jumlah orang %(value)s tidak dapat dipakai (1 sampai %(most)s): "
        "yang tampil untuk %(n)s orang.",
        "Jumlah orang %(value)s tidak dapat dipakai (1 sampai %(most)s): "
        "yang tampil untuk %(n)s orang.",
        choice.people,
    )
    yield text % {"value": quoted(value), "most": rules.MAX_PEOPLE, "n": choice.people}


def _names(asked: QueryDict, choice: Choice) -> Iterator[str]:
    kind, passport, channel = (asked.get(name, "") for name in ("jenis", "paspor", "jalur"))
    if kind and kind not in KINDS:
        text = _("Keperluan %(value)s tidak dikenal: yang tampil untuk %(kind)s.")
        yield text % {"value": quoted(kind), "kind": str(KINDS[choice.kind]).lower()}
    yield from _errand(asked, choice)
    if passport and passport not in PassportType.values:
        text = _("Jenis paspor %(value)s tidak dikenal: semua jenis ditampilkan.")
        yield text % {"value": quoted(passport)}
    if channel and channel not in rules.CITIZEN_CHANNELS:
        text = _("Jalur %(value)s tidak dikenal: yang tampil jalur biasa.")
        yield text % {"value": quoted(channel)}


def _errand(asked: QueryDict, choice: Choice) -> Iterator[str]:
    """What is no answer at all; what does not go with another kind is asked again."""
    old_passport, parents = asked.get("lama", ""), asked.get("pendamping", "")
    if old_passport not in ("", *errand_words.known_old_passports()):
        text = _("Keterangan paspor lama %(value)s tidak dapat dipakai: ditanyakan lagi.")
        yield text % {"value": quoted(old_passport)}
    if parents != choice.parents:
        text = _("Pendamping %(value)s tidak dikenal: ditanyakan lagi.")
        yield text % {"value": quoted(parents)}


def _before(asked: QueryDict) -> Iterator[str]:
    value = asked.get("sebelum", "")
    if value and iso_date(value) is None:
        text = _("Tanggal %(value)s tidak ada atau tidak ditulis seperti %(example)s: diabaikan.")
        yield text % {"value": quoted(value), "example": "2026-12-31"}


def _days(choice: Choice, today: date) -> Iterator[str]:
    """Told as the API tells it."""
    farthest = today + timedelta(days=FARTHEST_DAYS)
    if choice.before is not None and choice.before < today:
        yield _(errors.DayPast.message)
    if choice.before is not None and choice.before > farthest:
        yield _(errors.DayTooFar.message) % {"last": formatting.day(farthest)}
