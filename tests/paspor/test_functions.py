"""What the database runs stands in sql/, a file each, under the name it is called by."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.databases import ROOT, owner_connection

FOLDERS = {
    "kernel": ROOT / "paspor/kernel/sql",
    "accounts": ROOT / "accounts/sql",
    "offices": ROOT / "offices/sql",
    "queueing": ROOT / "queueing/sql",
}
FILES = [
    pytest.param(app, path, id=str(path.relative_to(ROOT)))
    for app, folder in FOLDERS.items()
    for path in sorted(folder.glob("**/*.sql"))
]
# Each function of our own as PostgreSQL writes it down: arguments, settings, body. ``anew``: this
# transaction has written it, were it only as it was.
FUNCTIONS = """
SELECT oid::regprocedure::text, pg_get_functiondef(oid),
       xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text AS anew
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p') AND NOT EXISTS (
    SELECT FROM pg_depend
    WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
ORDER BY 1
"""


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The migrated database of this process, whose functions end as they were."""
    with owner_connection(connection.settings_dict["NAME"]) as owner:
        yield owner


def run(owner: psycopg.Connection, text: str) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """The functions before and after this text, and those it writes. Nothing of it stays."""
    with owner.transaction(force_rollback=True):
        before = {name: text for name, text, _ in owner.execute(FUNCTIONS)}
        owner.execute(text)
        rows = owner.execute(FUNCTIONS).fetchall()
    return before, {name: text for name, text, _ in rows}, {name for name, _, anew in rows if anew}


def called(app: str, path: Path) -> str:
    return f"{app}_{path.stem}"


@pytest.mark.parametrize(("app", "path"), FILES)
def test_a_file_is_what_the_database_runs(owner, app, path):
    before, after, written = run(owner, path.read_text())
    assert after == before
    assert {name.partition("(")[0] for name in written} == {called(app, path)}
    assert path.parent.name == "former" or len(written) == 1


def test_each_function_has_its_file(owner):
    texts = [param.values[1].read_text() for param in FILES]
    before, _, written = run(owner, "\n".join(texts))
    assert sorted(set(before) - written) == []
    assert len(written) == sum(text.count("CREATE OR REPLACE FUNCTION") for text in texts)


@pytest.mark.parametrize(
    ("of", "to"),
    [
        ("NOT taken", "true"),
        ("300ms", "301ms"),
        (" SET enable_seqscan = off", ""),
        ("p_ahead boolean)", "p_ahead boolean, p_more int)"),
    ],
)
def test_a_file_that_says_something_else_is_noticed(owner, of, to):
    text = (FOLDERS["queueing"] / "claim_seats.sql").read_text()
    assert of in text
    before, after, _ = run(owner, text.replace(of, to))
    assert after != before
