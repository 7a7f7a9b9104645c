"""What a closing would do to people, for queueing_desk/_outlook.html."""

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import words as booking_words
from queueing.booking.alternatives import Leaving, Outlook
from queueing.quota.models import Channel, Slot


def closing_outlook(outlook: Outlook, office: Office, officer: User) -> dict[str, Any]:
    """By hour, by the day that people would go to, and by name for those who receive them."""
    one_day = len({each.booking.slot.day for each in outlook.leaving}) <= 1
    leaving = sorted(outlook.leaving, key=lambda each: each.booking.slot.starts_at)
    return {
        "people": outlook.people,
        "facts": [{"term": term, "text": count} for term, count in _facts(outlook) if count],
        "hours": _hours(leaving, one_day=one_day),
        "same_day": _same_day(leaving, one_day=one_day),
        "days": _days(leaving),
        "names": [_named(each, one_day=one_day) for each in leaving]
        if offices.may(officer, Act.CHECK_IN, office, timezone.now())
        else [],
    }


def _facts(outlook: Outlook) -> list[tuple[str, int]]:
    leaving = outlook.leaving
    same_day = sum(len(each.people) for each in leaving if each.is_same_day)
    replaced = sum(len(each.people) for each in leaving if each.instead)
    return [
        (_("Dapat jam lain pada hari yang sama"), same_day),
        (_("Dapat diberi hari lain"), replaced - same_day),
        (
            _("Tidak ada tempat; didahulukan di pembukaan berikut"),
            sum(len(each.people) for each in leaving if not each.instead),
        ),
        (
            _("Tanpa akun: tidak dapat dikirimi e-mail"),
            sum(len(each.people) for each in leaving if each.is_unreachable),
        ),
        (_("Belum selesai memesan: pemesanannya berakhir"), outlook.choosing),
        (_("Sudah hadir: tetap diselesaikan di loket"), outlook.here),
    ]


def _hours(leaving: list[Leaving], *, one_day: bool) -> list[dict[str, Any]]:
    """Each hour with how many of its people get another, and how many do not."""
    people, without = Counter[Slot](), Counter[Slot]()
    priority, same_day = Counter[Slot](), Counter[Slot]()
    for each in leaving:
        slot, count = each.booking.slot, len(each.people)
        people[slot] += count
        same_day[slot] += count if each.is_same_day else 0
        without[slot] += 0 if each.instead else count
        priority[slot] += count if each.booking.channel == Channel.PRIORITY else 0
    return [
        {
            "name": _hour(slot, one_day=one_day),
            "people": count,
            "same_day": same_day[slot],
            "replaced": count - without[slot] - same_day[slot],
            "without": without[slot],
            "priority": priority[slot],
        }
        for slot, count in people.items()
    ]


def _same_day(leaving: list[Leaving], *, one_day: bool) -> list[dict[str, Any]]:
    """The other hours that people would get on their own day, in order."""
    found = Counter[Slot]()
    for each in leaving:
        if each.instead and each.is_same_day:
            found[each.instead.slot] += len(each.people)
    ordered = sorted(found, key=lambda slot: slot.starts_at)
    return [{"name": _hour(slot, one_day=one_day), "people": found[slot]} for slot in ordered]


def _days(leaving: list[Leaving]) -> list[dict[str, Any]]:
    """The other days that people would get instead, in order."""
    found = Counter[date]()
    for each in leaving:
        if each.instead and not each.is_same_day:
            found[each.instead.slot.day] += len(each.people)
    return [{"name": formatting.day(day), "people": found[day]} for day in sorted(found)]


def _named(each: Leaving, *, one_day: bool) -> dict[str, Any]:
    instead = each.instead.slot if each.instead else None
    return {
        "names": ", ".join(place.applicant.name for place in each.people),
        "code": grouped(each.booking.code),
        "hour": _hour(each.booking.slot, one_day=one_day),
        "instead": f"{formatting.day(instead.day)}, {booking_words.hours_of(instead)}"
        if instead
        else "",
        "unreachable": each.is_unreachable,
    }


def _hour(slot: Slot, *, one_day: bool) -> str:
    hours = booking_words.hours_of(slot)
    return hours if one_day else f"{formatting.day(slot.day)}, {hours}"
