"""Refusals of single people of a group, at the fields of their cards."""

from collections.abc import Mapping, Sequence

from django import forms

from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.booking.errors import PeopleRefused


def refuse_people(form: forms.Form, error: DomainError, cards: Sequence[Mapping[str, str]]) -> None:
    """Put a refusal on a form of several people; each of ``cards`` names one person's fields.

    The whole sentence stands at the top too, unless a field says the very same.
    """
    if isinstance(error, PeopleRefused):
        error = error.named(lambda number, name: cards[number].get(name, name))
    refuse(form, error, at={})
