"""Functions are named for what they do or return, so that a reader may guess and grep."""

import ast

from tests.paspor.source_files import APPS, dotted, sources

# Each of them has stood for ten different things at once.
VAGUE = {"told", "asked", "shown", "said", "found", "known", "seen", "of"}


def vague(text: str) -> list[str]:
    return [
        f"{node.name}:{node.lineno}"
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.lstrip("_") in VAGUE
    ]


def test_no_function_of_a_module_has_a_name_that_says_nothing():
    wrong = {
        dotted(path): names
        for package in (*APPS, "paspor")
        for path in sources(package)
        if (names := vague(path.read_text()))
    }
    assert wrong == {}


def test_a_vague_name_is_found():
    assert vague("def _told(row): ...\ndef told_offline(): ...") == ["_told:1"]
