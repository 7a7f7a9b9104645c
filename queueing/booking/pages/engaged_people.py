"""Why somebody of the account cannot be chosen for an hour: they have an appointment."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Applicant, User
from paspor.kernel import formatting
from queueing.booking import words
from queueing.booking.engaged import engaged
from queueing.booking.models import Place


def engaged_notes(
    people: Iterable[Applicant], account: User, now: datetime
) -> dict[str, dict[str, str]]:
    """By their codes, for queueing/book.html: what to say, and where to go on."""
    found = engaged(people, account, now=now)
    return {code: _own(place) if place else _of_others(code) for code, place in found.items()}


def _own(place: Place) -> dict[str, str]:
    booking, slot = place.booking, place.booking.slot
    said = {
        "day": formatting.day(slot.day),
        "hours": words.hours_of(slot),
        "office": slot.office.name,
    }
    if place.state == Place.State.HELD:
        return {
            "label": _("Tempatnya sedang ditahan"),
            "text": _("%(day)s, %(hours)s, %(office)s.") % said,
            "href": reverse("queueing:review", args=[booking.code]),
            "link": _("Periksa tempat itu"),
        }
    return {
        "label": _("Sudah punya janji"),
        "text": _("%(day)s, %(hours)s, %(office)s.") % said,
        "href": reverse("queueing:booking", args=[booking.code]),
        "link": _("Buka janji itu"),
    }


def _of_others(code: str) -> dict[str, str]:
    return {
        "label": _("Sudah punya janji"),
        "text": _(
            "Dipesan dari akun lain atau di loket. Satu orang hanya dapat mempunyai satu janji. "
            "Bila NIK itu memang miliknya, ajukan klaim: tempat yang memakainya menjadi milik "
            "Anda."
        ),
        "href": reverse("integrity:claim-start", args=[code]),
        "link": _("NIK ini milik saya"),
    }
