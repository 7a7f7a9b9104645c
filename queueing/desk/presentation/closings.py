"""The page of a closing that was asked for, and whom a closing could not tell."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from offices.models import Approval, Office
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import replacements
from queueing.booking import words as booking_words
from queueing.booking.replacements import Untold


def page_of(approval: Approval, office: Office) -> str:
    """The page on which some hours were asked to be closed."""
    asked = approval.matter
    chosen = f"?mulai={asked.since:%H:%M}" if asked.since else ""
    return reverse("desk:close-day", args=[office.code, asked.day]) + chosen


def untold(office: Office, on: date) -> list[dict[str, Any]]:
    """Whom nobody could write to, for queueing_desk/_untold.html."""
    return [
        {
            "code": grouped(each.booking.code),
            "hours": booking_words.hours_of(each.booking.slot),
            "people": each.people,
            **_instead(each, office),
        }
        for each in replacements.untold(office, on)
    ]


def _instead(each: Untold, office: Office) -> dict[str, str]:
    if each.instead is not None:
        slot = each.instead.slot
        return {
            "instead": f"{formatting.day(slot.day)}, {booking_words.hours_of(slot)}",
            "instead_code": grouped(each.instead.code),
            "href": reverse("desk:booking", args=[office.code, each.instead.code]),
        }
    if each.first_right_until is not None:
        until = booking_words.moment(each.first_right_until, office)
        return {"instead": _("didahulukan pada pembukaan berikutnya, sampai %s") % until}
    return {"instead": _("belum ada pengganti")}
