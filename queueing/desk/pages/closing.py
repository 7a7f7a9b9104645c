"""Closing a day and opening it again: who is booked is said before anything is done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
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
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.booking import replacements
from queueing.booking import words as said
from queueing.booking.pages import show
from queueing.booking.replacements import Untold
from queueing.booking.services import closing as bookings
from queueing.desk import rules, selectors
from queueing.desk.errors import AffectedChanged
from queueing.desk.forms import CloseDayForm, ReopenDayForm
from queueing.desk.pages import doors
from queueing.desk.selectors import DayAhead
from queueing.quota.services import closing as quota
from queueing.quota.services import days as quota_days

start = doors.start(Act.CLOSE_DAY, "desk:close", gettext_lazy("Tutup hari"))


@never_cache
@require_safe
@doors.closing
def choose(request: HttpRequest, office: Office) -> HttpResponse:
    """The days that have quota, with how many people are booked on each."""
    days = selectors.days_ahead(office, now=timezone.now())
    rows = [_row(office, found) for found in days]
    return render(request, "queueing_desk/close_choose.html", {"office": office, "rows": rows})


@never_cache
@require_safe
@doors.closing
def day(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    found = _day(office, day)
    standing = _standing(request.user, office, found.day)
    if found.is_closed:
        return _page(request, office, found, ReopenDayForm())
    asked = {"reason": standing.reason, "why": standing.note} if standing else {}
    return _page(request, office, found, CloseDayForm(initial={"seen": found.people} | asked))


@never_cache
@require_POST
@doors.closing
def close(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    """Close the day, if as many people are booked as the officer was told."""
    found = _day(office, day)
    form = CloseDayForm(request.POST)
    if not form.is_valid():
        return _page(request, office, found, form, status=422)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["why"])
    try:
        rules.check_shown(shown=form.cleaned_data["seen"], found=found.people)
        done = bookings.close_day(
            office=office, day=found.day, why=why, officer=request.user, now=timezone.now()
        )
    except AffectedChanged as refusal:
        doors.tell(request, refusal, office)
        again = CloseDayForm(initial=form.cleaned_data | {"seen": found.people})
        return _page(request, office, found, again, status=409)
    except DomainError as refusal:
        doors.tell(request, refusal, office, note=why.note)
        return _page(request, office, found, form, status=409)
    messages.success(request, _told(found.day, done))
    return redirect("desk:close-day", office.code, found.day)


@never_cache
@require_POST
@doors.closing
def reopen(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    found = _day(office, day)
    form = ReopenDayForm(request.POST)
    if not form.is_valid():
        return _page(request, office, found, form, status=422)
    why = Why(form.cleaned_data["reason"], form.cleaned_data["note"])
    try:
        quota.reopen_day(
            office=office, day=found.day, why=why, officer=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        doors.tell(request, refusal, office)
    else:
        text = _("%(day)s dibuka kembali.") % {"day": said.day(found.day)}
        messages.success(request, text)
    return redirect("desk:close-day", office.code, found.day)


# --- Showing ---------------------------------------------------------------------------


def _day(office: Office, text: str) -> DayAhead:
    """404 where the day has no quota, or nothing of it is left."""
    try:
        on = date.fromisoformat(text)
    except ValueError as problem:
        raise Http404 from problem
    found = selectors.days_ahead(office, now=timezone.now(), only=on)
    if not found:
        raise Http404
    return found[0]


def _standing(officer: User, office: Office, on: date) -> Approval | None:
    subject = quota_days.subject_of(office, on)
    return selectors.request_standing(officer, Act.CLOSE_DAY, subject, office, now=timezone.now())


def _page(
    request: HttpRequest, office: Office, found: DayAhead, form: Form, status: int = 200
) -> HttpResponse:
    standing = _standing(request.user, office, found.day)
    shown = {
        "office": office,
        "found": found,
        "when": said.day(found.day),
        "form": form,
        "standing": doors.standing_words(standing, office) if standing else None,
        "untold": untold(office, found.day),
    }
    return render(request, "queueing_desk/close_day.html", shown, status=status)


def _people(count: int) -> str:
    return ngettext("%(n)s orang terjadwal", "%(n)s orang terjadwal", count) % {"n": count}


def _row(office: Office, found: DayAhead) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": said.day(found.day),
        "text": found.why or _people(found.people),
        "href": reverse("desk:close-day", args=[office.code, found.day]),
    }
    if found.is_closed:
        row["status"] = {"tone": "warning", "icon": "ban", "label": _("Ditutup")}
    return row


def _told(on: date, done: bookings.Closing) -> str:
    if not done.affected:
        return _("%(day)s ditutup. Tidak ada janji temu yang terdampak.") % {"day": said.day(on)}
    values = {
        "day": said.day(on),
        "settled": done.settled,
        "affected": done.affected,
        "untold": done.untold,
    }
    if done.settled == done.affected:
        told = _("%(day)s ditutup. %(affected)s janji temu sudah diatur gantinya.")
    else:
        told = _(
            "%(day)s ditutup. %(settled)s dari %(affected)s janji temu sudah diatur gantinya; "
            "sisanya menyusul dalam beberapa menit."
        )
    if done.untold:
        told += " " + _(
            "%(untold)s di antaranya tanpa akun dan tidak menerima e-mail: beri tahu mereka "
            "dengan cara lain, menurut daftar di bawah."
        )
    return told % values


def untold(office: Office, on: date) -> list[dict[str, Any]]:
    """Whom nobody could write to, for queueing_desk/_untold.html."""
    return [
        {
            "code": grouped(each.booking.code),
            "hours": said.hours_of(each.booking.slot),
            "people": each.people,
            **_instead(each, office),
        }
        for each in replacements.untold(office, on)
    ]


def _instead(each: Untold, office: Office) -> dict[str, str]:
    if each.instead is not None:
        slot = each.instead.slot
        return {
            "instead": f"{said.day(slot.day)}, {said.hours_of(slot)}",
            "instead_code": grouped(each.instead.code),
            "href": reverse("desk:booking", args=[office.code, each.instead.code]),
        }
    if each.first_right_until is not None:
        until = show.moment(each.first_right_until, office)
        return {"instead": _("didahulukan pada pembukaan berikutnya, sampai %s") % until}
    return {"instead": _("belum ada pengganti")}
