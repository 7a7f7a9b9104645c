"""Choosing among all offices: by province, whole provinces at once, with a search."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from offices.selectors import Wanted

# Of a value that stands for all offices of a province; an office's code has no colon.
WHOLE = "provinsi:"


class OfficePicker(forms.CheckboxSelectMultiple):
    """The choices are grouped by province; the first of each group is the whole of it.

    The search that came with the form narrows what is shown, never what is chosen.
    """

    template_name = "queueing_planning/office_picker.html"
    # How many offices the form means; the form says so.
    count = 0
    offices: Mapping[str, Office] = {}
    search = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        self.narrow(data, name)
        return super().value_from_datadict(data, files, name)

    def narrow(self, data: Any, name: str) -> None:
        self.search = data.get(f"{name}-cari", "").strip()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        groups = [
            self._group(province, options)
            for province, options, _index in context["widget"]["optgroups"]
        ]
        return context | {
            "groups": groups,
            "search": self.search,
            "search_name": f"{name}-cari",
            "count": self.count,
            "is_found": any(group["is_found"] for group in groups),
        }

    def _group(self, province: str, options: Sequence[dict[str, Any]]) -> dict[str, Any]:
        whole, *rest = options
        rows = [self._row(option) for option in rest]
        chosen = len(rows) if whole["selected"] else sum(row["is_chosen"] for row in rows)
        is_found = any(row["is_found"] for row in rows)
        return {
            "province": province,
            "whole": whole,
            "rows": rows,
            "chosen": chosen,
            "total": len(rows),
            "is_found": is_found,
            "is_open": bool(self.search and is_found) or 0 < chosen < len(rows),
        }

    def _row(self, option: dict[str, Any]) -> dict[str, Any]:
        office = self.offices[option["value"]]
        text = f"{office.name} {office.regency} {office.province} {office.code}".lower()
        return {
            "option": option,
            "name": office.name,
            "place": office.regency,
            "kind": office.kind,
            "text": text,
            "is_chosen": option["selected"],
            "is_found": Wanted(text=self.search).fits(office),
        }


class OfficesField(forms.MultipleChoiceField):
    """Codes of offices and whole provinces, as they were ticked."""

    widget = OfficePicker

    def offer(self, offices: Iterable[Office]) -> None:
        found = sorted(offices, key=lambda office: (office.province, office.name))
        self.widget.offices = {office.code: office for office in found}
        self.choices = [
            (province, [(f"{WHOLE}{province}", _whole(province)), *_codes(group)])
            for province, group in groupby(found, key=lambda office: office.province)
        ]


def _whole(province: str) -> str:
    return _("Seluruh %(province)s") % {"province": province}


def _codes(offices: Iterable[Office]) -> list[tuple[str, str]]:
    return [(office.code, office.name) for office in offices]


def meant(
    offices: Iterable[Office], *, ticked: Iterable[str], kinds: Iterable[str]
) -> list[Office]:
    """What was ticked; of a whole province only those of the kinds, or of the nation where nothing
    was ticked.
    """
    chosen, of_kind = set(ticked), set(kinds)
    return [
        office
        for office in offices
        if office.code in chosen
        or (office.kind in of_kind and (not chosen or f"{WHOLE}{office.province}" in chosen))
    ]
