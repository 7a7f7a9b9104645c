"""What a test compares with the clock it asks for itself: a run may go past midnight."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ASKS_CLOCK = {"now", "today", "localdate", "localtime", "near_day", "near_hour"}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything but the bodies of functions; their defaults and decorators are run."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if isinstance(node, FUNCTIONS):
            body = node.body if isinstance(node.body, list) else [node.body]
            outer = [one for one in ast.iter_child_nodes(node) if one not in body]
            for one in outer:
                yield one
                yield from run_at_import(one)
        else:
            yield from run_at_import(node)


def clock_lines(source: str) -> list[int]:
    """The lines of a module that ask a clock while it is imported."""
    calls = [node for node in run_at_import(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [(getattr(one.func, "attr", getattr(one.func, "id", "")), one.lineno) for one in calls]
    return sorted(line for name, line in names if name in ASKS_CLOCK)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("NOW = timezone.now()", [1]),
        ("def tell(now=timezone.now()): ...", [1]),
        ("@mark(near_day(2))\ndef test(): ...", [1]),
        ("class Test:\n    day = date.today()", [2]),
        ("def today():\n    return date.today()", []),
        ("today = lambda: date.today()", []),
    ],
)
def test_only_what_runs_at_import_counts(source: str, lines: list[int]) -> None:
    assert clock_lines(source) == lines


def test_no_test_module_asks_a_clock_at_import() -> None:
    found = {
        f"{path.relative_to(TESTS)}:{line}"
        for path in TESTS.rglob("*.py")
        for line in clock_lines(path.read_text())
    }
    assert found == set()
