"""When each office opens quota next: only openings that bring a day on which it serves.

One answer for the country, a few queries, shared for half a minute: what opens next changes
by the week. When one of its moments has passed there is a new answer, under a name that
holds this moment, so that at an opening too one process asks for all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from offices import selectors as offices
from offices.models import Office
from offices.rules import DayPlan
from paspor.kernel.sharing import Age, shared
from queueing.quota import rules, snapshots
from queueing.quota.models import Release, Slot
from queueing.quota.rules import DaySpan

AGE = Age(shared=20, copy=10.0, look=5.0)
# Counts up with each change of what an answer holds: old and new code share a cache.
LAYOUT = 1
# Whoever opens nothing for so many weeks announces nothing.
MOST_WEEKS = 8

type PlanOn = Callable[[date], DayPlan]


def next_openings(asked: Iterable[Office], now: datetime) -> dict[int, datetime]:
    """By the id of the office; one that has no opening with an open day is left out."""
    key = f"quota:next_openings:{LAYOUT}"
    known = shared(key, lambda: _all(now), AGE)
    passed = [at for at in known.values() if at <= now]
    if passed:
        known = shared(f"{key}:{max(passed).isoformat()}", lambda: _all(now), AGE)
    return {office.pk: known[office.pk] for office in asked if office.pk in known}


def _all(now: datetime) -> dict[int, datetime]:
    serving = list(Office.objects.filter(is_active=True))
    first = now.date() - timedelta(days=1)
    last = first + timedelta(days=rules.FARTHEST_DAYS + 7 * MOST_WEEKS)
    plans = offices.calendars(serving, first, last)
    releases: dict[int, list[Release]] = {office.pk: [] for office in serving}
    for release in Release.objects.filter(last_day__gte=first, office__in=serving):
        releases[release.office_id].append(release)
    standing = set(
        Slot.objects.filter(release__opens_at__gt=now, closed_at=None).values_list(
            "release_id", flat=True
        )
    )
    found = {}
    for office in serving:
        moments = [
            *_announced(releases[office.pk], plans[office.pk], standing, now),
            *_by_rhythm(office, releases[office.pk], plans[office.pk], now),
        ]
        if moments:
            found[office.pk] = min(moments)
    return found


def _announced(
    releases: Sequence[Release], plan: PlanOn, standing: set[int], now: datetime
) -> Iterator[datetime]:
    """Releases to come: by their open slots where these stand, else by the calendar."""
    for release in releases:
        if release.opens_at <= now:
            continue
        serves = (
            release.pk in standing
            if release.prepared_at
            else _serves(plan, (release.first_day, release.last_day))
        )
        if serves:
            yield release.opens_at


def _by_rhythm(
    office: Office, releases: Sequence[Release], plan: PlanOn, now: datetime
) -> Iterator[datetime]:
    """The first opening that planning will make for a day on which the office serves."""
    rhythm = snapshots.rhythm_of(office, now)
    released = [(release.first_day, release.last_day) for release in releases]
    opening = rules.next_opening(now, rhythm, office.zone)
    for _week in range(MOST_WEEKS):
        spans = rules.days_opened(opening, released, rhythm, office.zone)
        if any(_serves(plan, span) for span in spans):
            yield opening
            return
        released += spans
        opening = rules.next_opening(opening, rhythm, office.zone)


def _serves(plan: PlanOn, span: DaySpan) -> bool:
    first, last = span
    return any(plan(first + timedelta(days=n)).is_open for n in range((last - first).days + 1))
