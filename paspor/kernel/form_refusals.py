"""Refusals of services as errors of a web form that acts once."""

from collections.abc import Mapping

from django import forms

from paspor.kernel import counting, once_door, problems
from paspor.kernel.errors import DomainError


def refuse(form: forms.Form, error: DomainError, at: Mapping[str, str] | None = None) -> None:
    """Put a refusal of a service where its reader looks: at the field, else at the top.

    ``at`` tells what the service's fields are called in this form, where that differs; with it
    the whole sentence stands at the top too, unless a field says the very same.
    """
    counting.refused(error.code)
    once_door.refuse(form, error, names=at, with_sentence=at is not None)
    form.lead = problems.lead(error)
