"""How the counter's pages put one person: state, acts, what to look at."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from accounts import words as people_words
from accounts.rules import Identity
from accounts.selectors import Standing
from offices.models import Office
from offices.rules import Act
from paspor.kernel import formatting
from queueing.booking import documents
from queueing.booking import words as booking_words
from queueing.desk import words
from queueing.desk.models import QueueNumber
from queueing.desk.selectors import Guest

IDENTITY_TONES = {
    Identity.NOT_CHECKED: ("", "hourglass"),
    Identity.MATCHED: ("success", "circle-check"),
    Identity.DIFFERS: ("warning", "alert-triangle"),
    Identity.NOT_FOUND: ("error", "circle-x"),
    Identity.SEEN: ("success", "eye"),
}
TONES = {
    "CHECKED_IN": ("info", "user"),
    "SERVED": ("success", "check"),
    "NO_SHOW": ("error", "x"),
    "TURNED_AWAY": ("error", "x"),
    "VOIDED": ("error", "ban"),
}


def guest_row(guest: Guest, *, is_at_counter: bool = False) -> dict[str, Any]:
    """``is_at_counter``: their number was called, so that ending the visit is the next step."""
    tone, icon = TONES.get(guest.state, ("", "clock"))
    if guest.is_late:
        tone, icon = "warning", "alert-triangle"
    elif guest.is_unended:
        tone, icon = "", "info-circle"
    return {
        "guest": guest,
        "tone": tone,
        "icon": icon,
        "kind": guest.kind,
        "bring": documents.with_sources(guest.bring),
        "examined": _(documents.EXAMINED) if guest.is_examined else "",
        "label": _("Terlambat") if guest.is_late else formatting.capitalised(guest.state_label),
        "is_expected": guest.state == "BOOKED" and not guest.is_late,
        "acts": [
            {
                "act": act,
                "label": words.ACTS[act],
                "is_next": act == Act.CHECK_IN or (act == Act.SERVE and is_at_counter),
                "needs_reason": act == Act.CHECK_IN and guest.is_late,
                "reason_id": f"t-{guest.applicant_code}",
                # Of the others a press is enough.
                "has_page": act == Act.NO_SHOW,
            }
            for act in guest.acts
            if act != Act.TURN_AWAY
        ],
        "may_turn_away": Act.TURN_AWAY in guest.acts,
        "warnings": [words.WARNINGS[code] for code in guest.warnings if code in words.WARNINGS],
        "identity": _identity(guest.identity),
    }


def _identity(standing: Standing) -> dict[str, Any]:
    tone, icon = IDENTITY_TONES[standing.identity]
    text = words.IDENTITY.get(standing.identity, "")
    return {
        "tone": tone,
        "icon": icon,
        "label": formatting.capitalised(people_words.IDENTITY[standing.identity]),
        "text": text % {"fields": people_words.fields(standing.differing)} if text else "",
        # Where nothing was asked of the registry there is nothing to tell.
        "is_told": standing.identity != Identity.NOT_CHECKED,
        "needs_look": standing.identity in words.IDENTITY,
    }


def number(queued: QueueNumber | None, people: Iterable[Guest] = ()) -> dict[str, str] | None:
    """The queue number with what is of it: in the queue, at which counter, or what became of
    those of the booking's ``people`` who came under it.
    """
    if queued is None:
        return None
    came = [guest.state for guest in people if guest.came_since(queued.arrived_at)]
    at_counter = _("%(state)s, loket %(counter)s") % {
        "state": queued.get_state_display(),
        "counter": queued.counter,
    }
    is_there = queued.state in QueueNumber.AT_COUNTER
    return {
        "label": queued.label,
        "state": at_counter if is_there else words.of_number(queued, came),
    }


def early(people: Iterable[Guest], office: Office) -> str:
    """From when they may be received, where that is still to come: 09.30 WIB."""
    waiting = [guest.comes_from for guest in people if guest.comes_from]
    return booking_words.clock(min(waiting), office) if waiting else ""
