"""Texts to translate: out of the code and the templates, into catalogues, with Babel alone.

Django's own commands want the gettext programs, which a newcomer's machine may not have.
"""

import os
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DOMAIN = "django"
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(["_", "N_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
WIDTH = 88
HEADER = """\
# Texts of Paspor. Their source is Indonesian.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def catalogue_path(folder: Path, language: str, suffix: str = ".po") -> Path:
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def compile_catalogue(path: Path) -> Path:
    """Write the .mo beside a .po, whole or not at all; what is marked fuzzy is left out."""
    target = path.with_suffix(".mo")
    unfinished = target.with_suffix(f".{os.getpid()}.mo")
    with path.open("rb") as source:
        catalogue = read_po(source, domain=DOMAIN)
    with unfinished.open("wb") as output:
        write_mo(output, catalogue)
    return unfinished.replace(target)


def collect(root: Path, folders: Iterable[str]) -> Catalog:
    """Every marked text under these folders of ``root``, each with the files it stands in."""
    found = Catalog(domain=DOMAIN, charset="utf-8")
    for path in _sources(root, folders):
        place = path.relative_to(root).as_posix()
        for _line, texts, comments, context in _messages(path):
            found.add(texts, locations=[(place, 0)], auto_comments=comments, context=context)
    return found


def _sources(root: Path, folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "dev" not in path.parts:
                yield path


def _messages(path: Path) -> Iterator[Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Brackets, so that Python's tokenizer asks for no order in the lines' indents.
        text = "(" + templatize(text, origin=str(path)) + "\n)"
    return extract("python", BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"})


def merge(path: Path, language: str, found: Catalog) -> tuple[int, int]:
    """Bring one .po up to date; returns (texts, how many of them are not translated).

    Translations stay. Texts that are gone from the code go from the file, unless their
    translator wrote a comment: those replace a text of Django or allauth.
    """
    known = Catalog(locale=language, domain=DOMAIN)
    if path.exists():
        with path.open("rb") as source:
            known = read_po(source, locale=language, domain=DOMAIN)
    replacing = [message for message in known if message.id and message.user_comments]
    known.update(found, no_fuzzy_matching=True)
    for message in replacing:
        if known.get(message.id, message.context) is None:
            known[message.id] = message
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(known))
    texts = [message for message in known if message.id]
    return len(texts), sum(not _is_translated(message) for message in texts)


def _written(catalogue: Catalog) -> bytes:
    """The file, with a header that does not change by itself from day to day."""
    output = BytesIO()
    output.write(HEADER.format(language=catalogue.locale, plurals=catalogue.plural_forms).encode())
    write_po(
        output,
        catalogue,
        width=WIDTH,
        omit_header=True,
        sort_output=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    return output.getvalue()


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)
