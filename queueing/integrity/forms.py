"""Forms of integrity: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Applicant
from offices.forms import note_field, reason_field
from offices.models import PassportType
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.form_fields import ActForm, DateInput, capitalised
from queueing.booking.errand_words import KINDS

OFF = {"autocomplete": "off"}


class DeclineForm(forms.Form):
    why = forms.CharField(
        label=_("Mengapa ditolak?"),
        help_text=_("Dicatat bersama keputusan Anda."),
        max_length=300,
        error_messages={"required": _("Tuliskan mengapa permintaan ini ditolak.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ClaimForm(ActForm):
    kind = forms.ChoiceField(label=_("Keperluan"), choices=list(KINDS.items()))
    passport_type = forms.ChoiceField(
        label=_("Jenis paspor"), choices=capitalised(PassportType.choices)
    )
    kk = forms.CharField(
        label=_("Nomor KK"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs=OFF | {"inputmode": "numeric"}),
    )
    mother_name = forms.CharField(
        label=_("Nama ibu kandung"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    birth_place = forms.CharField(
        label=_("Tempat lahir sesuai KTP"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )

    @property
    def further(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("kk", "mother_name", "birth_place")}


class WhyForm(forms.Form):
    reason = reason_field(Act.SEE_IDENTITY)
    note = note_field()

    @property
    def why(self) -> Why:
        return Why(self.cleaned_data["reason"], self.cleaned_data["note"])


class CardForm(WhyForm):
    """What the KTP in the officer's hand says."""

    nik = forms.CharField(
        label="NIK", max_length=30, widget=forms.TextInput(attrs=OFF | {"inputmode": "numeric"})
    )
    name = forms.CharField(
        label=_("Nama sesuai KTP"), max_length=120, widget=forms.TextInput(attrs=OFF)
    )
    birth_date = forms.DateField(label=_("Tanggal lahir"), widget=DateInput())
    sex = forms.ChoiceField(
        label=_("Jenis kelamin"), choices=Applicant.Sex.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["nik", "name", "birth_date", "sex", "reason", "note"])


class FindClaimForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor klaim"),
        max_length=20,
        widget=forms.TextInput(attrs=OFF | {"autocapitalize": "characters"}),
    )
