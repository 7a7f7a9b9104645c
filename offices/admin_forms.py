"""Forms of the officers' admin. They check shapes and gather what a service asks for."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from offices import words
from offices.errors import ReasonNeeded
from offices.forms import note_field
from offices.models import Office, PassportType, SpecialDay
from offices.models.incidents import MOST_TEXT
from offices.ports import ByHand
from offices.reasons import Why
from offices.rules import CHANNELS, Act, WorkingHours
from paspor.kernel import problems
from paspor.kernel.errors import DomainError
from paspor.kernel.policy import FIGURES


class ServiceForm(forms.ModelForm):
    """Checks the shape only: what the rules say, the service says."""

    refusal: DomainError | None = None
    # What the service calls a field, and what this form does.
    names_of_service: Mapping[str, str] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None:
            problems.put_on(self, self.refusal, names=self.names_of_service)
        return cleaned

    def validate_unique(self) -> None:
        """Left to the service and the database."""

    def validate_constraints(self) -> None:
        """Left to the service and the database."""


class WhyForm(ServiceForm):
    """A change outside the queue: a reason of ``act``'s list, and words of one's own.

    The fields bear names of their own, since a row may have a column called reason.
    """

    act: Act

    why_reason = forms.ChoiceField(
        label=gettext_lazy("Alasan perubahan"),
        error_messages={"required": ReasonNeeded.message},
        help_text=gettext_lazy("Dicatat atas nama Anda."),
    )
    why_note = note_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why_reason"].choices = words.choices_of(self.act)

    def why(self) -> Why:
        return Why(self.cleaned_data["why_reason"], self.cleaned_data["why_note"])


class WhyActionForm(ActionForm):
    """An action on chosen rows, with the same two answers."""

    act: Act

    why_reason = forms.ChoiceField(label=gettext_lazy("Alasan"), required=False)
    why_note = forms.CharField(label=gettext_lazy("Keterangan"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why_reason"].choices = words.choices_of(self.act)


class WordsActionForm(ActionForm):
    """An action together with words that the person concerned will read."""

    words = forms.CharField(
        label=gettext_lazy("Kata-kata untuk pelapor"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonActionForm(ActionForm):
    """An action together with the officer's own words for it."""

    why = forms.CharField(label=gettext_lazy("Alasan"), max_length=300, required=False)


def hours_from(cleaned: dict[str, Any]) -> WorkingHours:
    return WorkingHours(
        opens=cleaned["opens"],
        closes=cleaned["closes"],
        stations=cleaned["stations"],
        minutes=cleaned["minutes"],
        break_starts=cleaned["break_starts"],
        break_ends=cleaned["break_ends"],
        shares={channel: cleaned[f"{channel.lower()}_share"] for channel in CHANNELS},
    )


def stands_already(form: ServiceForm, names: tuple[str, ...]) -> bool:
    """Whether a new row would meet one with the same values."""
    if form.instance.pk is not None or any(name not in form.cleaned_data for name in names):
        return False
    same = {name: form.cleaned_data[name] for name in names}
    return type(form.instance)._default_manager.filter(**same).exists()


def typed_value(key: str, text: str) -> Any:
    """What an officer typed, as the type of the figure's default: JSON, or ya / tidak.

    Raises ValueError for what is neither.
    """
    figure = FIGURES.get(key)
    if figure is not None and isinstance(figure.default, str):
        return text.strip()
    spoken = {"ya": "true", "tidak": "false", "yes": "true", "no": "false"}
    return json.loads(spoken.get(text.strip().lower(), text))


class OfficeForm(ServiceForm):
    passport_types = forms.MultipleChoiceField(
        label=gettext_lazy("Jenis paspor"),
        choices=PassportType.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class OpeningHoursForm(WhyForm):
    act = Act.HOURS
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Hari"), choices=list(WEEKDAYS.items()), coerce=int
    )

    by_hand = forms.TypedChoiceField(
        label=gettext_lazy("Kursi yang pernah diatur petugas"),
        choices=[
            (ByHand.UNDECIDED.value, gettext_lazy("Tanyakan bila ada")),
            (ByHand.KEEP.value, gettext_lazy("Tetap seperti yang diatur")),
            (ByHand.FOLLOW.value, gettext_lazy("Ikut jadwal yang baru")),
        ],
        required=False,
        coerce=ByHand,
        empty_value=ByHand.UNDECIDED,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "opens" not in self.fields and cleaned.get("valid_to") is None:
            self.add_error("valid_to", _("Isi hari terakhir jam layanan ini berlaku."))
        if stands_already(self, ("office", "weekday", "valid_from")):
            self.add_error("valid_from", _("Jam dengan awal itu sudah ada; ubahlah yang itu."))
        return cleaned


class SpecialDayForm(WhyForm):
    act = Act.SPECIAL_DAY

    opening = forms.SplitDateTimeField(
        label=gettext_lazy("Mulai bisa dipesan"), required=False, widget=AdminSplitDateTime
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "opening" in self.fields:
            text = _("Kosongkan agar pembukaannya tetap seperti sekarang. Menurut jam %(zone)s.")
            self.fields["opening"].help_text = text % {"zone": timezone.localtime().tzname()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == SpecialDay.Kind.EXTRA:
            for name in ("opens", "closes", "stations", "minutes"):
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, _("Isi untuk hari tambahan."))
        if stands_already(self, ("office", "day")):
            self.add_error("day", _("Tanggal itu sudah punya hari khusus; ubahlah yang itu."))
        return cleaned


class SpecialDayActionForm(WhyActionForm):
    act = Act.SPECIAL_DAY


class HolidayForm(WhyForm):
    act = Act.HOLIDAY


class HolidayActionForm(WhyActionForm):
    act = Act.HOLIDAY


class IncidentForm(ServiceForm):
    """The words of a new incident, or what is known of a live one since."""

    names_of_service = {"text_id": "new_text_id", "text_en": "new_text_en"}

    new_text_id = forms.CharField(
        label=gettext_lazy("Perkembangan (Indonesia)"), max_length=500, required=False
    )
    new_text_en = forms.CharField(
        label=gettext_lazy("Perkembangan (Inggris)"), max_length=500, required=False
    )
    started_at = forms.SplitDateTimeField(
        label=gettext_lazy("Mulai"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("Kosongkan untuk mulai sekarang."),
    )


class WordsField(forms.CharField):
    """Plain text of several paragraphs; a line's end is one character, as it was counted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=MOST_TEXT,
            widget=forms.Textarea(attrs={"rows": 6}),
            help_text=gettext_lazy(
                "Teks biasa, paling banyak 500 huruf. Baris kosong memulai paragraf baru."
            ),
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class AnnouncementForm(ServiceForm):
    text_id = WordsField(label=gettext_lazy("Pengumuman (Indonesia)"))
    text_en = WordsField(label=gettext_lazy("Pengumuman (Inggris)"))


class OfficerPostForm(ServiceForm):
    """The officer is named by the exact e-mail address: nobody can leaf through accounts."""

    email = forms.EmailField(
        label=gettext_lazy("Alamat e-mail petugas"),
        help_text=gettext_lazy("Alamat akun yang sudah terdaftar, ditulis lengkap."),
    )
    starts_at = forms.SplitDateTimeField(
        label=gettext_lazy("Mulai"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("Kosongkan untuk mulai sekarang."),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        self.cleaned_data["user"] = User.objects.filter(email=email, is_active=True).first()
        if self.cleaned_data["user"] is None:
            raise forms.ValidationError(_("Tidak ada akun aktif dengan alamat ini."))
        return email


class PolicyValueForm(ServiceForm):
    """``offices`` and ``is_national`` are put in by the admin: what the officer answers for."""

    offices = Office.objects.none()
    is_national = False

    key = forms.ChoiceField(label=gettext_lazy("Angka kebijakan"))
    office = forms.ModelChoiceField(
        Office.objects.none(),
        required=False,
        label=gettext_lazy("Kantor"),
        empty_label=gettext_lazy("Seluruh Indonesia"),
    )
    value = forms.CharField(label=gettext_lazy("Nilai"), max_length=300)
    why = forms.CharField(label=gettext_lazy("Alasan"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["office"]
        office.queryset = self.offices
        if not self.is_national:
            office.required, office.empty_label = True, _("Pilih kantor")
            only = list(self.offices[:2])
            office.initial = only[0].pk if len(only) == 1 else None
        choices = [
            (key, f"{_(figure.help)} ({figure.unit}, {figure.default})")
            for key, figure in FIGURES.items()
            if self.is_national or not figure.national_only
        ]
        first = ("", _("Pilih angka"))
        self.fields["key"].choices = [first, *sorted(choices, key=lambda choice: choice[1])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "key" in cleaned and "value" in cleaned:
            try:
                cleaned["value"] = typed_value(cleaned["key"], cleaned["value"])
            except ValueError:
                self.add_error("value", _("Isi dengan angka, atau ya / tidak."))
        return cleaned
