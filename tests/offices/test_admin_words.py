"""The officers' lists and pages speak words: no column has Python's name, no value is a code."""

import ast
import re
from collections.abc import Iterator
from datetime import time
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.test import Client
from django.utils import translation
from django.utils.formats import time_format
from django.utils.functional import Promise

from offices import words
from offices.models import Office
from offices.reasons import REASONS
from offices.rules import Act, Role
from tests.offices.admin_pages import REGISTERED, address, make

LANGUAGES = ("id", "en")
# Names by which people know them, on screen and off.
NAMES = {*Office.Kind.values, Role.SISTIK.value}
APPS = ("accounts", "offices", "queueing", "paspor")


def raw_codes() -> set[str]:
    """Every value of a list of choices that is no word by itself, and every act and reason."""
    stored = {
        str(value)
        for model in apps.get_models()
        if model._meta.app_label in {*APPS, "kernel"}
        for field in model._meta.get_fields()
        if isinstance(field, Field)
        for value, _label in field.flatchoices
    }
    codes = stored | {act.value for act in Act} | {code for of in REASONS.values() for code in of}
    shouted = {code for code in codes if "_" in code or (code.isupper() and len(code) > 3)}
    return shouted - NAMES


CODES = raw_codes()


def texts(page: str) -> set[str]:
    """What stands between the tags of the page's content, scripts and forms' values aside."""
    content = page.split('id="content"', 1)[-1]
    content = re.sub(r"<(script|style|pre)\b.*?</\1>", " ", content, flags=re.DOTALL)
    return set(re.findall(r"[\w.]+", unescape(re.sub(r"<[^>]+>", " ", content))))


def shown_fields(model: type[Model]) -> Iterator[Field]:
    model_admin = admin.site._registry[model]
    named = [*model_admin.list_display, *(model_admin.fields or ())]
    for name in [*flatten(named), *model_admin.list_filter]:
        if not isinstance(name, str) or hasattr(model_admin, name):
            continue
        try:
            yield model._meta.get_field(name)
        except FieldDoesNotExist:
            continue


@pytest.fixture
def client(officer, sign_in) -> Client:
    return sign_in(officer("SISTIK"))


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_column_and_filter_has_a_name_in_words(model: type[Model]):
    unnamed = sorted(
        field.name for field in shown_fields(model) if not isinstance(field.verbose_name, Promise)
    )

    assert not unnamed


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_no_page_shows_a_code(client: Client, model: type[Model], language: str):
    row = make(model)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    pages = [
        client.get(address(model, "changelist")),
        client.get(address(model, "change", row.pk)),
    ]

    for page in pages:
        assert page.status_code == 200
        found = sorted(texts(page.content.decode()) & CODES)
        assert not found


def written_acts() -> set[str]:
    """The acts that some module writes into the log, as its source names them."""
    return {
        call.args[0].value
        for name in APPS
        for path in Path(settings.BASE_DIR, name).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] in {"record", "_record", "record_and_follow"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_act_of_the_log_has_words():
    acts = written_acts()

    assert "case.add_accounts" in acts
    assert not sorted(act for act in acts if words.event(act) == act)


@pytest.mark.parametrize(("language", "told"), [("id", "08.00"), ("en", "08:00")])
def test_hours_are_written_as_on_the_other_pages(language: str, told: str):
    with translation.override(language):
        assert time_format(time(8)) == told


@pytest.mark.django_db
def test_yes_and_no_are_words(officer, sign_in, kanim):
    page = sign_in(officer("SISTIK")).get(f"/admin/offices/office/{kanim.pk}/change/").text
    assert 'alt="True"' not in page
    assert 'alt="False"' not in page
    assert words.yes_or_no(True) in page


def test_what_the_log_tells_of_an_act_is_no_json():
    told = words.details({"number": "A006", "proof": True, "shares": {"ONLINE": 80}, "fields": []})
    assert told == "nomor antrean: A006, bukti dilihat: ya, bagian jalur: ONLINE 80, isian: –"
    assert words.details({}) == "–"
    assert words.details({"act": "set_hours"}) == "tindakan: mengubah jam layanan"
