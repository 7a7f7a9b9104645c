"""Texts are collected and compiled without system tools."""

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command

from paspor.kernel import catalogues

PAGE = """{% load i18n %}
{% translate "Janji saya" as label %}
  {% blocktranslate trimmed count n=n %}
    {{ n }} tempat
  {% plural %}
    {{ n }} tempat semuanya
  {% endblocktranslate %}
{{ _("Kantor") }} it's a 'quote
"""
CODE = """
from x import N_, gettext_lazy as _
title = _("Jam %(hour)s penuh")
other = N_("Tutup")
"""


@pytest.fixture
def found(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "code.py").write_text(CODE)
    return catalogues.collect(tmp_path, ["."])


def ids(catalogue):
    return {message.id for message in catalogue if message.id}


def test_code_and_templates_are_read(found):
    assert ids(found) == {
        "Janji saya",
        ("%(n)s tempat", "%(n)s tempat semuanya"),
        "Kantor",
        "Jam %(hour)s penuh",
        "Tutup",
    }


def test_translations_stay_and_lost_texts_go(found, tmp_path):
    path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    assert catalogues.merge(path, "en", found) == (5, 5)
    text = path.read_text().replace('msgid "Tutup"\nmsgstr ""', 'msgid "Tutup"\nmsgstr "Closed"')
    text += (
        '\nmsgid "Lama"\nmsgstr "Old"\n\n# allauth says otherwise\nmsgid "Theirs"\nmsgstr "Ours"\n'
    )
    path.write_text(text)

    assert catalogues.merge(path, "en", found) == (6, 4)

    with path.open("rb") as source:
        kept = read_po(source)
    assert kept.get("Tutup").string == "Closed"
    assert kept.get("Theirs").string == "Ours"
    assert kept.get("Lama") is None
    before = path.read_text()
    catalogues.merge(path, "en", found)
    assert path.read_text() == before


def test_a_compiled_catalogue_speaks(found, tmp_path):
    path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    catalogues.merge(path, "en", found)
    path.write_text(path.read_text().replace('"Tutup"\nmsgstr ""', '"Tutup"\nmsgstr "Closed"'))
    with catalogues.compile_catalogue(path).open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    assert translations.gettext("Tutup") == "Closed"
    assert translations.gettext("Kantor") == "Kantor"


def test_the_command_compiles_all_of_ours(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n')
    call_command("compile_catalogues")
    assert path.with_suffix(".mo").exists()


@pytest.fixture(scope="module")
def english():
    with catalogues.catalogue_path(Path(settings.LOCALE_PATHS[0]), "en").open("rb") as source:
        return read_po(source, locale="en")


def test_the_catalogue_is_up_to_date(english):
    """`make messages` would change nothing."""
    folders = ("paspor", "accounts", "offices", "queueing", "templates")
    missing = ids(catalogues.collect(settings.BASE_DIR, folders)) - ids(english)
    assert missing == set()


def test_every_text_is_translated_with_its_values(english):
    broken = [message.id for message in english if message.id and list(message.check())]
    assert broken == []
    assert [message.id for message in english if message.id and not any_string(message)] == []


def any_string(message):
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


@pytest.mark.django_db
def test_pages_and_refusals_speak_the_language_asked_for(client):
    english = {"Accept-Language": "en"}
    assert "<title>Sign in" in client.get("/akun/login/", headers=english).text
    assert "<title>Masuk" in client.get("/akun/login/").text
    body = client.get("/api/v1/me", headers=english).json()
    assert (body["title"], body["detail"]) == ("Not signed in", "Please sign in first.")
    assert client.get("/api/v1/me").json()["detail"] == "Silakan masuk terlebih dahulu."
