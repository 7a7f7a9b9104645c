"""Giving up the places of people with a paper ticket, as they ask at the counter."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.models import Office
from offices.officer_pages import say_refusal
from offices.reasons import Why
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.booking import words as booking_words
from queueing.booking.models import Booking
from queueing.booking.services.for_someone import cancel_for
from queueing.desk import selectors
from queueing.desk.forms import CancelForForm
from queueing.desk.pages import doors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.cancelling_for
def cancel(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """Who gives up, and why; refusals come back as a message on the booking's page."""
    found = selectors.booking_at(office, code)
    form = CancelForForm(request.POST or None, people=selectors.leaving(found))
    if form.is_valid():
        return _cancel(request, office, found, form.cleaned_data)
    slot = found.slot
    shown = {
        "form": form,
        "office": office,
        "code": found.code,
        "code_grouped": grouped(found.code),
        "when": formatting.day(slot.day),
        "hours": booking_words.between(slot.starts_at, slot.ends_at, office),
        "may": selectors.may_cancel_for(request.user, found, office, timezone.now()),
    }
    status = 422 if form.errors else 200
    return render(request, "queueing_desk/cancel_for.html", shown, status=status)


def _cancel(
    request: HttpRequest, office: Office, booking: Booking, given: dict[str, Any]
) -> HttpResponse:
    """Do it, and go back to the visit with what was done or refused."""
    try:
        cancel_for(
            officer=request.user,
            office=office,
            code=booking.code,
            applicant_codes=given["who"],
            why=Why(given["reason"], given["note"]),
            now=timezone.now(),
        )
    except DomainError as refusal:
        say_refusal(request, refusal)
    else:
        messages.success(request, _("Pembatalan dicatat. Kursinya kembali untuk orang lain."))
    return redirect("desk:booking", office.code, booking.code)
