"""What a backlog drive that falls short lacks: the bounds that would be enough, and the day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.models import Office
from offices.rules import last_plannable
from paspor.kernel import formatting
from queueing.planning import drive_rules, selectors
from queueing.planning.drive_rules import Bounds
from queueing.planning.forms import DriveForm
from queueing.planning.pages import trying
from queueing.planning.selectors import Left

LOOSENED = ("most_stations", "closes_latest", "with_saturdays")
# With these the form of a drive is asked again.
BOUNDS = ("first_day", "last_day", *LOOSENED)


def written(asked: Mapping[str, Any]) -> dict[str, str]:
    """What was asked of a drive, in the names and texts that its form reads."""
    return {
        "first_day": asked["first_day"].isoformat(),
        "last_day": asked["last_day"].isoformat(),
        "most_stations": str(asked["most_stations"]),
        "closes_latest": f"{asked['closes_latest']:%H:%M}",
        "with_saturdays": "on" if asked["with_saturdays"] else "",
    }


def form_of(query: QueryDict, office: Office, **changed: str) -> str:
    """The address of the drive's form with what it was asked with."""
    given = {name: query.get(name, "") for name in ("people", *BOUNDS, "told")} | changed
    asked = urlencode({name: text for name, text in given.items() if text})
    return f"{reverse('planning:drive', args=[office.code])}?{asked}"


def ways_to_enough(
    query: QueryDict, office: Office, planned: Iterable[date], left: Left
) -> list[dict[str, str]]:
    """What would give everybody a seat, each with the question that asks for it; ``planned``
    are the days of the plan. Empty for an address without its bounds.
    """
    form, today = DriveForm(query), office.today(timezone.now())
    if not form.is_valid():
        return []
    asked = form.cleaned_data
    first, last = max(asked["first_day"], today + timedelta(days=1)), asked["last_day"]
    if not first <= last <= min(first + timedelta(drive_rules.MOST_DAYS), last_plannable(today)):
        return []
    bounds = form.bounds(left.seats)
    among = {*planned, *(each.day for each in selectors.candidates(office, first, last))}
    candidates = selectors.candidates(office, first, last, with_own=True)
    candidates = [each for each in candidates if each.day in among]
    if drive_rules.most(candidates, bounds) >= bounds.people:
        text = _("Batas yang disebut cukup: kembali ke usulan tanpa hari yang dibuang atau diubah")
        return [_way(query, office, text)]
    ways = [
        _way(query, office, _loosened(each, bounds), **written(asked | _differing(each)))
        for each in drive_rules.enough(candidates, bounds)
    ]
    lacking = bounds.people - drive_rules.most(candidates, bounds)
    until = _enough_until(office, first, last, today, replace(bounds, people=lacking))
    if until is not None:
        text = _("Dalam batas yang sama, sampai %(day)s") % {"day": formatting.day(until)}
        ways.append(_way(query, office, text, last_day=until.isoformat()))
    return ways


def _way(query: QueryDict, office: Office, text: str, **changed: str) -> dict[str, str]:
    return {"text": text, "href": form_of(query, office, **changed, **{trying.TRY: "1"})}


def _differing(bounds: Bounds) -> dict[str, Any]:
    return {name: getattr(bounds, name) for name in LOOSENED}


def _loosened(each: Bounds, asked: Bounds) -> str:
    """The bounds that are looser than those asked for."""
    parts = []
    if each.with_saturdays != asked.with_saturdays:
        parts.append(_("Sabtu dibuka"))
    if each.most_stations != asked.most_stations:
        text = ngettext("%(n)s loket", "%(n)s loket", each.most_stations)
        parts.append(text % {"n": each.most_stations})
    if each.closes_latest != asked.closes_latest:
        parts.append(_("tutup pukul %(at)s") % {"at": formatting.clock(each.closes_latest)})
    return formatting.capitalised(_(" dan ").join(parts))


def _enough_until(
    office: Office, first: date, last: date, today: date, bounds: Bounds
) -> date | None:
    """The last day that a longer drive needs, as far as one may last."""
    after = last + timedelta(days=1)
    limit = min(first + timedelta(days=drive_rules.MOST_DAYS - 1), last_plannable(today))
    if after > limit:
        return None
    candidates = selectors.candidates(office, after, limit)
    free = selectors.left_by_day(office, after, limit)
    return drive_rules.day_of_enough(candidates, free, bounds)
