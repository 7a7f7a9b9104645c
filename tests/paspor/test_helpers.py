"""What several test modules need stands in a helper module or a conftest, not in one of them.

So a test module may be renamed, split or deleted without another one breaking.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


def imported(source: str) -> Iterator[str]:
    """The dotted name of everything that a module imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def of_test_modules(source: str) -> list[str]:
    return [
        name
        for name in imported(source)
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]


def test_nobody_imports_from_a_test_module():
    wrong = {
        str(path.relative_to(TESTS)): found
        for path in sorted(TESTS.rglob("*.py"))
        if (found := of_test_modules(path.read_text()))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "line",
    [
        "from tests.accounts.test_outbox import written",
        "from tests.accounts import test_outbox",
        "import tests.accounts.test_outbox",
        "def late():\n    from tests.accounts.test_outbox import written",
    ],
)
def test_it_would_be_seen(line):
    assert of_test_modules(line)


def test_a_helper_is_none():
    assert not of_test_modules("from tests.accounts.messages import written\nimport test_of_theirs")
