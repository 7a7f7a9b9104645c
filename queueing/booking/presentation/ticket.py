"""The ticket of a visit: for its account, for whoever looks it up, and to print at a counter."""

from typing import Any

from django.utils.translation import gettext as _

from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from queueing.booking import (
    documents,
    errand_words,
    replacements,
    selectors,
    tickets,
    where,
    words,
)
from queueing.booking.errands import Errand
from queueing.booking.models import Place
from queueing.booking.presentation import components
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView
from queueing.booking.where import Where
from queueing.quota.models import Channel


def ticket_of(found: BookingRead, view: BookingView) -> dict[str, Any]:
    """What a ticket shows, to its account and to whoever looked it up."""
    office, there = view.office, where.where_of(found)
    return {
        "booking": view,
        "office": office,
        "when": formatting.day(view.day),
        "hours": words.between(view.starts_at, view.ends_at, office),
        "status": components.status(view.state, view.state_label),
        "qr": tickets.qr_svg(found) if view.has_ticket else "",
        "people": [_person(place) for place in view.places if place.is_live or not view.has_ticket],
        # Some have come and some have not: then each name says which.
        "is_apart": len({place.state for place in view.live_places}) > 1,
        "left": [_person(place) for place in view.places if not place.is_live and view.has_ticket],
        "bring": _bring(view),
        "examined": _examined(view),
        "arrive": "" if view.state == Place.State.CHECKED_IN else words.arrive_early(),
        "facts": _facts(view, there),
        "there": there,
        "move_last": words.moment(view.move_last, office),
        "moved_to": grouped(view.moved_to_code),
        "closed": _closed(found, view),
        "ends": " ".join(_end(place) for place in view.places) if view.ended_apart else "",
        "moved_from": grouped(view.moved_from_code),
        "first_right": _first_right(view),
        # The address that is shared says nothing; the code goes along as text, by choice.
        "share_text": _("Janji temu paspor %(code)s: %(day)s, %(hours)s di %(office)s")
        % {
            "code": view.code_grouped,
            "day": formatting.day(view.day),
            "hours": words.between(view.starts_at, view.ends_at, office),
            "office": office.name,
        },
    }


def _closed(found: BookingRead, view: BookingView) -> str:
    """Why the office closed this visit's hour, as a sentence; empty of one that it did not."""
    if not any(place.state == Place.State.CLOSED_BY_OFFICE for place in view.places):
        return ""
    return words.because(found.slot.closed_why)


def stands_for(found: BookingRead) -> dict[str, str] | None:
    """The visit that the office closed and gave this one for: code, day, hours, and why."""
    closed = replacements.closed_before(found)
    if closed is None:
        return None
    return words.visit(closed.code, closed.slot) | {"why": words.because(closed.slot.closed_why)}


def _end(place: selectors.PlaceView) -> str:
    """What became of one person, as a sentence."""
    if place.moved_to_code:
        text = _("%(name)s: %(state)s, kode %(code)s.")
    else:
        text = _("%(name)s: %(state)s.")
    return text % {
        "name": place.name,
        "state": place.state_label,
        "code": grouped(place.moved_to_code),
    }


def _person(place: selectors.PlaceView) -> dict[str, Any]:
    return {
        "name": place.name,
        "what": f"{_errand(place)}\u00a0· {place.passport_type_label}",
        "entitlement": place.entitlement_label,
        "nik": place.nik,
        "status": components.status(place.state, place.state_label),
    }


def _errand(place: selectors.PlaceView) -> str:
    return errand_words.whole(place, is_under_age=place.is_under_age)


def _facts(view: BookingView, there: Where) -> list[dict[str, str]]:
    office = view.office
    facts = [{"term": _("Kantor"), "text": office.name, "note": office.regency}]
    if there.address:
        term = _("Tempat") if there.place else _("Alamat")
        facts.append({"term": term, "text": there.address})
    if there.note:
        facts.append({"term": _("Keterangan"), "text": there.note})
    if there.coordinates:
        facts.append(
            {
                "term": _("Letak"),
                "links": components.map_links(office),
                "note": there.coordinates,
            }
        )
    if office.phone:
        facts.append({"term": _("Telepon"), "text": office.phone})
    if view.channel_label != Channel.ONLINE.label:
        facts.append({"term": _("Jalur"), "text": formatting.capitalised(view.channel_label)})
    return facts


def _bring(view: BookingView) -> list[dict[str, Any]]:
    """The originals for each kind of person in this visit, by the names that may be shown."""
    lists = documents.lists(
        (place.name, Errand.of(place), place.is_under_age) for place in view.places if place.is_live
    )
    return [
        {
            "who": ", ".join(names),
            "is_shared": len(names) > 1,
            "items": documents.with_sources(items),
        }
        for names, items in lists
    ]


def _examined(view: BookingView) -> str:
    """That somebody's old passport is looked into first, as a sentence; else nothing."""
    said = documents.examined(place.kind for place in view.places if place.is_live)
    return _(said) if said else ""


def _first_right(view: BookingView) -> str:
    until = [place.first_right_until for place in view.places if place.first_right_until]
    return words.moment(max(until), view.office) if until else ""
