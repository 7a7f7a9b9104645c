"""A booking as the API gives it, put together by hand: serializers describe it (BookingOutput,
HistoryOutput), and copying their fields for each answer takes longer than the claim of a seat.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from offices.models import Office
from queueing.booking import documents
from queueing.booking.models import Booking
from queueing.booking.selectors import BookingView, PlaceView
from queueing.booking.timeline import Entry


def booking(view: BookingView) -> dict[str, Any]:
    return {
        "code": view.code,
        "state": view.state,
        "state_label": str(view.state_label),
        "channel": view.channel,
        "office": _office(view.office),
        "slot": view.slot_code,
        "day": view.day.isoformat(),
        "starts_at": _utc_text(view.starts_at),
        "ends_at": _utc_text(view.ends_at),
        "place": view.place,
        "note": view.note,
        "held_until": _utc_text(view.held_until),
        "created_at": _utc_text(view.created_at),
        "places": [_place(place) for place in view.places],
        "may_confirm": view.may_confirm,
        "may_cancel": view.may_cancel,
        "may_move": view.may_move,
        "has_ticket": view.has_ticket,
        "moves_left": view.moves_left,
        "cancel_until": _utc_text(view.cancel_until),
        "move_until": _utc_text(view.move_until),
        "moved_from": view.moved_from_code,
        "moved_to": view.moved_to_code,
        "beside": view.beside_code,
    }


def detail(
    view: BookingView, entries: Iterable[Entry], closed: Booking | None = None
) -> dict[str, Any]:
    """With what each person brings and goes through, and with what has happened; ``closed`` is
    the visit that its office closed and gave this one for.
    """
    shown = booking(view)
    for told, place in zip(shown["places"], view.places, strict=True):
        told["documents"] = papers(place.documents)
        told["examination"] = [_(sentence) for sentence in documents.examination(place.kind)]
    return shown | {"instead_of": _closed(closed), "history": history(entries)}


def _closed(booking: Booking | None) -> dict[str, Any] | None:
    if booking is None:
        return None
    slot = booking.slot
    starts_at, ends_at = (at.astimezone(slot.office.zone) for at in (slot.starts_at, slot.ends_at))
    return {
        "code": booking.code,
        "day": slot.day.isoformat(),
        "starts_at": _utc_text(starts_at),
        "ends_at": _utc_text(ends_at),
        "why": _(slot.closed_why) if slot.closed_why else "",
    }


def papers(items: Iterable[str]) -> list[dict[str, str]]:
    """In the reader's language."""
    return [dict(item) for item in _papers(tuple(items), get_language())]


@lru_cache(1000)
def _papers(items: tuple[str, ...], _language: str | None) -> list[dict[str, str]]:
    return [
        {name: _(text) for name, text in item.items()} for item in documents.with_sources(items)
    ]


def history(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "at": _utc_text(entry.at),
            "what": entry.what,
            "text": entry.text,
            "by": entry.by,
            "names": list(entry.names),
        }
        for entry in entries
    ]


def _office(office: Office) -> dict[str, Any]:
    return {
        "code": office.code,
        "name": office.name,
        "timezone": office.timezone,
        "zone_name": office.zone_name,
    }


def _place(place: PlaceView) -> dict[str, Any]:
    return {
        "applicant": place.applicant_code,
        "name": place.name,
        "state": place.state,
        "state_label": str(place.state_label),
        "kind": place.kind,
        "passport_type": place.passport_type,
        "old_passport": place.old_passport,
        "parents": place.parents,
        "entitlement": place.entitlement,
        "identity": place.identity,
        "differing": list(place.differing),
        "may_cancel": place.may_cancel,
        "may_move": place.may_move,
        "moved_to": place.moved_to_code,
        "first_right_until": _utc_text(place.first_right_until),
    }


def _utc_text(at: datetime | None) -> str | None:
    """What OfficeTimeField writes: UTC, which no office's clock shows, ends with Z."""
    return at.isoformat().replace("+00:00", "Z") if at else None
