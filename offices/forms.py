"""Web forms of reports, and the two fields of every act outside the queue. Shape only."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from offices import selectors, words
from offices.errors import ReasonNeeded
from offices.models import Office, Report
from offices.rules import Act


def reason_field(act: Act) -> forms.ChoiceField:
    """A reason of the act's list (offices.reasons)."""
    return forms.ChoiceField(
        label=_("Alasan"),
        choices=words.choices_of(act),
        error_messages={"required": ReasonNeeded.message},
    )


def note_field(help_text: str | Promise = "") -> forms.CharField:
    """The officer's own words beside the reason."""
    return forms.CharField(
        label=_("Keterangan"),
        help_text=help_text,
        max_length=300,
        error_messages={"required": ReasonNeeded.words_missing},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def kinds() -> list[tuple[str, str]]:
    return [(kind.value, capfirst(str(kind.label))) for kind in Report.Kind]


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=_("Apa kendalanya?"), choices=kinds)
    office = forms.ModelChoiceField(
        Office.objects.none(),
        label=_("Kantor yang bersangkutan"),
        to_field_name="code",
        required=False,
        empty_label=_("Tidak tertentu"),
    )
    text = forms.CharField(
        label=_("Ceritakan yang terjadi"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Jangan tulis NIK, kata sandi, atau kode masuk."),
    )
    screenshot = forms.FileField(
        label=_("Tangkapan layar"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "PNG, JPEG, atau WebP, paling besar 5 MB. Tutupi NIK dan kata sandi yang terlihat."
        ),
    )
    name = forms.CharField(label=_("Nama Anda"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("Alamat e-mail"),
        required=False,
        help_text=_("Untuk mengabari Anda. Tanpa itu, ikuti dengan nomor laporan."),
    )
    token = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = selectors.public_offices()


class CounterReportForm(ReportForm):
    """For whoever stands there: an office only writes down what it answers for."""

    language = forms.ChoiceField(
        label=_("Bahasa untuk mengabari"), choices=[("id", "Bahasa Indonesia"), ("en", "English")]
    )
    field_order = ["kind", "office", "text", "screenshot", "name", "email", "language"]

    def __init__(
        self, *args: Any, offices: QuerySet[Office], is_national: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].required = not is_national
        if not is_national:
            self.fields["office"].empty_label = None
        self.fields["text"].label = _("Apa yang diceritakan pelapor")
        self.fields["name"].label = _("Nama pelapor")
        self.fields["email"].label = _("Alamat e-mail pelapor")
        self.fields["email"].help_text = _("Untuk mengabari pelapor. Boleh kosong.")


class FollowForm(forms.Form):
    code = forms.CharField(label=_("Nomor laporan"), max_length=20)
    secret = forms.CharField(
        label=_("Kode rahasia"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reply = forms.CharField(
        label=_("Jawaban Anda"), max_length=4000, required=False, widget=forms.HiddenInput
    )
