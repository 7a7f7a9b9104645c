"""What the application's database role may do: read and write, never edit a log or a note."""

from psycopg import Connection, sql

# Tables with this trigger only grow (migration 0002); the right to change them is taken too.
LOGS = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
WHERE tgname = 'append_only' AND NOT tgisinternal
"""


def grant_application(owner: Connection, role: sql.Identifier) -> None:
    """Run as the owner after each migration; safe to repeat."""
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        # What an officer wrote may be erased, never written over.
        "REVOKE UPDATE, TRUNCATE ON kernel_note FROM {role}",
    ):
        owner.execute(sql.SQL(statement).format(role=role))
    for (table,) in owner.execute(LOGS).fetchall():
        owner.execute(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}").format(
                table=sql.SQL(table), role=role
            )
        )
