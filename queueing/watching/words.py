"""Watches as pages tell them, in the active language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from queueing.booking import words
from queueing.watching import selectors
from queueing.watching.models import Watch


def shown(watch: Watch, now: datetime) -> dict[str, Any]:
    """Title, text, note and status, for components/row.html; and its code."""
    return {
        "code": watch.code,
        "title": watch.office.name,
        "text": what(watch),
        "note": _("Paling lambat %(day)s") % {"day": words.day(watch.until)},
        "status": _status(watch, now),
        "is_waiting": selectors.is_waiting(watch, now),
    }


def what(watch: Watch) -> str:
    people = ngettext("%(n)s orang", "%(n)s orang", watch.people) % {"n": watch.people}
    where = _("kantor ini saja")
    if watch.radius_km:
        where = _("sampai %(km)s km dari sini") % {"km": watch.radius_km}
    return f"{people} · {watch.get_passport_type_display()} · {where}"


def _status(watch: Watch, now: datetime) -> dict[str, str]:
    told = {
        "waiting": ("info", "hourglass", _("Menunggu")),
        "told": ("success", "mail", _("Sudah dikabari")),
        "over": ("", "clock", _("Berakhir")),
    }[selectors.state(watch, now)]
    return dict(zip(("tone", "icon", "label"), told, strict=True))
