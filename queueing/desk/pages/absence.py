"""Recording that people did not come: asked first, since it ends their places."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.models import Office
from offices.officer_pages import say_refusal
from offices.rules import Act
from paspor.kernel import formatting, once_door
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.idempotency import KeyReused
from queueing.booking import words as booking_words
from queueing.booking.models import Booking
from queueing.desk import selectors, words
from queueing.desk.forms import AbsentForm
from queueing.desk.pages import doors
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.counter
def absent(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """Whose place it takes, the hour, what follows; carried out once for each form."""
    found = selectors.booking_at(office, code)
    guests = selectors.guests_of(found, now=timezone.now())
    missing = [guest for guest in guests if Act.NO_SHOW in guest.acts]
    # What was carried out already is sent again with people who are not missing any more.
    form = AbsentForm(request.POST or None, guests=guests if request.POST else missing)
    if form.is_valid():
        return _record(request, office, found, form.cleaned_data["who"])
    form.offer(missing, only=request.GET.getlist("who"))
    shown = {
        "form": form,
        "missing": missing,
        "office": office,
        "code": found.code,
        "code_grouped": grouped(found.code),
        "when": formatting.day(found.slot.day),
        "hours": booking_words.between(found.slot.starts_at, found.slot.ends_at, office),
        "is_paper": found.account_id is None,
        "token": once_door.new_token(),
    }
    status = 422 if form.errors else 200
    return render(request, "queueing_desk/absent.html", shown, status=status)


def _record(request: HttpRequest, office: Office, booking: Booking, who: list[str]) -> HttpResponse:
    """Do it once for this form, and go back to the visit with what was done or refused."""
    visit = Visit(office=office, booking_code=booking.code, applicant_codes=who)

    def mark() -> str:
        now = timezone.now()
        return attendance.mark_no_show(officer=request.user, visit=visit, now=now).code

    try:
        once_door.once(request, mark)
    except (DomainError, KeyReused) as refusal:
        say_refusal(request, refusal)
    else:
        names = ", ".join(selectors.names_of(booking, who))
        messages.success(request, words.DONE[Act.NO_SHOW] % {"who": names})
    return redirect("desk:booking", office.code, booking.code)
