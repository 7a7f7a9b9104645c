"""The form of a national order: shape only."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices import selectors as offices
from offices.forms import note_field, reason_field
from offices.models import Office
from offices.rules import Act
from queueing.booking.forms import DATE_FORMATS, DateInput
from queueing.planning import order_rules
from queueing.planning.models import NationalOrder

KINDS = [
    (
        NationalOrder.Kind.SHARE.value,
        _("Menaikkan kuota: loket bertambah sekian persen"),
    ),
    (
        NationalOrder.Kind.DEADLINE.value,
        _("Tenggat penumpukan: setiap hari tutup sekian jam lebih lambat"),
    ),
]


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), input_formats=DATE_FORMATS)


class OrderForm(forms.Form):
    kind = forms.ChoiceField(label=_("Perintah"), choices=KINDS, widget=forms.RadioSelect)
    amount = forms.IntegerField(
        label=_("Besarnya"),
        min_value=1,
        max_value=order_rules.MOST_PERCENT,
        help_text=_(
            "Persen (1 sampai 100) untuk kuota; jam setiap hari (1 sampai 4) untuk tenggat."
        ),
    )
    first_day = day_field(_("Hari pertama"))
    last_day = day_field(_("Hari terakhir atau tenggat"))
    kinds = forms.MultipleChoiceField(
        label=_("Jenis kantor"),
        choices=Office.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Office.Kind.KANIM.value],
        required=False,
    )
    province = forms.ChoiceField(label=_("Provinsi"), required=False)
    codes = forms.CharField(
        label=_("Atau hanya kantor ini"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Kode kantor, dipisah spasi atau baris. Bila diisi, jenis dan provinsi tidak dipakai."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = [(name, name) for name in offices.provinces()]
        self.fields["province"].choices = [("", _("Seluruh Indonesia")), *provinces]
        self.fields["reason"] = reason_field(Act.ORDER)
        self.fields["note"] = note_field(_("Dibaca petugas kedua dan tercatat atas nama Anda."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, text in self._faults(cleaned).items():
            self.add_error(name, gettext(text))
        codes = set(cleaned.get("codes", "").upper().split())
        found = [office for office in offices.public_offices() if _is_meant(office, codes, cleaned)]
        unknown = sorted(codes - {office.code for office in found})
        if unknown:
            self.add_error("codes", _("Tidak dikenal: %s") % ", ".join(unknown))
        elif not found:
            self.add_error("kinds", _("Tidak ada kantor yang dipilih."))
        cleaned["offices"] = found
        return cleaned

    @staticmethod
    def _faults(cleaned: dict[str, Any]) -> dict[str, str]:
        """Beside what the fields say themselves; orders.prepare looks again."""
        if any(cleaned.get(name) is None for name in ("kind", "amount", "first_day", "last_day")):
            return {}
        return order_rules.faults(
            is_share=cleaned["kind"] == NationalOrder.Kind.SHARE,
            amount=cleaned["amount"],
            first_day=cleaned["first_day"],
            last_day=cleaned["last_day"],
        )

    def days(self) -> tuple[date, date]:
        return self.cleaned_data["first_day"], self.cleaned_data["last_day"]


class UndoForm(forms.Form):
    """Why an order is undone; what that would do is shown afterwards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(Act.ORDER)
        self.fields["note"] = note_field(_("Dibaca petugas kedua dan tercatat atas nama Anda."))


def _is_meant(office: Office, codes: set[str], cleaned: dict[str, Any]) -> bool:
    if codes:
        return office.code in codes
    province = cleaned.get("province", "")
    return office.kind in cleaned.get("kinds", []) and province in ("", office.province)
