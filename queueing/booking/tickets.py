"""Tickets that can be checked without the server, and calendar entries.

The text of a QR code is ``P1.<key id>.<payload>.<signature>``, the last two base64url
without padding. The payload is UTF-8, its parts divided by "|": booking code, office
code, service day (YYYYMMDD, the office's own), start as seconds since 1970 UTC, number
of people. The signature is Ed25519 over everything before its dot. Nobody's name or
number is in it. TICKET_KEYS holds "id:base64 seed"; the first signs, all of them verify.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from paspor.kernel import ed25519
from paspor.kernel.codes import grouped
from queueing.booking import rules, where
from queueing.booking.errors import TicketInvalid
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead

VERSION = "P1"
KEYS = "TICKET_KEYS"
LONGEST = 400
LINE_OCTETS = 75
# Of the eight of ISO/IEC 18004; by its rules a twentieth worse than the best one of each text.
MASK = 2
# Of some 8 kB each: whoever looks at a ticket looks at it again.
KEPT_DRAWINGS = 500


@dataclass(frozen=True)
class Ticket:
    """What a QR code says. ``starts_at`` is aware, in UTC."""

    code: str
    office_code: str
    day: date
    starts_at: datetime
    people: int


@dataclass(frozen=True)
class TicketView:
    """A ticket to be shown: ``token`` is the text of the QR code."""

    code: str
    token: str
    qr_svg: SafeString


def ticket_of(booking: BookingRead) -> Ticket:
    slot = booking.slot
    live = [place for place in booking.places if place.state in Place.LIVE]
    return Ticket(
        code=booking.code,
        office_code=slot.office.code,
        day=slot.day,
        starts_at=slot.starts_at.astimezone(UTC),
        people=len(live),
    )


def public_keys() -> dict[str, str]:
    """Each key's id and its public half (32 bytes, base64url), for offices to keep offline."""
    return ed25519.public_keys(settings.TICKET_KEYS, name=KEYS)


def sign(ticket: Ticket) -> str:
    payload = "|".join(
        [
            ticket.code,
            ticket.office_code,
            f"{ticket.day:%Y%m%d}",
            str(int(ticket.starts_at.timestamp())),
            str(ticket.people),
        ]
    )
    key_id = ed25519.signing_key(settings.TICKET_KEYS, name=KEYS)
    signed = f"{VERSION}.{key_id}.{ed25519.encoded(payload.encode())}"
    return f"{signed}.{ed25519.sign(signed.encode(), settings.TICKET_KEYS, name=KEYS)}"


def verify(token: str, *, keys: Mapping[str, str] | None = None) -> Ticket:
    """What a genuine ticket says; raises TicketInvalid for any other text.

    Needs only the public ``keys``, so an office cut off from the centre can do it too.
    Genuine is not valid: a visit may have been cancelled or moved since.
    """
    known = public_keys() if keys is None else keys
    try:
        if len(token) > LONGEST:
            raise TicketInvalid
        signed, _dot, signature = token.strip().rpartition(".")
        version, key_id, payload = signed.split(".")
        if version != VERSION:
            raise TicketInvalid
        ed25519.check(signed.encode(), signature, key_id=key_id, keys=known)
        code, office_code, day, starts_at, people = ed25519.decoded(payload).decode().split("|")
        return Ticket(
            code=code,
            office_code=office_code,
            day=date.fromisoformat(day),
            starts_at=datetime.fromtimestamp(int(starts_at), UTC),
            people=int(people),
        )
    except (KeyError, ValueError, OverflowError):
        raise TicketInvalid from None


def ticket(booking: BookingRead) -> TicketView:
    token = sign(ticket_of(booking))
    return TicketView(code=booking.code, token=token, qr_svg=_svg(token, booking.code))


def qr_svg(booking: BookingRead) -> SafeString:
    """The signed QR code as an SVG to stand in a page: no size, no style of its own."""
    return ticket(booking).qr_svg


def _svg(token: str, code: str) -> SafeString:
    label = escape(_("Kode QR janji temu %(code)s") % {"code": grouped(code)})
    drawn = _drawn(token).replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return mark_safe(drawn)  # noqa: S308  # made here; the label is escaped


@lru_cache(KEPT_DRAWINGS)
def _drawn(token: str) -> str:
    """A signature is as good as noise, so any mask gives a picture that can be read; trying all
    eight takes three quarters of the time of a ticket.
    """
    out = io.BytesIO()
    segno.make(token, error="m", micro=False, mask=MASK).save(
        out,
        kind="svg",
        xmldecl=False,
        nl=False,
        omitsize=True,
        border=4,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue().decode()


def ics(visit: VisitFacts) -> str:
    """The visit as a calendar entry. Instants are in UTC, so every phone shows them right.

    The UID is the booking's own, so opening the file twice makes one entry; SEQUENCE grows
    with each move, each change of place and each person who leaves, so a later file wins.
    Where nobody comes any more the file takes the entry away again.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    people, coming = visit.people, visit.coming
    is_off = all(person.state in rules.CALLED_OFF | {Place.State.EXPIRED} for person in people)
    names = ", ".join(person.name for person in coming)
    ended = [person.ended_at for person in people if person.ended_at]
    there = where.of_visit(visit)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Paspor//Janji temu//ID",
        f"METHOD:{'CANCEL' if is_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{visit.code}@{host}",
        f"SEQUENCE:{visit.moves_used + visit.relocations + len(people) - len(coming)}",
        f"DTSTAMP:{_instant(max([visit.created_at, *ended]))}",
        f"DTSTART:{_instant(visit.starts_at)}",
        f"DTEND:{_instant(visit.ends_at)}",
        f"SUMMARY:{_text(_('Janji temu paspor %s') % grouped(visit.code))}",
        f"LOCATION:{_text(there.line)}",
        *([f"GEO:{there.coordinates.replace(', ', ';')}"] if there.coordinates else []),
        f"URL:{settings.SITE_URL}{reverse('queueing:check')}",
        *(["STATUS:CANCELLED"] if is_off else _coming(names)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _coming(names: str) -> list[str]:
    """Who comes, and an alarm on the day before."""
    return [
        f"DESCRIPTION:{_text(_('Pemohon: %s') % names)}",
        "STATUS:CONFIRMED",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(_('Janji temu paspor besok'))}",
        f"TRIGGER:-PT{int(timedelta(days=1).total_seconds() // 3600)}H",
        "END:VALARM",
    ]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, never through the middle of a character."""
    if len(line.encode()) <= LINE_OCTETS:
        return line
    pieces, piece = [], ""
    for character in line:
        limit = LINE_OCTETS if not pieces else LINE_OCTETS - 1
        if len((piece + character).encode()) > limit:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
