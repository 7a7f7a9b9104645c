"""Forms of integrity: shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    why = forms.CharField(
        label=_("Mengapa ditolak?"),
        help_text=_("Dicatat bersama keputusan Anda."),
        max_length=300,
        error_messages={"required": _("Tuliskan mengapa permintaan ini ditolak.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
