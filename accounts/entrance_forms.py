"""allauth's forms in our words: labels instead of placeholders, one hint each.

Apart from forms.py, since allauth imports that one while it builds its own forms.
"""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.lasting_mail import LastingMail
from accounts.proving import SignsUpAgain, SignsUpElsewhere

LABELS = {
    "login": _("Alamat e-mail"),
    "email": _("Alamat e-mail"),
    "password": _("Kata sandi"),
    "password1": _("Kata sandi baru"),
    "password2": _("Ulangi kata sandi baru"),
    "oldpassword": _("Kata sandi sekarang"),
    "name": _("Nama kunci"),
}
PASSWORD_HINT = _("Sedikitnya 10 karakter. Beberapa kata yang mudah Anda ingat sudah aman.")


class OurWords:
    """Mixed into an allauth form, before it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
        if "password1" in fields:
            fields["password1"].help_text = PASSWORD_HINT
        if "code" in fields:
            _dress_code(fields["code"])


def _dress_code(field: forms.Field) -> None:
    """A code from a mail or an app; dashes, spaces and small letters do not matter."""
    field.label = _("Kode")
    field.widget.attrs |= {
        "class": "code-input",
        "autocomplete": "one-time-code",
        "autocapitalize": "characters",
        "spellcheck": "false",
    }


class LoginForm(OurWords, account.LoginForm):
    pass


class EntranceSignupForm(SignsUpAgain, LastingMail, OurWords, account.SignupForm):
    field_order = ("email", "password1", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Kata sandi")
        self.fields["email"].widget.attrs["data-typo"] = reverse("accounts:mail-typo")


class ChangeAddressForm(SignsUpElsewhere, LastingMail, OurWords, account.BaseSignupForm):
    """Another address for the sign-up that waits; ``before`` is the one it waits at."""

    by_passkey = False  # allauth's view asks every sign-up

    def __init__(self, *args: Any, before: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        del self.fields["consent"]
        self.fields["email"].label = _("Alamat e-mail yang benar")
        self.fields["email"].widget.attrs["data-typo"] = reverse("accounts:mail-typo")

    def clean_email(self) -> str:
        email = super().clean_email()
        if email == self.before:
            raise ValidationError(_("Isi dengan alamat yang berbeda dari yang sekarang."))
        return email


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(OurWords, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class ConfirmResetForm(OurWords, account.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, account.SetPasswordForm):
    pass


class AddEmailForm(LastingMail, OurWords, account.AddEmailForm):
    pass


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    pass


class MfaAuthenticateForm(OurWords, mfa.AuthenticateForm):
    pass


class MfaReauthenticateForm(OurWords, mfa.ReauthenticateForm):
    pass


class ActivateTotpForm(OurWords, totp.ActivateTOTPForm):
    pass


class AddKeyForm(OurWords, webauthn.AddWebAuthnForm):
    pass


class EditKeyForm(OurWords, webauthn.EditWebAuthnForm):
    pass
