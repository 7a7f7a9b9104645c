"""What a day list says of its people: as much as the counter needs, NIKs masked."""

from datetime import datetime
from typing import Any

from accounts import words as people_words
from paspor.kernel import policy
from queueing.desk import policies, words
from queueing.desk.selectors import DayOfGuests, Guest, HourOfGuests


def offline_data(guests: DayOfGuests, *, now: datetime) -> dict[str, Any]:
    """The inside of the file, in the active language. Moments are seconds since 1970 UTC."""
    office = guests.office
    early = policy.minutes(policies.CHECK_IN_EARLY_MINUTES, now=now, scope=office.code)
    return {
        "office": {
            "code": office.code,
            "name": office.name,
            "zone": office.timezone,
            "zone_name": office.zone_name,
        },
        "day": guests.day.isoformat(),
        "early": int(early.total_seconds()),
        "hours": [_hour(hour) for hour in guests.hours],
    }


def remarks(guest: Guest) -> list[str]:
    """What the officer is asked to look at."""
    found = [str(words.WARNINGS[code]) for code in guest.warnings if code in words.WARNINGS]
    text = words.IDENTITY.get(guest.identity.identity)
    if text:
        found.append(text % {"fields": people_words.fields(guest.identity.differing)})
    return found


def _hour(hour: HourOfGuests) -> dict[str, Any]:
    return {
        "from": int(hour.starts_at.timestamp()),
        "to": int(hour.ends_at.timestamp()),
        "people": [_person(guest) for guest in hour.guests],
    }


def _person(guest: Guest) -> dict[str, Any]:
    return {
        "booking": guest.booking_code,
        "who": guest.applicant_code,
        "name": guest.name,
        "nik": guest.nik,
        "kind": str(guest.kind),
        "type": str(guest.passport_type),
        "channel": str(guest.channel),
        "entitlement": str(guest.entitlement),
        "state": guest.state,
        "coming": guest.says_coming,
        "remarks": remarks(guest),
    }
