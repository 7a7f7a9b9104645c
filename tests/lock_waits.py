"""Where transactions wait for each other.

A test that shows a race to be lost loses it every time, on any machine: whoever comes first
waits for whoever is to come in between, and not for a moment that may be too short.
"""

from collections.abc import Callable

from django.db import connections

from tests.live import wait_until

# Numbers of a sequence are drawn outside of transactions: everybody sees at once who has come.
# Who waits in vain is ended by the portal's own limit of a statement.
MEET = """
CREATE SEQUENCE come;
GRANT USAGE, SELECT ON SEQUENCE come TO PUBLIC;
CREATE FUNCTION meet(many int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('come');
    WHILE (SELECT last_value FROM come) < many LOOP
        PERFORM pg_sleep(0.005);
    END LOOP;
    RETURN true;
END $$;
"""
# Of the application's own database; others may wait for each other beside it.
WAITING = """
SELECT EXISTS (
    SELECT FROM pg_locks one JOIN pg_stat_activity who USING (pid)
    WHERE NOT one.granted AND who.datname = current_database()
)
"""


def somebody_waits() -> bool:
    """Whether a transaction of this test's database waits for another's lock."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def until_somebody_waits(or_else: Callable[[], bool] = lambda: False) -> None:
    """Return as soon as one waits for another's lock, or else when this holds."""
    wait_until(lambda: or_else() or somebody_waits(), what="somebody waits for a lock")
