"""Rolling up the figures of days that are over, so that nobody counts their seats again."""

from datetime import date, datetime

from django.db import connection

from queueing.integrity.rules.figures import CORRECTED_DAYS, NAMES
from queueing.integrity.selectors.figures import COLUMNS, CONSTANTS, COUNTED

# Over by each office's own clock: Jayapura's day ends two hours before Jakarta's.
DUE = """
SELECT DISTINCT slot.day
FROM queueing_slot slot JOIN offices_office office ON office.id = slot.office_id
WHERE slot.day < (%(now)s AT TIME ZONE office.timezone)::date
  AND (slot.day >= (%(now)s AT TIME ZONE office.timezone)::date - %(corrected)s
       OR NOT EXISTS (SELECT FROM queueing_dayfigures figures
                      WHERE figures.office_id = slot.office_id AND figures.day = slot.day))
ORDER BY slot.day
"""
CHANGED = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*NAMES, "counted_at"))
ROLL_UP = f"""
WITH slot AS MATERIALIZED (
    SELECT slot.id, slot.office_id, slot.day, release.opens_at
    FROM queueing_slot slot
    JOIN offices_office office ON office.id = slot.office_id
    JOIN queueing_release release ON release.id = slot.release_id
    WHERE slot.day = %(day)s AND slot.day < (%(now)s AT TIME ZONE office.timezone)::date
), {COUNTED}
INSERT INTO queueing_dayfigures (office_id, day, {COLUMNS}, counted_at)
SELECT office_id, day, {COLUMNS}, %(now)s FROM counted ORDER BY office_id
ON CONFLICT (office_id, day) DO UPDATE SET {CHANGED}
"""  # noqa: S608  # only names of ours


def roll_up(*, now: datetime) -> int:
    """Count every day that is over and not counted yet, and the last week's again; how many.

    One statement a day for the whole nation. Safe to cut short and to repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now, "corrected": CORRECTED_DAYS})
        days = [day for (day,) in cursor.fetchall()]
    return sum(_roll_up_day(day, now) for day in days)


def _roll_up_day(day: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ROLL_UP, {"day": day, "now": now} | CONSTANTS)
        return cursor.rowcount
