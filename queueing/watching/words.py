"""Watches as pages tell them, in the active language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from paspor.kernel import formatting
from queueing.watching import links, selectors
from queueing.watching.models import Watch

# For components/status.html.
STATUSES = {
    "waiting": {"tone": "info", "icon": "hourglass", "label": gettext_lazy("Menunggu")},
    "told": {"tone": "success", "icon": "mail", "label": gettext_lazy("Sudah dikabari")},
    "over": {"tone": "", "icon": "clock", "label": gettext_lazy("Berakhir")},
}


def watch_row(watch: Watch, now: datetime) -> dict[str, Any]:
    """Title, text, note and status, for components/row.html; and its code."""
    state = selectors.state(watch, now)
    last = _("Tidak ada kabar sampai %(day)s") if state == "over" else _("Paling lambat %(day)s")
    return {
        "code": watch.code,
        "title": watch.office.name,
        "text": what(watch),
        "note": last % {"day": formatting.day(watch.until)},
        "status": STATUSES[state],
        "is_waiting": state == "waiting",
    }


def listed(watch: Watch, now: datetime, *, waits_again: bool) -> dict[str, Any]:
    """``shown``, with what was told and where it and the same wish once more are found."""
    said = watch_row(watch, now) | {"told": "", "hours_href": "", "again": {}, "again_href": ""}
    today = watch.office.today(now)
    if watch.told_office is not None and watch.told_day is not None:
        of = {"day": formatting.day(watch.told_day), "office": watch.told_office.name}
        said["told"] = _("Ada tempat pada %(day)s di %(office)s saat kami mengabari.") % of
        if watch.told_day >= watch.told_office.today(now):
            said["hours_href"] = links.hours(watch, watch.told_office, watch.told_day)
    if said["is_waiting"] or waits_again:
        return said
    said["again_href"] = links.form(watch)
    if watch.until >= today:
        said["again"] = links.asked_again(watch)
    return said


def what(watch: Watch) -> str:
    people = ngettext("%(n)s orang", "%(n)s orang", watch.people) % {"n": watch.people}
    where = _("kantor ini saja")
    if watch.radius_km:
        where = _("sampai %(km)s km dari sini") % {"km": watch.radius_km}
    return f"{people} · {watch.get_passport_type_display()} · {where}"
