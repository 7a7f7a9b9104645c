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
from paspor.kernel.codes import grouped
from queueing.booking import words as said
from queueing.booking.alternatives import Leaving, Outlook
from queueing.quota.models import Channel, Slot


def of(outlook: Outlook, office: Office, officer: User) -> dict[str, Any]:
    """By hour, by the day that people would go to, and by name for those who receive them."""
    one_day = len({each.booking.slot.day for each in outlook.leaving}) <= 1
    leaving = sorted(outlook.leaving, key=lambda each: each.booking.slot.starts_at)
    return {
        "people": outlook.people,
        "facts": [{"term": term, "text": count} for term, count in _facts(outlook) if count],
        "hours": _hours(leaving, one_day=one_day),
        "days": _days(leaving),
        "names": [_named(each, one_day=one_day) for each in leaving]
        if offices.may(officer, Act.CHECK_IN, office, timezone.now())
        else [],
    }


def _facts(outlook: Outlook) -> list[tuple[str, int]]:
    leaving = outlook.leaving
    return [
        (_("Dapat diberi hari lain"), sum(len(each.people) for each in leaving if each.instead)),
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
    priority = Counter[Slot]()
    for each in leaving:
        slot, count = each.booking.slot, len(each.people)
        people[slot] += count
        without[slot] += 0 if each.instead else count
        priority[slot] += count if each.booking.channel == Channel.PRIORITY else 0
    return [
        {
            "name": _hour(slot, one_day=one_day),
            "people": count,
            "replaced": count - without[slot],
            "without": without[slot],
            "priority": priority[slot],
        }
        for slot, count in people.items()
    ]


def _days(leaving: list[Leaving]) -> list[dict[str, Any]]:
    """The days that people would get instead, in order."""
    found = Counter[date]()
    for each in leaving:
        if each.instead:
            found[each.instead.slot.day] += len(each.people)
    return [{"name": said.day(day), "people": found[day]} for day in sorted(found)]


def _named(each: Leaving, *, one_day: bool) -> dict[str, Any]:
    instead = each.instead.slot if each.instead else None
    return {
        "names": ", ".join(place.applicant.name for place in each.people),
        "code": grouped(each.booking.code),
        "hour": _hour(each.booking.slot, one_day=one_day),
        "instead": f"{said.day(instead.day)}, {said.hours_of(instead)}" if instead else "",
        "unreachable": each.is_unreachable,
    }


def _hour(slot: Slot, *, one_day: bool) -> str:
    hours = said.hours_of(slot)
    return hours if one_day else f"{said.day(slot.day)}, {hours}"
