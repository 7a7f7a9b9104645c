"""What the public is told of the portal's state, and the last of it that was known.

The whole is kept in the cache and in a small file each minute: the page of status reads
those when the database is away, and says how old they are.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError

from offices import report_sums, selectors, uptime
from offices.models.incidents import Incident, Part
from offices.models.probes import ProbeDay, Target
from offices.models.reports import Report
from offices.services.incidents import public_facts
from offices.uptime import Day
from paspor.kernel import database

log = logging.getLogger(__name__)

KEY = "status:last"
FRESH_KEY = "status:fresh"
FRESH_SECONDS = 15
DAYS = 90
# A probe older than this tells nothing of now.
FRESH = timedelta(minutes=3)
# By which probe a part is judged; the others are not measured, and only incidents tell of them.
PROBED_BY = {
    Part.LOGIN: Target.DATABASE,
    Part.BOOKING: Target.DATABASE,
    Part.MAIL: Target.MAIL,
    Part.REGISTRY: Target.REGISTRY,
}


def current(now: datetime) -> dict[str, Any] | None:
    """The state as it is; the last known where the database is away or hangs; None where none is.

    Everybody asks when something is broken: what was read is kept for some seconds.
    """
    told = cache.get(FRESH_KEY)
    if told is not None:
        return told
    if not database.answers():
        return last_known()
    try:
        told = build(now)
    except DatabaseError:
        return last_known()
    cache.set(FRESH_KEY, told, FRESH_SECONDS)
    return told


def build(now: datetime) -> dict[str, Any]:
    live = list(selectors.live_incidents())
    since, long_ago = _today(now) - timedelta(days=DAYS - 1), now - timedelta(days=DAYS)
    rows = {(row.target, row.day): row for row in ProbeDay.objects.filter(day__gte=since)}
    return {
        "as_of": now.isoformat(timespec="seconds"),
        "incidents": [public_facts(incident) for incident in live],
        "past": [
            public_facts(incident)
            | {"ended_at": incident.ended_at.isoformat(), "updates": _updates(incident)}
            for incident in selectors.ended_incidents(since=long_ago)
        ],
        "parts": [{"part": part, "state": _state(part, live, rows, now)} for part in Part],
        "reports": asdict(report_sums.sums_of(Report.objects.filter(opened_at__gte=long_ago))),
        "history": [_history(target, rows, since, now) for target in Target],
    }


def _updates(incident: Incident) -> list[dict[str, str]]:
    """All that was said of it, the first words included, oldest first."""
    first = (incident.started_at, incident.text_id, incident.text_en)
    later = [(row.at, row.text_id, row.text_en) for row in incident.updates.all()]
    return [
        {"at": at.isoformat(), "text_id": text_id, "text_en": text_en}
        for at, text_id, text_en in [first, *later]
    ]


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _state(
    part: Part,
    live: list[Incident],
    rows: Mapping[tuple[str, date], ProbeDay],
    now: datetime,
) -> str:
    if any(incident.part == part and incident.office_id is None for incident in live):
        return "down"
    if part not in PROBED_BY:
        return "unmeasured"
    row = rows.get((PROBED_BY[part], _today(now)))
    if row is None or row.last_at is None or now - row.last_at > FRESH:
        return "unknown"
    return "up" if row.is_up else "down"


def _history(
    target: Target,
    rows: Mapping[tuple[str, date], ProbeDay],
    since: date,
    now: datetime,
) -> dict[str, Any]:
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    days = []
    for n in range(DAYS):
        day = since + timedelta(days=n)
        row = rows.get((target, day))
        passed = local.hour * 60 + local.minute + 1 if day == local.date() else uptime.A_DAY
        days.append(Day(day, row.up if row else 0, row.down if row else 0, passed))
    told = [[day.day.isoformat(), day.up, day.down, day.unknown, day.tone] for day in days]
    return {"target": target, **uptime.shares(days), "days": told}


def keep(told: dict[str, Any]) -> None:
    """In the cache for whoever shares it, and on the disk of this machine."""
    cache.set(KEY, told, timeout=None)
    path = Path(settings.STATUS_FILE)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.write_text(json.dumps(told))
        fresh.replace(path)
    except OSError as trouble:
        log.warning("status is not kept", extra={"cause": type(trouble).__name__})


def last_known() -> dict[str, Any] | None:
    """The younger of what the cache and the file have."""
    found = [told for told in (cache.get(KEY), _from_file()) if told]
    return max(found, key=lambda told: told["as_of"], default=None)


def _from_file() -> dict[str, Any] | None:
    try:
        return json.loads(Path(settings.STATUS_FILE).read_text())
    except (OSError, ValueError):
        return None
