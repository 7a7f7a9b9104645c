"""Closing a day and opening it again: who is booked is said before anything is done."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from offices.models import Approval, Office
from offices.officer_pages import office_choice, say_refusal
from offices.presentation import approval_status
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.errors import DomainError
from queueing.booking import alternatives
from queueing.booking import words as booking_words
from queueing.booking.alternatives import Outlook
from queueing.booking.services import closing as bookings
from queueing.desk import hours_selectors, request_selectors, rules
from queueing.desk.errors import AffectedChanged
from queueing.desk.forms import CloseDayForm, ClosingHoursForm, ReopenDayForm
from queueing.desk.hours_selectors import DayAhead
from queueing.desk.pages import doors
from queueing.desk.presentation import closings
from queueing.desk.presentation.outlook import closing_outlook
from queueing.quota.services import closing as quota

start = office_choice(Act.CLOSE_DAY, "desk:close", gettext_lazy("Tutup hari"))
# In the address: the hours that are closed are to open again.
REOPEN = "buka"
# Of the form: the button that looks before it closes, and the hours whose effect was shown.
LOOK, SHOWN = "lihat", "dilihat"


@dataclass(frozen=True)
class Closure:
    """Some hours of a day, or all that is left of it, and what closing them would do."""

    office: Office
    found: DayAhead
    since: time | None
    outlook: Outlook

    @property
    def when(self) -> str:
        return booking_words.day_since(self.found.day, self.since)


@never_cache
@require_safe
@doors.closing
def choose(request: HttpRequest, office: Office) -> HttpResponse:
    """The days that have quota, with how many people are booked on each."""
    days = hours_selectors.days_ahead(office, now=timezone.now())
    rows = [_row(office, found) for found in days]
    return render(request, "queueing_desk/close_choose.html", {"office": office, "rows": rows})


@never_cache
@require_safe
@doors.closing
def day(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    """What closing would do, from the hour that was chosen; or opening what is closed."""
    found = _day(office, day)
    if found.is_closed or (found.closed and REOPEN in request.GET):
        return _reopening(request, office, found, ReopenDayForm())
    which = ClosingHoursForm(request.GET, hours=found.serving)
    closure = _closure(office, found, which.since if which.is_valid() else None)
    return _page(request, closure, _unsent(request.user, closure, {}))


@never_cache
@require_POST
@doors.closing
def close(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    """Close the hours, if as many people are concerned as the officer was told.

    Of other hours than were shown it is first told what closing them would do: what was typed
    stays, and is not judged yet.
    """
    found = _day(office, day)
    which, form = ClosingHoursForm(request.POST, hours=found.serving), CloseDayForm(request.POST)
    if not which.is_valid():
        messages.error(request, _("Jam itu tidak melayani lagi. Periksa sekali lagi."))
        return redirect("desk:close-day", office.code, found.day)
    closure = _closure(office, found, which.since)
    if LOOK in request.POST or request.POST.get(SHOWN) != request.POST["mulai"]:
        typed = {name: request.POST.get(name, "") for name in ("reason", "why")}
        return _page(request, closure, _unsent(request.user, closure, typed))
    if not form.is_valid():
        return _page(request, closure, form, status=422)
    return _close(request, closure, form)


def _close(request: HttpRequest, closure: Closure, form: CloseDayForm) -> HttpResponse:
    """Do it, and say what was done; the form again where that is refused."""
    office, day = closure.office, closure.found.day
    why = Why(form.cleaned_data["reason"], form.cleaned_data["why"])
    try:
        rules.check_shown(shown=form.cleaned_data["seen"], found=closure.outlook.people)
        done = bookings.close_day(
            office=office,
            day=day,
            since=closure.since,
            why=why,
            officer=request.user,
            now=timezone.now(),
        )
    except AffectedChanged as refusal:
        say_refusal(request, refusal)
        again = CloseDayForm(initial=form.cleaned_data | {"seen": closure.outlook.people})
        return _page(request, closure, again, status=409)
    except DomainError as refusal:
        say_refusal(request, refusal, note=why.note)
        return _page(request, closure, form, status=409)
    messages.success(request, _result_words(closure, done))
    return redirect("desk:close-day", office.code, day)


@never_cache
@require_POST
@doors.closing
def reopen(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    found = _day(office, day)
    form = ReopenDayForm(request.POST)
    if not form.is_valid():
        return _reopening(request, office, found, form, status=422)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["note"])
    try:
        quota.reopen_day(
            office=office, day=found.day, why=why, officer=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        text = _("%(day)s dibuka kembali.") % {"day": formatting.day(found.day)}
        messages.success(request, text)
    return redirect("desk:close-day", office.code, found.day)


def _day(office: Office, text: str) -> DayAhead:
    """404 where the day has no quota, or nothing of it is left."""
    try:
        on = date.fromisoformat(text)
    except ValueError as problem:
        raise Http404 from problem
    found = hours_selectors.days_ahead(office, now=timezone.now(), only=on)
    if not found:
        raise Http404
    return found[0]


def _closure(office: Office, found: DayAhead, since: time | None) -> Closure:
    now = timezone.now()
    hours = hours_selectors.hours_closing(office, found.day, since, now=now)
    return Closure(office, found, since, alternatives.outlook(office, hours, now=now))


def _standing(officer: User, closure: Closure) -> Approval | None:
    return request_selectors.closing_asked(
        officer, closure.office, closure.found.day, closure.since, now=timezone.now()
    )


def _unsent(officer: User, closure: Closure, typed: dict[str, str]) -> CloseDayForm:
    """With what was typed, else what was asked of a second officer for these hours."""
    standing = _standing(officer, closure)
    asked = {"reason": standing.reason, "why": standing.note} if standing else {}
    given = {name: text for name, text in typed.items() if text.strip()}
    return CloseDayForm(initial={"seen": closure.outlook.people} | asked | given)


def _page(
    request: HttpRequest, closure: Closure, form: CloseDayForm, status: int = 200
) -> HttpResponse:
    office, found = closure.office, closure.found
    standing = _standing(request.user, closure)
    chosen = f"{closure.since:%H:%M}" if closure.since else ClosingHoursForm.ALL
    shown = _closing_context(closure.office, found) | {
        "when": closure.when,
        "form": form,
        "which": ClosingHoursForm(initial={"mulai": chosen}, hours=found.serving),
        "shown": chosen,
        "closes_part": closure.since is not None,
        "outlook": closing_outlook(closure.outlook, office, request.user),
        "needs_second": bool(closure.outlook.people or closure.outlook.here),
        "standing": approval_status(standing, office) if standing else None,
    }
    return render(request, "queueing_desk/close_day.html", shown, status=status)


def _reopening(
    request: HttpRequest, office: Office, found: DayAhead, form: ReopenDayForm, status: int = 200
) -> HttpResponse:
    shown = _closing_context(office, found) | {"when": formatting.day(found.day), "form": form}
    return render(request, "queueing_desk/reopen_day.html", shown, status=status)


def _closing_context(office: Office, found: DayAhead) -> dict[str, Any]:
    return {
        "office": office,
        "found": found,
        "closed_hours": ", ".join(formatting.clock(hour) for hour in found.closed),
        "untold": closings.untold(office, found.day),
    }


def _people(count: int) -> str:
    return ngettext("%(n)s orang terjadwal", "%(n)s orang terjadwal", count) % {"n": count}


def _row(office: Office, found: DayAhead) -> dict[str, Any]:
    parts = _people(found.people) if found.serving else "", found.why
    row: dict[str, Any] = {
        "title": formatting.day(found.day),
        "text": ". ".join(filter(None, parts)),
        "href": reverse("desk:close-day", args=[office.code, found.day]),
    }
    if found.is_closed:
        row["status"] = {"tone": "warning", "icon": "ban", "label": _("Ditutup")}
    elif found.closed:
        row["status"] = {"tone": "warning", "icon": "ban", "label": _("Sebagian ditutup")}
    return row


def _result_words(closure: Closure, done: bookings.Closing) -> str:
    """What was really done, part by part; parts of nobody are left out."""
    texts = [_("%(when)s ditutup.") % {"when": closure.when}]
    if not (done.affected or done.here):
        texts.append(_("Tidak ada janji temu yang terdampak."))
    texts += [str(text) % {"n": count} for text, count in _parts(done) if count]
    return " ".join(texts)


def _parts(done: bookings.Closing) -> list[tuple[Any, int]]:
    return [
        (_("%(n)s janji temu mendapat jadwal pengganti."), done.moved),
        (
            _("%(n)s janji temu belum mendapat tempat dan didahulukan di pembukaan berikut."),
            done.first_right,
        ),
        (_("%(n)s pemesanan yang belum selesai diakhiri."), done.ended),
        (_("%(n)s menyusul dalam beberapa menit."), done.left),
        (_("%(n)s orang sudah hadir dan tetap diselesaikan di loket."), done.here),
        (
            _("%(n)s janji temu tanpa akun, tidak dapat diberi tahu lewat e-mail: lihat di bawah."),
            done.untold,
        ),
    ]
