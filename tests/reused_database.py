"""One database that test after test commits to, empty again before each.

A thousand files are made and thrown away with a copy of the template, and a file system
that sees that twice a second takes longer each time: ext4 reuses no inode of the last
minutes and looks at each of them. So rows are deleted instead. A copy is made anew only
where a test has changed more than rows.
"""

from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.databases import copy_template, drop, end_connections, end_others, owner_connection

# Whatever a migration makes, and what a test may undo of it; each column that says what it is.
STRUCTURE = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT 'relation ' || ROW(oid, relname, relnamespace, reltype, relowner, relam, reltablespace,
        relpersistence, relkind, relchecks, relrowsecurity, relforcerowsecurity, relreplident,
        relacl, reloptions, relpartbound)::text FROM pg_class
        WHERE oid >= 16384 AND relnamespace <> 'pg_toast'::regnamespace
    UNION ALL SELECT 'column ' || t::text FROM pg_attribute t
        WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE oid >= 16384)
    UNION ALL SELECT 'default ' || t::text FROM pg_attrdef t
    UNION ALL SELECT 'constraint ' || t::text FROM pg_constraint t WHERE oid >= 16384
    UNION ALL SELECT 'index ' || t::text FROM pg_index t WHERE indexrelid >= 16384
    UNION ALL SELECT 'trigger ' || t::text FROM pg_trigger t
    UNION ALL SELECT 'function ' || t::text FROM pg_proc t WHERE oid >= 16384
    UNION ALL SELECT 'schema ' || t::text FROM pg_namespace t WHERE nspname !~ '^pg_(toast_)?temp'
    UNION ALL SELECT 'policy ' || t::text FROM pg_policy t
    UNION ALL SELECT 'rule ' || t::text FROM pg_rewrite t WHERE oid >= 16384
    UNION ALL SELECT 'part ' || t::text FROM pg_inherits t
    UNION ALL SELECT 'right ' || t::text FROM pg_default_acl t
    UNION ALL SELECT 'setting ' || t::text FROM pg_db_role_setting t
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT 'statistics ' || tablename || attname FROM pg_stats
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
) AS lines (line)
"""
# Rows that refer at once go before those they refer to; all others are looked at in the end.
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
ORDER BY EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'f' AND NOT condeferred
) DESC, relname
"""
TRIGGERS = """
SELECT relname, tgname, CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal
"""
COUNTERS = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL AND NOT sequencename = ANY(%s)
"""


@dataclass
class Reused:
    """A copy of the template, under one name as long as the process lasts."""

    template: str
    name: str = ""
    structure: str = ""
    tables: list[str] = field(default_factory=list)
    triggers: list[tuple[str, str, str]] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)  # tables a migration has filled

    def renew(self) -> str:
        """As if nobody had ever used it; its name. Whoever is still connected is cut off."""
        if self.name:
            end_connections(self.name)
            with owner_connection(self.name) as owner:
                end_others(owner, self.name)
                if self.is_as_made(owner):
                    self._empty(owner)
                    return self.name
        with owner_connection() as owner:
            if self.name:
                drop(owner, self.name)
            self.name = copy_template(owner, self.template, self.name)
        with owner_connection(self.name) as owner:
            self._look(owner)
        return self.name

    def drop(self) -> None:
        if self.name:
            with owner_connection() as owner:
                drop(owner, self.name)

    def _look(self, owner: psycopg.Connection) -> None:
        self.structure = _one(owner, STRUCTURE)
        self.tables = [name for (name,) in owner.execute(TABLES)]
        self.triggers = owner.execute(TRIGGERS).fetchall()
        self.kept = {
            name: digest for name in self._filled(owner) if (digest := _digest(owner, name))
        }

    def is_as_made(self, owner: psycopg.Connection) -> bool:
        return _one(owner, STRUCTURE) == self.structure and all(
            _digest(owner, name) == digest for name, digest in self.kept.items()
        )

    def _filled(self, owner: psycopg.Connection) -> list[str]:
        asked = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for name in self.tables
        )
        return [name for (name,) in owner.execute(asked)]

    def _empty(self, owner: psycopg.Connection) -> None:
        used = [name for name in self._filled(owner) if name not in self.kept]
        silenced = [trigger for trigger in self.triggers if trigger[0] in used]
        with owner.transaction():
            # The log refuses to be deleted from; who owns it may silence that.
            for table, name, _ in silenced:
                _alter(owner, "DISABLE TRIGGER", table, name)
            for table in used:
                owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table, name, always in silenced:
                _alter(owner, f"ENABLE {always} TRIGGER", table, name)
            owner.execute(COUNTERS, [[f"{name}_id_seq" for name in self.kept]])
        if used:  # no page is left, as nobody had ever used it: plans are made from that
            tables = sql.SQL(", ").join(map(sql.Identifier, used))
            owner.execute(sql.SQL("VACUUM {}").format(tables))


def _alter(owner: psycopg.Connection, how: str, table: str, trigger: str) -> None:
    names = (sql.Identifier(name) for name in (table, trigger))
    owner.execute(sql.SQL("ALTER TABLE {} " + how + " {}").format(*names))


def _one(owner: psycopg.Connection, asked: str | sql.Composed) -> str:
    return owner.execute(asked).fetchone()[0]


def _digest(owner: psycopg.Connection, table: str) -> str:
    asked = sql.SQL("SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {} t")
    return _one(owner, asked.format(sql.Identifier(table)))
