"""One person at the counter, in one screen: account, messages, visits, reports, and the acts.

Shown in the answer to the search alone: no address leads to a person.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import mail_states
from accounts.models import CODE_KINDS, Message, User
from offices import selectors as offices
from offices.models import Office, Report
from offices.rules import Act
from paspor.kernel import formatting, ratelimit
from paspor.kernel.codes import grouped
from queueing.booking import words as booking_words
from queueing.booking.models import Booking
from queueing.desk import person_view, words
from queueing.desk.forms import FindPersonForm
from queueing.desk.pages import doors
from queueing.desk.person_view import AccountSeen, PersonSeen
from queueing.desk.services import finding
from queueing.desk.services.finding import Sought


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.counter
def person(request: HttpRequest, office: Office) -> HttpResponse:
    form = FindPersonForm(request.POST if request.method == "POST" else None)
    shown: dict[str, Any] = {"office": office, "form": form}
    status = 200
    if form.is_valid():
        ratelimit.check(request, "person")
        found = _search_context(request, office, form)
        shown |= {"form": FindPersonForm(), "is_unknown": True} if found is None else found
        status = 404 if found is None else 200
    elif form.errors:
        status = 422
    return render(request, "queueing_desk/person.html", shown, status=status)


def _search_context(
    request: HttpRequest, office: Office, form: FindPersonForm
) -> dict[str, Any] | None:
    now, typed = timezone.now(), form.cleaned_data
    found = finding.find(
        officer=request.user,
        office=office,
        sought=Sought(typed["number"], typed["nik"], typed["birth_date"]),
        reason=typed["reason"],
        now=now,
    )
    if found is None:
        return None
    seen = person_view.view(found, office, now=now)
    return {
        "form": FindPersonForm(),
        "seen": seen,
        "accounts": [_account(account, office) for account in seen.accounts],
        "bookings": [_booking(booking, office) for booking in seen.bookings],
        "reports": [_report(report, office) for report in seen.reports],
        "acts": _acts(request.user, office, seen),
    }


def _account(account: AccountSeen, office: Office) -> dict[str, Any]:
    return {
        "email": account.email,
        "code": grouped(account.code),
        "since": booking_words.moment(account.joined_at, office),
        "states": _states(account),
        "messages": [_message(message, office) for message in account.messages],
    }


def _states(account: AccountSeen) -> list[tuple[str, str, str]]:
    """Tone, icon and word of each, for components/status.html."""
    found: list[tuple[str, str, str]] = []
    if account.verified_by is None:
        found.append(("warning", "alert-triangle", _("E-mail belum diverifikasi")))
    else:
        found.append(("success", "circle-check", str(words.VERIFIED_BY[account.verified_by])))
    if account.is_suspended:
        found.append(("error", "ban", _("Ditangguhkan: tidak dapat memesan")))
    if account.is_limited:
        found.append(("warning", "hourglass", _("Dibatasi: memesan lebih lambat")))
    if not account.is_active:
        found.append(("error", "x", _("Tidak aktif")))
    return found


def _message(message: Message, office: Office) -> dict[str, Any]:
    state = mail_states.state_of(message)
    return {
        "title": formatting.capitalised(_about(message)),
        "text": booking_words.moment(message.created_at, office),
        "state": state,
        "label": formatting.capitalised(state.label),
        "reason": message.reason,
    }


def _about(message: Message) -> str | Promise:
    if message.kind in CODE_KINDS:
        return words.MESSAGE_TO_VERIFY
    if message.channel == Message.Channel.TEXT:
        return words.MESSAGE_TO_PHONE
    if message.about.startswith("booking:"):
        return words.MESSAGE_OF_VISIT
    return words.MESSAGE_ELSE


def _booking(booking: Booking, office: Office) -> dict[str, str]:
    """For components/row.html."""
    places = booking.places.all()
    states = {str(place.get_state_display()) for place in places}
    return {
        "title": f"{formatting.day(booking.slot.day)}, {booking_words.hours_of(booking.slot)}",
        "text": f"{person_view.names_of(places)} · {', '.join(sorted(states))}",
        "note": grouped(booking.code),
        "href": reverse("desk:booking", args=[office.code, booking.code]),
    }


def _report(report: Report, office: Office) -> dict[str, str]:
    state = Report.State(report.state).label
    return {
        "title": formatting.capitalised(report.get_kind_display()),
        "text": f"{booking_words.moment(report.opened_at, office)} · {state}",
        "note": grouped(report.code),
        "href": reverse("admin:offices_report_change", args=[report.pk]),
    }


def _acts(officer: User, office: Office, seen: PersonSeen) -> list[tuple[str, str]]:
    """Label and address of what this officer may do here; each screen asks again."""
    here = [office.code]
    report = f"{reverse('counter-report')}?kantor={office.code}"
    offered = (
        (Act.BOOK_FOR, _("Pesankan tempat"), reverse("desk:walk-in", args=here)),
        (Act.SEE_IDENTITY, _("Periksa identitas"), reverse("integrity:identity", args=here)),
        (Act.VERIFY_ACCOUNT, _("Verifikasi akun"), reverse("desk:verify", args=here)),
        (Act.REPORT, _("Catat laporan kendala"), report),
        (Act.CASE, _("Lihat perkara"), reverse("cases:list")),
    )
    now = timezone.now()
    return [(label, href) for act, label, href in offered if offices.may(officer, act, office, now)]
