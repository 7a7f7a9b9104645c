"""Web forms: shape only. Rules are checked by the services."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Applicant, User
from paspor.kernel.errors import Invalid
from paspor.kernel.problems import field_texts

# What a booked person is known by stands still.
LOCKED = frozenset({"name", "nik", "birth_date", "sex"})


class SignupForm(forms.Form):
    """What a sign-up asks besides e-mail and password, on the web and in the app alike.

    allauth builds its own forms and API inputs on this class (ACCOUNT_SIGNUP_FORM_CLASS).
    """

    consent = forms.BooleanField(
        label=_("Saya sudah membaca dan menyetujui pemberitahuan privasi."),
        error_messages={
            "required": _("Setujui pemberitahuan privasi agar akun dapat dibuat."),
        },
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth wants this hook; AccountAdapter.save_user writes the consent."""


class BirthDateInput(forms.DateInput):
    """The phone's own date picker; a browser without one takes YYYY-MM-DD."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%d")


class ApplicantForm(forms.Form):
    """One person of the account's list; also used in the middle of a booking.

    Give ``applicant`` to change somebody: the NIK may then stay empty, which keeps it.
    With ``is_locked`` what a booked person is known by is shown and not asked.
    """

    name = forms.CharField(
        label=_("Nama sesuai KTP"),
        help_text=_("Tulis persis seperti di KTP. Satu kata pun boleh."),
        max_length=200,
        error_messages={"required": _("Isi nama.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    nik = forms.CharField(
        label=_("NIK"),
        help_text=_("16 angka. Untuk anak, lihat di Kartu Keluarga."),
        max_length=40,
        error_messages={"required": _("Isi NIK.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = forms.DateField(
        label=_("Tanggal lahir"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": _("Isi tanggal lahir."),
            "invalid": _("Ini bukan tanggal. Contoh: 17/08/1990."),
        },
        widget=BirthDateInput(),
    )
    sex = forms.ChoiceField(
        label=_("Jenis kelamin"),
        choices=Applicant.Sex.choices,
        error_messages={"required": _("Pilih jenis kelamin.")},
        widget=forms.RadioSelect(),
    )
    kk = forms.CharField(
        label=_("Nomor KK"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_holder = forms.BooleanField(label=_("Ini saya sendiri, pemegang akun."), required=False)
    guardian_declared = forms.BooleanField(
        label=_("Saya orang tua atau wali anak ini dan menyetujui pemakaian datanya."),
        help_text=_("Hanya untuk anak yang belum cukup umur untuk ber-KTP."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        applicant: Applicant | None = None,
        is_locked: bool = False,
        **kwargs: Any,
    ) -> None:
        if applicant is not None:
            kwargs.setdefault("initial", _initial(applicant))
        super().__init__(*args, **kwargs)
        if applicant is not None:
            self.masked_nik = applicant.masked_nik
            nik = self.fields["nik"]
            nik.required = False
            told = {"nik": self.masked_nik}
            nik.help_text = _("Tersimpan: %(nik)s. Kosongkan bila tidak berubah.") % told
            self.fields["kk"].help_text = _("Kosongkan bila tidak berubah.")
        if is_locked:
            self._lock()

    def _lock(self) -> None:
        """A browser does not send a disabled field; what is sent all the same is read, so
        that the service refuses it instead of dropping it without a word.
        """
        for name in LOCKED:
            self.fields[name].widget.attrs["disabled"] = True
            self.fields[name].help_text = _("Terkunci; alasannya ada di atas.")
        self.initial["nik"] = self.masked_nik
        if self.is_bound:
            self.data = self.data.copy()
            for name in LOCKED - {"nik"}:
                self.data.setdefault(name, str(self.initial[name]))

    def clean_name(self) -> str:
        return _checked(rules.check_name, rules.tidy_name(self.cleaned_data["name"]))

    def clean_nik(self) -> str:
        nik = rules.tidy_number(self.cleaned_data["nik"])
        return _checked(rules.check_nik, nik) if nik else ""

    def clean_kk(self) -> str:
        kk = rules.tidy_number(self.cleaned_data["kk"])
        return _checked(rules.check_kk, kk) if kk else ""

    def changes(self) -> dict[str, str | dt.date | bool]:
        """What was filled in, for the service; an empty NIK or KK number changes nothing."""
        return {
            field: value
            for field, value in self.cleaned_data.items()
            if value != "" or field not in {"nik", "kk"}
        }


class NumbersForm(forms.Form):
    """As much of a person as is typed so far; whatever cannot be read counts as empty."""

    nik = forms.CharField(required=False, max_length=40)
    kk = forms.CharField(required=False, max_length=40)
    birth_date = forms.DateField(
        required=False, input_formats=ApplicantForm.base_fields["birth_date"].input_formats
    )
    sex = forms.ChoiceField(required=False, choices=Applicant.Sex.choices)

    def findings(self) -> list[str]:
        self.is_valid()
        typed = self.cleaned_data
        return rules.findings(
            rules.tidy_number(typed.get("nik", "")),
            rules.tidy_number(typed.get("kk", "")),
            birth_date=typed.get("birth_date"),
            sex=typed.get("sex", ""),
        )


def _checked(check: Callable[[str], None], text: str) -> str:
    """What the service would refuse, said together with the other fields' errors."""
    try:
        check(text)
    except Invalid as refusal:
        raise forms.ValidationError(sum(field_texts(refusal).values(), [])) from refusal
    return text


def _initial(applicant: Applicant) -> dict[str, Any]:
    return {
        "name": applicant.name,
        "birth_date": applicant.birth_date,
        "sex": applicant.sex,
        "is_holder": applicant.is_holder,
        "guardian_declared": applicant.guardian_declared_at is not None,
    }


class ProfileForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Bahasa pesan dan halaman"),
        choices=User.Language.choices,
        widget=forms.RadioSelect(),
    )
    phone = forms.CharField(
        label=_("Nomor telepon"),
        help_text=_("Hanya dipakai kantor bila janji temu Anda berubah mendadak."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class ConsentForm(forms.Form):
    """Carries the version that was shown, so that nobody agrees to a later one."""

    version = forms.CharField(max_length=20, widget=forms.HiddenInput())


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Ya, hapus akun saya dan semua datanya."),
        error_messages={"required": _("Beri tanda untuk melanjutkan.")},
    )


class MailedCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Kode dari e-mail"),
        max_length=20,
        error_messages={"required": _("Isi kode.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class StepPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        max_length=4096,
        error_messages={"required": _("Isi kata sandi.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TextPhoneForm(forms.Form):
    """``before`` is the masked number that a code was sent to; it may be sent there again."""

    phone = forms.CharField(
        label=_("Nomor telepon seluler"),
        help_text=_("Contoh: 0812 3456 7890"),
        max_length=30,
        error_messages={"required": _("Isi nomor telepon.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, before: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if before:
            phone = self.fields["phone"]
            phone.required = False
            phone.help_text = _("Kosongkan untuk nomor yang sama: %(phone)s") % {"phone": before}


class TextCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"),
        help_text=_("Enam angka."),
        max_length=20,
        error_messages={"required": _("Isi kode.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
            }
        ),
    )


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is one too, and has errors to show."""
    return request.POST if request.method == "POST" else None


def own_page(request: HttpRequest, target: str) -> str:
    """Where the visitor came from, when it is one of our own pages; else nothing."""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else ""
