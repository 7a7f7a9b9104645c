"""A day that opens at a moment of its own: it gets a release of its own.

Releases never overlap, so whatever asks for the release of a day finds this one. The days
around it keep their moment.
"""

from datetime import date, datetime, timedelta

from accounts.models import User
from offices.ports import OwnOpening
from offices.reasons import Why
from queueing.quota import errors, rules
from queueing.quota.models import WITHDRAWN, Release, Seat, Slot
from queueing.quota.services import days, releases, seats

ACT = "set_opening"
DAY = timedelta(days=1)


def check(wish: OwnOpening, *, now: datetime) -> None:
    """Raises OpeningPast, OpeningTooLate, OpeningTooEarly, DayAlreadyOpened."""
    rules.check_own_opening(wish.day, wish.opens_at, now, wish.office.zone)
    opened = Slot.objects.filter(
        office=wish.office, day=wish.day, closed_at=None, release__opens_at__lte=now
    )
    if opened.exists():
        raise errors.DayAlreadyOpened(fields={"opening": [errors.DayAlreadyOpened.message]})


def set_opening(wish: OwnOpening, *, officer: User, why: Why, now: datetime) -> Release:
    """Let the day open at this moment, sooner or later than it would have.

    Seats that stand and are free show from then on; taken ones (first rights) stay taken.
    Where no release covers the day yet it is announced, and prepared in time as all are.
    Within the transaction of a change of the office's calendar. Locks the office, the
    release, its slots, the day's seats. Raises as ``check`` does.
    """
    office, day = wish.office, wish.day
    release = days.lock_release_of(office, day)
    _lock_slots(release)
    locked = seats.lock_day(office, day)
    check(wish, now=now)
    if release is None:
        own = Release(office=office, first_day=day, last_day=day)
    else:
        own = _alone(release, day)
    own.opens_at, own.made_by = wish.opens_at, officer
    own.save()
    standing = Seat.objects.filter(slot_id__in=list(locked.seats), visible_at__lt=WITHDRAWN)
    standing.update(visible_at=wish.opens_at)
    releases.record(ACT, own, officer, why)
    return own


def _lock_slots(release: Release | None) -> None:
    """All of them in order of id, as whoever locks a day does: some change their release."""
    slots = Slot.objects.select_for_update(no_key=True).filter(release=release)
    list(slots.order_by("pk").values_list("pk", flat=True))


def _alone(release: Release, day: date) -> Release:
    """The day in a release that covers nothing else; the others stay as they are."""
    first, last = release.first_day, release.last_day
    if first == last:
        return release
    if first < day:
        release.last_day = day - DAY
    else:
        release.first_day = day + DAY
    release.save(update_fields=["first_day", "last_day"])
    if first < day < last:
        _part(release, day + DAY, last)
    return _part(release, day, day)


def _part(release: Release, first_day: date, last_day: date) -> Release:
    part = Release.objects.create(
        office_id=release.office_id,
        first_day=first_day,
        last_day=last_day,
        opens_at=release.opens_at,
        mode=release.mode,
        prepared_at=release.prepared_at,
        made_by_id=release.made_by_id,
    )
    own = Slot.objects.filter(release=release, day__range=(first_day, last_day))
    own.update(release=part)
    return part
