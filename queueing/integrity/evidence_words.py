"""The tables of a file of evidence as people read them, and what stands above them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Trace
from paspor.kernel.codes import grouped
from queueing.booking.models import ActorKind, Place
from queueing.integrity import case_words
from queueing.integrity.models.cases import BulkAct
from queueing.integrity.selectors.evidence import Scope, Table
from queueing.quota.models import Channel

CAME = {**dict(Trace.What.choices), "HOLD": Place.State.HELD.label}


def _among(labels: Mapping[str, Any]) -> Callable[[str], str]:
    return lambda code: str(labels.get(code, code))


# By the name of a column: how a code in it is read.
READ: dict[str, Callable[[str], str]] = {
    "jalur": _among(dict(Channel.choices)),
    "status": _among(dict(Place.State.choices)),
    "menjadi": _among(dict(Place.State.choices)),
    "oleh": _among(dict(ActorKind.choices)),
    "alasan": case_words.reason,
    "apa": _among(CAME),
    "tindakan": case_words.done,
    "perbuatan": _among(dict(BulkAct.Kind.choices)),
    **dict.fromkeys(
        ("akun", "janji", "pemohon", "petugas", "disetujui oleh", "kode tindakan"), grouped
    ),
}


def readable(table: Table) -> Table:
    """The same rows with words instead of codes; the CSV keeps the codes."""
    rows = tuple(
        tuple(_read(name, value) for name, value in zip(table.header, row, strict=True))
        for row in table.rows
    )
    return replace(table, rows=rows)


def _read(column: str, value: object) -> object:
    read = READ.get(column)
    return read(str(value)) if read and value else value


def summary(scope: Scope) -> list[tuple[str, str]]:
    """What the file is about, in a few lines."""
    voided = sum(place.state == Place.State.VOIDED for place in scope.places)
    live = sum(place.state in Place.LIVE for place in scope.places)
    offices = sorted({place.booking.slot.office.name for place in scope.places})
    begun = min((place.created_at for place in scope.places), default=None)
    ended = max((place.created_at for place in scope.places), default=None)
    office = scope.case.office
    lines = [
        (_("Akun"), case_words.accounts(len(scope.members))),
        (_("Pemohon"), _("%s orang") % len(scope.applicants)),
        (_("Tempat seluruhnya"), case_words.places(len(scope.places))),
        (_("Masih berlaku"), case_words.places(live)),
        (_("Digugurkan"), case_words.places(voided)),
        (_("Kantor"), ", ".join(offices)),
        (_("Tempat pertama diambil"), case_words.moment(begun, office) if begun else ""),
        (_("Tempat terakhir diambil"), case_words.moment(ended, office) if ended else ""),
    ]
    return [(term, text) for term, text in lines if text]
