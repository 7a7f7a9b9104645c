"""What Django and DRF say of a field: in the portal's own words, where people can meet it."""

import re

import pytest
from django import forms
from django.core import validators
from django.utils import translation
from rest_framework import serializers

from paspor.kernel import strict

FIELDS = [
    *(forms.CharField, forms.IntegerField, forms.DecimalField, forms.DateField, forms.TimeField),
    *(forms.DateTimeField, forms.EmailField, forms.ChoiceField, forms.MultipleChoiceField),
    *(forms.ModelChoiceField, forms.BooleanField, forms.JSONField),
    *(serializers.ChoiceField, strict.TextField, strict.WholeField, strict.NumberField),
    *(strict.DayField, strict.ListOf, strict.TruthField, strict.UploadField),
]
# Of translators who did not know for whom.
PLACEHOLDER = re.compile(r"%\(\w+\)\w|{\w+}")
FOREIGN = ("bidang", "masukkan", "pastikan", "nilai", "field", "value", "valid")


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_says_what_to_do_in_one_way(kind):
    messages = {}
    for one in reversed(kind.__mro__):
        messages |= getattr(one, "default_error_messages", {})
    with translation.override("id"):
        said = [PLACEHOLDER.sub("", str(text)) for text in messages.values()]

    assert [text for text in said if any(word in text.lower() for word in FOREIGN)] == []


@pytest.mark.parametrize(
    ("bound", "value", "told"),
    [
        (validators.MinLengthValidator(3), "a", "Sedikitnya 3 karakter; sekarang 1."),
        (validators.MaxLengthValidator(3), "abcd", "Paling banyak 3 karakter; sekarang 4."),
        (validators.MinValueValidator(3), 1, "Sedikitnya 3."),
        (validators.MaxValueValidator(3), 9, "Paling banyak 3."),
    ],
)
def test_a_bound_is_told_shortly(bound, value, told):
    with translation.override("id"), pytest.raises(forms.ValidationError) as refused:
        bound(value)
    with translation.override("id"):
        assert refused.value.messages == [told]
