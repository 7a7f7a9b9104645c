"""What web forms of every app are made of: dates, choices, and the token of a form that acts."""

from collections.abc import Iterable

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


class DateInput(forms.DateInput):
    """The phone's own date picker; a browser without one takes YYYY-MM-DD."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ActForm(forms.Form):
    """A form that acts once: ``token`` tells a second tap from a second wish (once_door)."""

    token = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)


def capitalised(choices: Iterable[tuple[str, str | Promise]]) -> list[tuple[str, Promise]]:
    """In the language of whoever reads them, also where a form is declared at import."""
    return [(value, capfirst(label)) for value, label in choices]
