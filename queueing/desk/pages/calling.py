"""One counter at work: whom it has called, who waits, and the acts on numbers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from offices.models import Office
from offices.officer_pages import office_choice, say_refusal
from offices.rules import Act
from paspor.kernel import formatting, once_door
from paspor.kernel.errors import DomainError
from paspor.kernel.idempotency import KeyReused
from queueing.booking import words as booking_words
from queueing.booking.models import Place
from queueing.booking.presentation import components
from queueing.booking.services.events import Why
from queueing.desk import errors, queue_selectors, selectors, words
from queueing.desk.forms import CallForm, SitForm
from queueing.desk.models import Letter, QueueNumber
from queueing.desk.pages import doors, guests_shown
from queueing.desk.queue_selectors import QueueOfDay
from queueing.desk.selectors import Guest
from queueing.desk.services import calling, sittings

# Whom the page lists of those who wait; how many there are it always says.
MOST_WAITING = 8
LANES = {
    Letter.BOOKED: ("", "calendar"),
    Letter.PRIORITY: ("info", "wheelchair"),
    Letter.WALK_IN: ("", "user"),
}

start = office_choice(Act.SERVE, "desk:calling", gettext_lazy("Panggilan"))


@never_cache
@require_safe
@doors.calling
def page(request: HttpRequest, office: Office) -> HttpResponse:
    now = timezone.now()
    queue = queue_selectors.queue_of(office, request.user, now=now)
    waiting = queue.waiting[:MOST_WAITING]
    left = queue_selectors.left_behind(office, now=now)
    listed = [*waiting, *queue.held, *queue.elsewhere, *queue.done]
    rows = _Rows(office, queue_selectors.people_of(listed))
    shown = {
        "office": office,
        "counter": queue.counter,
        "mine": _mine(queue.mine, office, now) if queue.mine else None,
        "seen": _fingerprint(queue),
        "next": queue.waiting[0].label if queue.waiting else "",
        "waiting": [rows.waiting(queued, now) for queued in waiting],
        "more": max(0, len(queue.waiting) - MOST_WAITING),
        "all_waiting": f"{reverse('desk:today', args=[office.code])}?tampil=hadir",
        "counts": _counts(queue),
        "held": [rows.row(queued) for queued in queue.held],
        "elsewhere": [
            rows.row(queued) | {"left_by": left.get(queued.counter or 0)}
            for queued in queue.elsewhere
        ],
        "done": [rows.done(queued, queue.newest[queued.booking_id]) for queued in queue.done],
        "turn_away_reasons": words.TURN_AWAY_REASONS.items(),
        "fresh": components.fresh(now, office, now),
        "token": once_door.new_token(),
    }
    if queue.counter is None:
        shown |= _seats(request, office, left, now)
    return render(request, "queueing_desk/calling.html", shown)


@never_cache
@require_POST
@doors.calling
def sit(request: HttpRequest, office: Office) -> HttpResponse:
    """Take a counter, or leave it."""
    now = timezone.now()
    here = redirect("desk:calling", office.code)
    try:
        if "leave" in request.POST:
            sittings.leave(officer=request.user, office=office, now=now)
            return here
        form = SitForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(form.errors["counter"]))
            return here
        sittings.sit(officer=request.user, office=office, now=now, **form.cleaned_data)
    except errors.CounterTaken as refusal:
        here["Location"] += f"?loket={refusal.params['counter']}"
    except DomainError as refusal:
        say_refusal(request, refusal)
    return here


@never_cache
@require_POST
@doors.calling
def act(request: HttpRequest, office: Office) -> HttpResponse:
    """One act on a number, once for each form; refusals come back as a message."""
    form = CallForm(request.POST)
    here = there = redirect("desk:calling", office.code)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return here
    said = form.cleaned_data
    if said["back"]:
        there = redirect("desk:booking", office.code, said["back"])
    try:
        who = request.POST.getlist("who") or None
        label = once_door.once(request, lambda: _do(request.user, office, said | {"who": who}))
    except (DomainError, KeyReused) as refusal:
        say_refusal(request, refusal)
        return there
    if done := _done_words(office, said | {"who": who, "now": label}):
        messages.success(request, done)
    # Whoever was called stands on the counter's own page.
    return here if said["act"] == "chosen" else there


def _do(officer: User, office: Office, said: dict[str, Any]) -> str:
    """Carry it out; the number that the act was about."""
    whom: dict[str, Any] = {"officer": officer, "office": office, "now": timezone.now()}
    if said["act"] == "next":
        return calling.call_next(**whom).label
    whom["label"] = said["number"]
    why = Why(said["reason"], said["note"])
    if said["act"] in SOME:
        whom["people"] = said["who"]
    if said["act"] == "turn_away":
        return calling.turn_away(**whom, why=why).label
    if said["act"] == "chosen":
        return calling.call_chosen(**whom, why=why).label
    if said["act"] == "priority":
        return calling.give_priority(**whom, why=why, has_proof=said["has_proof"]).label
    return SERVICES[said["act"]](**whom).label


SERVICES: dict[str, Callable[..., QueueNumber]] = {
    "again": calling.call_again,
    "start": calling.start,
    "hold": calling.hold,
    "back": calling.put_back,
    "held": calling.call_held,
    "finish": calling.finish,
    "gone": calling.gone,
    "undo": calling.take_back,
}


# These may be about some people of a number.
SOME = ("finish", "turn_away", "gone")


def _done_words(office: Office, said: Mapping[str, Any]) -> str:
    """What was done, where the page does not show it at once: of some people by name."""
    if not said["who"] or said["act"] not in SOME:
        return str(words.CALLED.get(said["act"], "")) % said
    queued = queue_selectors.number_of(office, said["number"], now=timezone.now())
    who = ", ".join(selectors.names_of(queued.booking, said["who"]))
    return words.CALLED_SOME[said["act"]] % {"who": who}


def _seats(
    request: HttpRequest, office: Office, left: Mapping[int, str], now: datetime
) -> dict[str, Any]:
    """Who sits where, for whoever has not sat down yet; and the counter they asked for."""
    taken = queue_selectors.sitting_now(office, now=now)
    wanted = request.GET.get("loket", "")
    asked = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    return {
        "seats": [
            {"counter": counter, "who": who, "is_left": counter in left}
            for counter, who in taken.items()
        ],
        "taken": {"counter": asked, "who": taken[asked], "is_left": asked in left}
        if asked in taken
        else None,
    }


def _fingerprint(queue: QueueOfDay) -> str:
    """Changes whenever what stands on this counter's own half of the page does."""
    mine = queue.mine
    if mine:
        return f"{queue.counter}:{mine.label}:{mine.state}:{mine.calls}"
    return f"{queue.counter}::{queue.waiting[0].label if queue.waiting else ''}"


def _mine(queued: QueueNumber, office: Office, now: datetime) -> dict[str, Any]:
    booking = selectors.booking_at(office, queued.booking.code)
    patience = queue_selectors.patience_at(office, now=now)
    opens_at = patience.gone_from(queued.awaited_since or now)
    gone_from = _next_minute(opens_at, office) if now < opens_at else ""
    guests = selectors.guests_of(booking, now=now)
    people = [guests_shown.guest_row(guest) for guest in guests if guest.state == "CHECKED_IN"]
    called_at = booking_words.clock(queued.last_called_at or now, office)
    return {
        "label": queued.label,
        "code": queued.booking.code,
        "is_serving": queued.state == QueueNumber.State.SERVING,
        "people": people,
        "others": [f"{guest.name}: {guest.state_label}" for guest in _others(guests)],
        "calls": ngettext(
            "Dipanggil %(n)s kali, terakhir pukul %(at)s",
            "Dipanggil %(n)s kali, terakhir pukul %(at)s",
            queued.calls_now,
        )
        % {"n": queued.calls_now, "at": called_at},
        "may_be_gone": queued.calls_now >= patience.calls,
        "needed": patience.calls,
        "gone_from": gone_from,
    }


def _next_minute(at: datetime, office: Office) -> str:
    """A moment told by the minute, and never too early."""
    return booking_words.clock(at + timedelta(seconds=59), office)


def _others(guests: Sequence[Guest]) -> list[Guest]:
    """Those of the booking who are not at the counter: still to come, or done."""
    elsewhere = set(selectors.SHOWN) - {"CHECKED_IN"}
    return [guest for guest in guests if guest.state in elsewhere]


@dataclass(frozen=True)
class _Rows:
    """The lists of numbers, each with the names of its people, as the day's list has them."""

    office: Office
    people: Mapping[int, Sequence[Place]]

    def waiting(self, queued: QueueNumber, now: datetime) -> dict[str, Any]:
        tone, icon = LANES[Letter(queued.letter)]
        waited = formatting.elapsed_in_two_units(queued.arrived_at, now)
        from_when = _("jam %(clock)s") % {"clock": booking_words.clock(queued.due_at, self.office)}
        return self.row(queued) | {
            "tone": tone,
            "icon": icon,
            "lane": formatting.capitalised(queued.get_letter_display()),
            "waited": from_when if queued.due_at > now else waited,
        }

    def row(self, queued: QueueNumber) -> dict[str, Any]:
        people = self.people[queued.pk]
        state = words.of_number(queued, [place.state for place in people])
        return {
            "label": queued.label,
            "who": ", ".join(place.applicant.name for place in people),
            "href": reverse("desk:booking", args=[self.office.code, queued.booking.code]),
            "counter": queued.counter,
            "state": formatting.capitalised(state),
        }

    def done(self, queued: QueueNumber, newest: QueueNumber) -> dict[str, Any]:
        """Who came again has a later number, and nothing of this one is to be taken back."""
        row = self.row(queued)
        if newest == queued:
            return row | {"may_undo": True}
        again = _("diterima lagi: %(number)s") % {"number": newest.label}
        return row | {"may_undo": False, "state": f"{row['state']}, {again}"}


def _counts(queue: QueueOfDay) -> list[str]:
    """Of which letter how many wait."""
    by = Counter(Letter(queued.letter) for queued in queue.waiting)
    said = {
        Letter.BOOKED: ngettext("%(n)s janji temu", "%(n)s janji temu", by[Letter.BOOKED]),
        Letter.PRIORITY: ngettext("%(n)s prioritas", "%(n)s prioritas", by[Letter.PRIORITY]),
        Letter.WALK_IN: ngettext(
            "%(n)s datang langsung", "%(n)s datang langsung", by[Letter.WALK_IN]
        ),
    }
    return [text % {"n": by[letter]} for letter, text in said.items() if by[letter]]
