"""Migrations are complete, named by what they mean, and in one line."""

import re
from contextlib import nullcontext as does_not_raise
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

APPS = ["kernel", "accounts", "offices", "queueing"]


def names(app: str) -> list[str]:
    folder = Path(apps.get_app_config(app).path) / "migrations"
    return sorted(path.stem for path in folder.glob("[0-9]*.py"))


@pytest.mark.django_db
def test_no_model_waits_for_a_migration():
    with does_not_raise():
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_named_and_numbered_in_one_line(app):
    found = names(app)
    assert [int(name[:4]) for name in found] == list(range(1, len(found) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", name) for name in found)
    assert not [name for name in found if "_auto_" in name]
    assert len(MigrationLoader(None).graph.leaf_nodes(app)) == 1


@pytest.mark.django_db
def test_the_application_may_not_touch_the_list_of_migrations():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('django_migrations', 'SELECT'),"
            " has_table_privilege('django_migrations', 'INSERT')"
        )
        assert cursor.fetchone() == (True, False)


@pytest.mark.django_db
def test_the_application_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)
