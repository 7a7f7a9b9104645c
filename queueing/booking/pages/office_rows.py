"""The offices of a list, each with its first day with room. Reads; knows no request."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from offices import outline
from offices.models import Office, PassportType
from paspor.kernel import formatting
from queueing.booking.pages import picker
from queueing.booking.presentation.choice import Choice
from queueing.quota import nearest, openings, search
from queueing.quota.nearest import FirstRooms
from queueing.quota.search import Point, Seen, Sought

BY_DISTANCE, BY_DAY, BY_NAME = "jarak", "hari", "nama"


def sought(choice: Choice, radius_km: int | None = None) -> Sought:
    return Sought(choice.people, choice.passport_type, radius_km, choice.before)


def rooms_for(choice: Choice, now: datetime) -> FirstRooms:
    """A visit that moves goes to one hour."""
    return nearest.first_rooms(
        people=choice.people, now=now, channel=choice.channel, pairs=not choice.moving
    )


def find(
    offices: Sequence[Office], rooms: FirstRooms, choice: Choice, town: Office | None
) -> list[Seen]:
    return search.look(offices, rooms, sought(choice), Point.of(town) if town else None)


def in_order(found: Sequence[Seen], order: str, before: date | None = None) -> list[Seen]:
    """Offices that do not offer what is asked for stand last, in time for ``before`` first."""

    def place(row: Seen) -> tuple[Any, ...]:
        rank = {
            BY_DISTANCE: (row.km or 0, row.office.name),
            BY_DAY: _rank_by_day(row),
            BY_NAME: (row.office.name,),
        }[order]
        return (not row.offers, before is not None and not row.in_time(before), *rank)

    return sorted(found, key=place)


def _rank_by_day(row: Seen) -> tuple[Any, ...]:
    """The soonest day first, of one day the nearest, then the earliest hour."""
    if row.room is None:
        return (True, row.km or 0, row.office.name)
    return (False, row.room.day, row.km or 0, row.room.starts_at)


def rows(found: Sequence[Seen], choice: Choice, now: datetime) -> list[dict[str, Any]]:
    """For components/row.html."""
    opening_of = local_openings([row.office for row in found], now)
    return [_row(row, choice, opening_of) for row in found]


def local_openings(offices: Sequence[Office], now: datetime) -> dict[int, datetime]:
    """When each opens quota next, by its own clock; who opens none soon is left out."""
    moments = openings.next_openings(offices, now)
    return {
        office.pk: moments[office.pk].astimezone(office.zone)
        for office in offices
        if office.pk in moments
    }


def common_opening(offices: Sequence[Office], now: datetime) -> str:
    """The day and hour at which all of them open, each by its own clock; else nothing."""
    moments = {opening.replace(tzinfo=None) for opening in local_openings(offices, now).values()}
    if len(moments) != 1:
        return ""
    (moment,) = moments
    return _("%(day)s, pukul %(clock)s") % {
        "day": formatting.day(moment.date()),
        "clock": formatting.clock(moment),
    }


def _row(row: Seen, choice: Choice, opening_of: Mapping[int, datetime]) -> dict[str, Any]:
    office = row.office
    said = {
        "title": office.name,
        "href": reverse("queueing:office", args=[office.code]) + choice.query,
        "text": _place(row),
    }
    if not row.offers:
        label = _("Tidak dilayani")
        return said | {
            "status": {"icon": "ban", "label": label},
            "note": _("Jenis paspor ini tidak dilayani di sini; yang dilayani: %(types)s.")
            % {"types": _types(office)},
        }
    if row.room is None:
        return said | _without_room(row, opening_of.get(office.pk))
    late = choice.before is not None and row.room.day > choice.before
    notes = [
        _("Sesudah tanggal Anda.") if late else "",
        _("Dalam dua jam berurutan.") if row.room.beside else "",
    ]
    return said | {
        "note": " ".join(note for note in notes if note),
        "status": {
            "tone": "warning" if late else "success",
            "icon": "clock" if late else "circle-check",
            "label": formatting.day_short(row.room.day),
        },
        "side": picker.seats_left(row.room.seats),
    }


def _without_room(row: Seen, opening: datetime | None) -> dict[str, Any]:
    """Full is what has been opened; an office that has opened nothing is not full."""
    opens = _next_words(row.office, opening)
    if row.opened_until is None:
        return {"status": {"icon": "clock", "label": _("Belum dibuka")}, "note": opens}
    until = _("Penuh sampai %(day)s.") % {"day": formatting.day_short(row.opened_until)}
    return {"status": {"icon": "circle-x", "label": _("Penuh")}, "note": f"{until} {opens}"}


def _types(office: Office) -> str:
    return ", ".join(str(PassportType(value).label).lower() for value in office.passport_types)


def _next_words(office: Office, opening: datetime | None) -> str:
    if opening is None:
        return _("Pembukaan kuota berikutnya belum dijadwalkan.")
    return _("Kuota berikutnya %(day)s, %(clock)s") % {
        "day": formatting.day_short(opening.date()),
        "clock": f"{formatting.clock(opening)} {office.zone_name}",
    }


def _place(row: Seen) -> str:
    said = [f"{row.office.regency}, {row.office.province}"]
    if row.km is not None and row.km >= 1:
        said.append(_("±\u00a0%(km)s\u00a0km") % {"km": round(row.km)})
    if row.office.needs_referral:
        said.append(_("perlu kode rujukan"))
    return " · ".join(said)


def drawn(found: Sequence[Seen], before: date | None) -> dict[str, Any]:
    """Where they lie, for components/outline.html; those with room last, over the others."""
    points = [
        (outline.place(float(row.office.latitude), float(row.office.longitude)), row)
        for row in found
    ]
    frame = outline.around([at for at, _row in points])
    signs = [
        {
            "at": outline.written(*at),
            "sign": "serving" if row.offers and row.in_time(before) else "closed",
        }
        for at, row in points
    ]
    signs.sort(key=lambda point: point["sign"])
    return {"view_box": frame.view_box, "scale": f"{frame.scale:g}", "points": signs}


def with_room(
    office: Office, offices: Sequence[Office], choice: Choice, rooms: FirstRooms
) -> list[Seen]:
    """The three nearest other offices with room, for who finds this one full."""
    others = [
        row
        for row in find(offices, rooms, choice, office)
        if row.room and row.offers and not row.office.needs_referral and row.office != office
    ]
    return in_order(others, BY_DISTANCE)[:3]
