"""Making the day list of an office: the evening before by itself, and when an officer asks."""

import secrets
from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import translation

from accounts.models import User
from offices.models import Office, OfficeKey
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit, ed25519
from queueing.desk import day_list_file, errors, notices, policies, rules, selectors, told_offline
from queueing.desk.models import DayList, new_list_code
from queueing.desk.selectors import DayOfGuests

LANGUAGE = "id"  # the file is the office's, whoever makes it


@transaction.atomic
def make(*, officer: User, office: Office, day: date, now: datetime) -> DayList:
    """A file of this moment. Raises NoOfficeKey, NotADayForList, NotAllowed."""
    authority.require(officer=officer, act=Act.CHECK_IN, office=office, now=now)
    _check_day(office, day, now=now)
    key = OfficeKey.objects.filter(office=office).first()
    if key is None:
        raise errors.NoOfficeKey
    return _write(key, office, day, officer=officer, now=now)


@transaction.atomic
def record_reading(*, officer: User, office: Office, day: date, now: datetime) -> DayOfGuests:
    """The people of the day for a page to print; that somebody took it is logged."""
    authority.require(officer=officer, act=Act.CHECK_IN, office=office, now=now)
    _check_day(office, day, now=now)
    guests = selectors.day_of(office, day, now=now)
    audit.record(
        "day_list.read",
        actor_id=officer.pk,
        subject=f"day:{office.code}:{day.isoformat()}",
        stream=office.code,
        detail={"people": guests.count(*selectors.SHOWN)},
    )
    return guests


def make_due(*, now: datetime) -> int:
    """Tomorrow's lists where it is evening and somebody is booked; how many are new.

    Each is sent to the office as well: in the morning the portal may be away. What an
    evening missed is made up for until the first hour of the day begins.
    """
    keys = OfficeKey.objects.filter(office__is_active=True).select_related("office").order_by("pk")
    return sum(_make_by_itself(key.pk, key.office, now=now) for key in keys)


def forget_old(*, now: datetime) -> int:
    """Empty the files of days that are over for long; how many."""
    before = now.date() - timedelta(days=policies.DAY_LIST_KEPT_DAYS.at(now=now))
    return DayList.objects.filter(day__lt=before).exclude(content="").update(content="")


@transaction.atomic
def _make_by_itself(key_id: int, office: Office, *, now: datetime) -> bool:
    """Locks the office's key, so that two runs at once make one."""
    from_hour = policies.DAY_LIST_FROM_HOUR.at(now=now, scope=office.code)
    day = rules.day_to_list(local=now.astimezone(office.zone), from_hour=from_hour)
    key = OfficeKey.objects.select_for_update(no_key=True).get(pk=key_id)
    if DayList.objects.filter(office=office, day=day, made_by=None).exists():
        return False
    hours = selectors.day_of(office, day, now=now).hours
    if not hours or hours[0].starts_at <= now:
        return False
    notices.day_list(_write(key, office, day, officer=None, now=now), now=now)
    return True


def _check_day(office: Office, day: date, *, now: datetime) -> None:
    ahead = policies.DAY_LIST_DAYS_AHEAD.at(now=now, scope=office.code)
    rules.check_day_for_list(day=day, today=office.today(now), days_ahead=ahead)


def _write(
    key: OfficeKey, office: Office, day: date, *, officer: User | None, now: datetime
) -> DayList:
    code, seed = new_list_code(), secrets.token_bytes(32)
    record_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    header = {
        "list": code,
        "office": office.code,
        "day": day.isoformat(),
        "made_at": now.isoformat(timespec="seconds"),
        "to": key.fingerprint,
    }
    with translation.override(LANGUAGE):
        guests = selectors.day_of(office, day, now=now)
        inside = {"seed": ed25519.encoded(seed), **told_offline.offline_data(guests, now=now)}
    people = guests.count(*selectors.SHOWN)
    made = DayList.objects.create(
        code=code,
        office=office,
        day=day,
        people=people,
        fingerprint=key.fingerprint,
        record_key=ed25519.encoded(record_key),
        content=day_list_file.sealed_and_signed(header, inside, to=key.public),
        made_by=officer,
        made_at=now,
    )
    audit.record(
        "day_list.made",
        actor_id=officer.pk if officer else None,
        subject=f"day_list:{code}",
        stream=office.code,
        detail={"day": day.isoformat(), "people": people, "key": key.fingerprint},
    )
    return made
