"""What somebody who has come, or came, reads of their visit: number, counter, why it failed."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from queueing.booking import words
from queueing.booking.models import Place
from queueing.booking.selectors import BookingView
from queueing.booking.timeline import Entry, in_queue


def queue(view: BookingView, entries: Sequence[Entry]) -> dict[str, str] | None:
    """For components/alert.html, while somebody of the visit is at the office."""
    if not any(place.state == Place.State.CHECKED_IN for place in view.places):
        return None
    last = in_queue(entries)
    if last is None:
        return None
    title = _("Nomor antrean Anda %(number)s") % {"number": last.number}
    return {"title": title, "text": _what_now(last)}


def _what_now(last: Entry) -> str:
    if last.what == "PUT_ASIDE":
        return _("Nomor ini ditunda, dan akan dipanggil lagi. Tanyakan kepada petugas.")
    if last.counter:
        return _("Dipanggil ke loket %(counter)s.") % {"counter": last.counter}
    return _("Tunggu di ruang tunggu: nomor ini tampil di layar ketika dipanggil.")


def absent(view: BookingView, today: date) -> str:
    """Who did not come, what of that was kept, and what it means; empty of nobody."""
    gone = [place.name for place in view.places if place.state == Place.State.NO_SHOW]
    if not gone:
        return ""
    told = [
        _("Kantor mencatat bahwa %(names)s tidak datang.") % {"names": ", ".join(gone)},
        _("Data pemohon tetap tersimpan, dan orang yang sama dapat dipesankan lagi sekarang."),
    ]
    if view.day == today:
        told.append(
            _(
                "Bila mereka datang juga hari ini, selama kantor melayani, tanyakan di loket: "
                "petugas dapat mengurungkan catatan ini dan menerima mereka."
            )
        )
    return "\n\n".join([*told, words.absence_means()])


def turned_away(view: BookingView) -> str:
    """Who came and could not be served, and why; empty of nobody."""
    return " ".join(
        _("%(name)s: %(why)s.")
        % {"name": place.name, "why": words.turned_away(place.reason) or place.state_label}
        for place in view.places
        if place.state == Place.State.TURNED_AWAY
    )
