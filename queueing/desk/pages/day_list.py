"""The day list of an office: making it, fetching it, printing it, and the office's key."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices import selectors as offices
from offices.models import Office
from offices.officer_pages import office_choice, say_refusal
from offices.rules import Act
from offices.services import office_keys
from paspor.kernel import formatting, problems
from paspor.kernel.codes import normalized
from paspor.kernel.errors import DomainError
from queueing.booking import words as booking_words
from queueing.desk import day_list_file, policies, selectors, told_offline, words
from queueing.desk import day_list_selectors as kept
from queueing.desk.forms import DayListForm, OfficeKeyForm, RecordForm
from queueing.desk.models import DayList
from queueing.desk.pages import doors, records
from queueing.desk.pages import offline as offline_page
from queueing.desk.selectors import Guest
from queueing.desk.services import day_lists

start = office_choice(Act.CHECK_IN, "desk:day-list", gettext_lazy("Daftar hari"))


@never_cache
@require_safe
@doors.counter
def show(request: HttpRequest, office: Office) -> HttpResponse:
    """The files that are there, the key, and how to go on without the portal."""
    now = timezone.now()
    today = office.today(now)
    lists, near = kept.day_lists_of(office, today), _near(office, now)
    return render(
        request,
        "queueing_desk/day_list.html",
        {
            "office": office,
            "form": DayListForm(initial={"day": near[-1]}),
            "days": [{"day": day, "words": formatting.day(day)} for day in near],
            "lists": [_file(made, office) for made in lists],
            "record_form": RecordForm(),
            "records": [records.row(made, office) for made in kept.records_of(office)],
            "key": _key(office),
            "may_set_key": offices.may(request.user, Act.OFFICE_KEY, office, now),
        },
    )


@never_cache
@require_POST
@doors.counter
def make(request: HttpRequest, office: Office) -> HttpResponse:
    form = DayListForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih harinya."))
        return redirect("desk:day-list", office.code)
    day = form.cleaned_data["day"]
    try:
        made = day_lists.make(officer=request.user, office=office, day=day, now=timezone.now())
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        told = {"day": formatting.day(day), "n": made.people}
        messages.success(request, _("Daftar %(day)s dibuat: %(n)s orang. Unduh di bawah.") % told)
    return redirect("desk:day-list", office.code)


@never_cache
@require_safe
@doors.counter
def file(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """Sealed to the office's key, so whoever fetches it reads nothing without that."""
    made = kept.day_list_at(office, normalized(code))
    if made is None:
        raise Http404
    return _download(day_list_file.name(office.code, made.day), made.content)


@never_cache
@require_safe
@doors.counter_or_key
def offline(request: HttpRequest, office: Office) -> HttpResponse:
    """The page that opens the file, to be kept on the laptop. The same for every office."""
    return _download(offline_page.NAME, offline_page.page())


@never_cache
@require_safe
@doors.counter
def print_out(request: HttpRequest, office: Office, day: str) -> HttpResponse:
    """One day on A4, NIKs masked; that it was opened is logged."""
    now = timezone.now()
    try:
        guests = day_lists.record_reading(
            officer=request.user, office=office, day=date.fromisoformat(day), now=now
        )
    except ValueError as problem:
        raise Http404 from problem
    except DomainError as refusal:
        say_refusal(request, refusal)
        return redirect("desk:day-list", office.code)
    shown = {
        "office": office,
        "when": formatting.day(guests.day),
        "as_of": booking_words.moment(now, office),
        "people": guests.count(*selectors.SHOWN),
        "says_coming": guests.says_coming,
        "hours": [
            {
                "label": booking_words.between(hour.starts_at, hour.ends_at, office),
                "guests": [_line(guest) for guest in hour.guests],
            }
            for hour in guests.hours
        ],
        "reasons": words.TURN_AWAY_REASONS.values(),
    }
    return render(request, "queueing_desk/day_list_print.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.key_setting
def key(request: HttpRequest, office: Office) -> HttpResponse:
    form = OfficeKeyForm(request.POST or None)
    if form.is_valid():
        public = form.cleaned_data["public"]
        try:
            made = office_keys.set_key(
                officer=request.user, office=office, public=public, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error("public", problems.sentence(refusal))
        else:
            text = _("Kunci %(key)s terpasang. Daftar hari berikutnya hanya terbuka dengannya.")
            messages.success(request, text % {"key": made.fingerprint})
            return redirect("desk:day-list-key", office.code)
    shown = {"office": office, "form": form, "key": _key(office)}
    status = 422 if form.errors else 200
    return render(request, "queueing_desk/day_list_key.html", shown, status=status)


def _download(name: str, content: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _near(office: Office, now: datetime) -> tuple[date, date]:
    """Today, and the next day of service that may be listed: on a Friday it is Monday."""
    today = office.today(now)
    tomorrow = today + timedelta(days=1)
    ahead = policies.DAY_LIST_DAYS_AHEAD.at(now=now, scope=office.code)
    plans = offices.plan_of(office, tomorrow, today + timedelta(days=ahead))
    return today, next((day for day, plan in sorted(plans.items()) if plan.is_open), tomorrow)


def _key(office: Office) -> dict[str, Any] | None:
    found = kept.office_key(office)
    if found is None:
        return None
    return {"fingerprint": found.fingerprint, "since": booking_words.moment(found.set_at, office)}


def _file(made: DayList, office: Office) -> dict[str, Any]:
    return {
        "code": made.code,
        "day": formatting.day(made.day),
        "made_at": booking_words.moment(made.made_at, office),
        "people": made.people,
        "fingerprint": made.fingerprint,
    }


def _line(guest: Guest) -> dict[str, Any]:
    return {
        "guest": guest,
        "kind": guest.kind,
        "remarks": told_offline.remarks(guest),
    }
