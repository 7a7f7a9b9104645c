"""What a field says is wrong, it says in the reader's language: DRF's Indonesian has gaps."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from rest_framework import serializers

from paspor.kernel.strict import StrictSerializer

# JSON and queries have no way to say it.
NEVER_SAID = {(serializers.DateField, "datetime")}


def is_never_said(field: serializers.Field, code: str) -> bool:
    return any(isinstance(field, kind) and code == never for kind, never in NEVER_SAID)


def kinds(base: type[StrictSerializer]) -> Iterator[type[StrictSerializer]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def fields(field: serializers.Field) -> Iterator[serializers.Field]:
    yield field
    if isinstance(field, serializers.Serializer):
        for inner in field.fields.values():
            yield from fields(inner)
    elif (child := getattr(field, "child", None)) is not None:
        yield from fields(child)


def said(text: object, language: str) -> str:
    with translation.override(language):
        return str(text)


def test_every_text_of_every_input_is_translated():
    assert get_resolver().url_patterns  # imports all serializers
    silent = [
        f"{kind.__name__}.{field.field_name}: {text}"
        for kind in kinds(StrictSerializer)
        for field in fields(kind())
        for code, text in field.error_messages.items()
        if said(text, "id") == said(text, "en") and not is_never_said(field, code)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("query", "field"),
    [("lat=-6,2&lon=106", "lat"), (f"lat=1&lon=1&people={'9' * 1001}", "people")],
)
def test_a_number_that_is_none_is_refused_in_indonesian(client: Client, query: str, field: str):
    url = f"/api/v1/availability/nearest?{query}"
    answers = [
        client.get(url, headers={"Accept-Language": language}).json()["fields"][field]
        for language in ("id", "en")
    ]
    assert "angka" in answers[0][0].casefold()
    assert answers[0] != answers[1]


@pytest.mark.parametrize("day", ["2030-02-31", "31-12-2030", "２０３０-12-31", "besok"])
def test_a_date_that_is_none_is_told_what_a_date_is(client: Client, day: str):
    answer = client.get("/api/v1/availability/nearest", {"lat": 1, "lon": 1, "before": day})
    told = "Tulis tanggal yang ada di kalender, misalnya 1990-12-31."
    assert answer.json()["fields"]["before"] == [told]
