"""Web forms: shape only. Rules are checked by the services."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


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
        pass
