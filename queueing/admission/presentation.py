"""Shortly before an opening: where a turn is taken, for components/alert.html."""

from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from queueing.admission import room, words


def opening_soon(now: datetime, *, back: str) -> dict[str, str] | None:
    """Known to this process: no query. ``back``: where to come out of the line."""
    coming = room.current().room.coming(now=now)
    if coming is None:
        return None
    return {
        "title": _("Kuota segera dibuka"),
        "text": _(
            "%(opening)s. Yang mengambil giliran sebelum saat itu diundi urutannya; "
            "tidak perlu berebut."
        )
        % {"opening": words.opening(coming)},
        "href": f"{reverse('admission:place')}?{urlencode({'next': back})}",
        "link": _("Ambil giliran"),
    }
