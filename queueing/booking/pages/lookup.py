"""A visit looked up by its code, without an account; and a paper ticket taken into one.

What was looked up is remembered in the session: neither code nor birth date stands in an
address, where histories and logs would keep it.
"""

from datetime import datetime, timedelta

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import consent_required
from paspor.kernel import formatting, once_door, ratelimit
from paspor.kernel.codes import normalized
from paspor.kernel.decorators import sign_in_required
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.booking import replacements, selectors, words
from queueing.booking.forms import ClaimForm, LookupForm
from queueing.booking.presentation.ticket import stands_for, ticket_of
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView
from queueing.booking.services import tickets

CHECKED = "checked_booking"
CHECKED_FOR = timedelta(minutes=30)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    form = LookupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ratelimit.check(request, "lookup", person=normalized(said["code"]))
        try:
            found = selectors.lookup(said["code"], said["birth_date"])
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            _remember(request, found, timezone.now())
            return redirect("queueing:checked")
    return render(
        request, "queueing/check.html", {"form": form}, status=422 if form.errors else 200
    )


def _remember(request: HttpRequest, found: BookingRead, now: datetime) -> None:
    until = (now + CHECKED_FOR).timestamp()
    request.session[CHECKED] = {"code": found.code, "until": until}


@never_cache
@require_safe
def checked(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = _remembered(request, now)
    return redirect("queueing:check") if found is None else _ticket(request, found, now)


@never_cache
@require_safe
def replacement(request: HttpRequest) -> HttpResponse:
    """The visit that stands instead of the one looked up, which its office has closed."""
    now = timezone.now()
    found = _remembered(request, now)
    standing = replacements.standing_instead_of(found) if found else None
    return redirect("queueing:check") if standing is None else _ticket(request, standing, now)


def _remembered(request: HttpRequest, now: datetime) -> BookingRead | None:
    known = request.session.get(CHECKED)
    if not known or known["until"] < now.timestamp():
        return None
    return selectors.booking_by_code(known["code"])


def _ticket(request: HttpRequest, found: BookingRead, now: datetime) -> HttpResponse:
    view = selectors.view(found, now=now, masked=True)
    instead = replacements.standing_instead_of(found)
    standing = selectors.view(instead, now=now, masked=True) if instead else view
    shown = ticket_of(found, view) | {
        "is_own": False,
        # Nobody could write to the people of a paper ticket.
        "stands_for": stands_for(found) if view.is_paper else None,
        "instead": _visit_words(standing) if instead else None,
        "may_claim": standing.is_paper
        and any(place.is_live or place.first_right_until for place in standing.places),
    }
    return render(request, "queueing/booking.html", shown)


def _visit_words(view: BookingView) -> dict[str, str]:
    return {
        "code": view.code_grouped,
        "day": formatting.day(view.day),
        "hours": words.between(view.starts_at, view.ends_at, view.office),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@consent_required
def claim(request: HttpRequest) -> HttpResponse:
    said = request.POST if request.method == "POST" else None
    form = ClaimForm(said, initial={"token": once_door.new_token()})
    if said is not None and form.is_valid():
        ratelimit.check(request, "claim", person=normalized(form.cleaned_data["code"]))
        had = selectors.has_booking(request.user, form.cleaned_data["code"])
        try:
            code = once_door.once(request, lambda: _claim(request, form))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            text = _("Tiket sekarang tersimpan di akun Anda.")
            flash.success(request, _("Tiket ini sudah ada di akun Anda.") if had else text)
            return redirect("queueing:booking", code)
    return render(
        request, "queueing/claim.html", {"form": form}, status=422 if form.errors else 200
    )


def _claim(request: HttpRequest, form: ClaimForm) -> str:
    return tickets.claim_ticket(
        account=request.user,
        code=form.cleaned_data["code"],
        birth_date=form.cleaned_data["birth_date"],
        now=timezone.now(),
    ).code
