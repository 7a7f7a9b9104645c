"""Errands in words, and as one list of choices: kind and old passport are one question.

A choice is written KIND or KIND-OLD, as "REPLACEMENT-PLAIN".
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices.models import PassportType
from queueing.booking import errands
from queueing.booking.errands import Errand, HasErrand, Written
from queueing.booking.models import Place

# The kinds as whole words: a list of choices says them without a sentence around.
KINDS = {
    Place.Kind.NEW.value: _("Paspor baru"),
    Place.Kind.REPLACEMENT.value: _("Penggantian paspor lama"),
    Place.Kind.LOST.value: _("Paspor hilang"),
    Place.Kind.DAMAGED.value: _("Paspor rusak"),
    Place.Kind.DATA_CHANGE.value: _("Perubahan data"),
}
FOR_CHILDREN: Mapping[str, Promise] = {
    "NEW": KINDS["NEW"],
    "REPLACEMENT": KINDS["REPLACEMENT"],
    "LOST": KINDS["LOST"],
    "LOST-DISASTER": _("Paspor hilang karena musibah"),
    "DAMAGED": KINDS["DAMAGED"],
    "DAMAGED-DISASTER": _("Paspor rusak karena musibah"),
    "DATA_CHANGE": KINDS["DATA_CHANGE"],
}
# Where and when the old passport was issued settles the documents of grown people only.
FOR_ADULTS: Mapping[str, Promise] = {
    "NEW": KINDS["NEW"],
    "REPLACEMENT-PLAIN": _("Penggantian, sejak 2010 di Indonesia"),
    "REPLACEMENT-OTHER": _("Penggantian, sebelum 2010 atau di luar negeri"),
    "REPLACEMENT": _("Penggantian, belum tahu terbitnya"),
} | {value: FOR_CHILDREN[value] for value in list(FOR_CHILDREN)[2:]}
PARENTS: list[tuple[str, Promise]] = [
    ("", _("Belum tahu")),
    ("BOTH", _("Kedua orang tua")),
    ("ONE", _("Salah satu orang tua")),
    ("CUSTODY", _("Orang tua pemegang hak asuh")),
    ("MARRIED", _("Tidak perlu: sudah menikah")),
]


def choices(*, is_child: bool) -> list[tuple[str, Promise]]:
    return list((FOR_CHILDREN if is_child else FOR_ADULTS).items())


def parents(age: int, *, told: str = "") -> list[tuple[str, Promise]]:
    """The choices of who comes along with somebody of this age, and what was told already."""
    offered = {"", told, *errands.asked_of_parents(age)}
    return [(code, words) for code, words in PARENTS if code in offered]


def choice_of(errand: Errand, *, is_child: bool) -> str:
    """The nearest choice: what a child is not asked is left out."""
    value = f"{errand.kind}-{errand.old_passport}".removesuffix("-")
    return value if value in (FOR_CHILDREN if is_child else FOR_ADULTS) else errand.kind


def chosen(value: str) -> tuple[str, str]:
    """Kind and old passport."""
    kind, _dash, old_passport = value.partition("-")
    return kind, old_passport


def errand_notes(of: HasErrand, *, is_under_age: bool) -> list[str]:
    """What is told beside the kind, for the end of a line."""
    found = [str(Place.OldPassport(of.old_passport).label)] if of.old_passport else []
    if is_under_age and of.parents:
        found.append(str(Place.Parents(of.parents).label))
    return found


def whole(of: HasErrand, *, is_under_age: bool) -> str:
    """Penggantian paspor lama, terbit di Indonesia sejak 2010."""
    return ", ".join([str(KINDS[of.kind]), *errand_notes(of, is_under_age=is_under_age)])


def short(of: HasErrand, *, is_under_age: bool) -> str:
    """For officers: Penggantian, sejak 2010 di Indonesia. That it is a child is always said."""
    labels = FOR_CHILDREN if is_under_age else FOR_ADULTS
    found = [str(labels[choice_of(Errand.of(of), is_child=is_under_age)])]
    if is_under_age:
        found.append(str(Place.Parents(of.parents).label) if of.parents else gettext("anak"))
    return ", ".join(found)


def changed(detail: Mapping[str, Any]) -> str:
    """Of a correction in the log, from what to what; of any other event nothing."""
    sides = [detail.get(side) for side in ("before", "after")]
    if not all(isinstance(told, Mapping) for told in sides):
        return ""
    return " → ".join(_of_log(told) for told in sides)


def changed_since(seen: Written, found: Written) -> str:
    """From what was shown to what is written; nothing where what was shown is unknown."""
    try:
        return changed({"before": asdict(seen), "after": asdict(found)})
    except (KeyError, ValueError):
        return ""


def _of_log(told: Mapping[str, str]) -> str:
    errand = Errand(told["kind"], told["old_passport"], told["parents"])
    what = whole(errand, is_under_age=True)
    return f"{what} ({PassportType(told['passport_type']).label})"


def known_old_passports() -> set[str]:
    return {code for codes in errands.OLD_PASSPORTS.values() for code in codes}
