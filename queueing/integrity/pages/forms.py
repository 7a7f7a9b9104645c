"""Forms of cases and appeals: shape only. Rules are checked by the services."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from offices import reasons
from offices import words as office_words
from offices.errors import ReasonNeeded
from offices.forms import note_field, reason_field
from offices.rules import Act
from paspor.kernel.form_fields import ActForm, capitalised
from queueing.integrity.models.cases import BulkAct, Case
from queueing.integrity.rules.cases import MOST_ANSWER, MOST_TEXT, OVER_ACCOUNTS

CODES = dict.fromkeys(code for act in OVER_ACCOUNTS for code in reasons.REASONS[act])
# Each reason once, below the acts that take it.
ACTS_OF = {
    code: tuple(act for act in OVER_ACCOUNTS if code in reasons.REASONS[act]) for code in CODES
}


def reasons_by_act() -> list[tuple[str, Any]]:
    """The reasons of all acts over accounts, in groups named by the acts that take them."""
    groups: dict[tuple[Act, ...], list[tuple[str, Any]]] = {}
    for code, acts in ACTS_OF.items():
        groups.setdefault(acts, []).append((code, office_words.REASONS[code]))
    return [("", _("Pilih alasan")), *((_named(acts), each) for acts, each in groups.items())]


def _named(acts: tuple[Act, ...]) -> str:
    if acts == OVER_ACCOUNTS:
        return gettext("Semua tindakan")
    return capfirst(", ".join(str(BulkAct.Kind(act).label) for act in acts))


class AppealForm(ActForm):
    text = forms.CharField(
        label=_("Keberatan Anda"),
        help_text=_("Ceritakan apa yang keliru. Jangan menulis NIK atau kata sandi di sini."),
        max_length=MOST_TEXT,
        error_messages={"required": _("Tuliskan keberatan Anda.")},
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class OpenCaseForm(forms.Form):
    """About whom: codes of accounts or of their bookings, one a line."""

    codes = forms.CharField(
        label=_("Kode akun atau kode pemesanan"),
        help_text=_("Satu kode tiap baris, paling banyak 500."),
        max_length=10_000,
        error_messages={"required": _("Isi sedikitnya satu kode.")},
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    office = forms.ChoiceField(label=_("Untuk"), required=False)
    reason = reason_field(Act.CASE)
    note = note_field(_("Dicatat atas nama Anda."))

    def __init__(
        self,
        *args: Any,
        offices: Iterable[tuple[str, str]],
        is_cluster: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = list(offices)
        if is_cluster:
            del self.fields["codes"]


class PrepareForm(forms.Form):
    """An act over all accounts of a case, or over those that were ticked."""

    act = forms.ChoiceField(
        label=_("Tindakan"),
        choices=[("", _("Pilih tindakan")), *BulkAct.Kind.choices],
        error_messages={"required": _("Pilih tindakannya.")},
    )
    whom = forms.ChoiceField(
        label=_("Untuk siapa"),
        choices=[("all", _("Semua akun dalam perkara")), ("chosen", _("Hanya akun yang dipilih"))],
        initial="all",
    )
    who = forms.MultipleChoiceField(required=False)
    days = forms.IntegerField(
        label=_("Berlaku berapa hari"),
        help_text=_("Untuk membatasi dan menangguhkan. Kosong: sampai dicabut."),
        required=False,
        min_value=1,
        max_value=3650,
    )
    reason = forms.ChoiceField(
        label=_("Alasan"),
        choices=reasons_by_act,
        error_messages={"required": ReasonNeeded.message},
    )
    note = note_field(_("Dicatat atas nama Anda."))

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(code, code) for code in codes]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        whom, ticked = cleaned.get("whom"), cleaned.get("who") or []
        if whom == "chosen" and not ticked:
            self.add_error("whom", _("Beri tanda pada sedikitnya satu akun di daftar."))
        if whom == "all" and 0 < len(ticked) < len(self.fields["who"].choices):
            text = ngettext(
                "Anda memberi tanda pada %(n)s akun. Pilih “Hanya akun yang dipilih”, atau hapus "
                "tandanya.",
                "Anda memberi tanda pada %(n)s akun. Pilih “Hanya akun yang dipilih”, atau hapus "
                "tandanya.",
                len(ticked),
            )
            self.add_error("whom", text % {"n": len(ticked)})
        return cleaned


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Catatan"),
        help_text=_("Dibaca petugas yang menangani perkara ini."),
        max_length=MOST_ANSWER,
        error_messages={"required": _("Catatan belum diisi.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AssignForm(forms.Form):
    to = forms.ChoiceField(
        label=_("Ditangani oleh"), error_messages={"required": _("Pilih petugasnya.")}
    )

    def __init__(self, *args: Any, officers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Pilih petugas")), *officers]


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Putusan"),
        choices=[("", _("Pilih putusan")), *capitalised(Case.Decision.choices)],
        error_messages={"required": _("Pilih putusannya.")},
    )
    words = forms.CharField(
        label=_("Alasan putusan"),
        max_length=MOST_ANSWER,
        error_messages={"required": _("Tuliskan alasan putusan ini.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Jawaban"),
        choices=[("uphold", _("Kabulkan")), ("reject", _("Tolak"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih dikabulkan atau ditolak.")},
    )
    answer = forms.CharField(
        label=_("Penjelasan kepada pemilik akun"),
        help_text=_("Dikirim apa adanya: sebutkan alasannya dengan sopan."),
        max_length=MOST_ANSWER,
        error_messages={"required": _("Tuliskan penjelasannya.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class EvidenceForm(forms.Form):
    reason = reason_field(Act.EVIDENCE)
    note = note_field(_("Dicatat atas nama Anda."))
    with_niks = forms.BooleanField(
        label=_("Sertakan NIK lengkap dalam berkas terpisah."),
        help_text=_("Setiap pembacaan dicatat atas nama Anda dan dapat dilihat pemiliknya."),
        required=False,
    )
