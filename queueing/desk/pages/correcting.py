"""Putting right at the counter what one person comes for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.models import Office
from offices.officer_pages import say_refusal
from offices.reasons import Why
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError, NeedsApproval
from paspor.kernel.form_refusals import refuse
from queueing.booking import errand_words, errors, rules
from queueing.booking import words as booking_words
from queueing.booking.errands import Written
from queueing.booking.models import Place
from queueing.booking.services import correcting
from queueing.booking.services.correcting import Correction, OnePlace
from queueing.desk import selectors
from queueing.desk.forms import CorrectForm
from queueing.desk.pages import doors

# Where the officer came from, and goes back to.
CALLING = "panggil"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.correcting
def correct(request: HttpRequest, office: Office, code: str, applicant: str) -> HttpResponse:
    """What it is written as and what it becomes; then the visit, with its documents anew."""
    place = selectors.place_at(office, code, applicant)
    form = CorrectForm(request.POST or None, place=place, office=office)
    if form.is_valid():
        try:
            _correct(request, place, office, form)
        except NeedsApproval as refusal:
            say_refusal(request, refusal)
            return redirect(_back(request, place))
        except errors.CorrectedMeanwhile:
            return _again(request, selectors.place_at(office, code, applicant), form)
        except DomainError as refusal:
            refuse(form, refusal, at={"old_passport": "kind", "parents": "parents"})
        else:
            text = _("Keperluan %(who)s dikoreksi. Dokumen yang perlu dibawa mengikutinya.")
            messages.success(request, text % {"who": place.applicant.name})
            there = "" if _from_calling(request) else f"#o-{place.applicant.code}"
            return redirect(_back(request, place) + there)
    return _page(request, place, form, status=422 if form.errors else 200)


def _from_calling(request: HttpRequest) -> bool:
    return request.GET.get("dari") == CALLING


def _back(request: HttpRequest, place: Place) -> str:
    office = place.booking.slot.office
    if _from_calling(request):
        return reverse("desk:calling", args=[office.code])
    return reverse("desk:booking", args=[office.code, place.booking.code])


def _again(request: HttpRequest, place: Place, sent: CorrectForm) -> HttpResponse:
    """What was changed meanwhile stands in the form, beside what this officer has changed."""
    office = place.booking.slot.office
    form = CorrectForm(initial=sent.own, place=place, office=office)
    changed = errand_words.changed_since(sent.stood_on, Written.of(place))
    return _page(request, place, form, status=409, meanwhile=changed, is_late=True)


def _page(
    request: HttpRequest, place: Place, form: CorrectForm, *, status: int, **more: object
) -> HttpResponse:
    office = place.booking.slot.office
    shown = {
        "form": form,
        "office": office,
        "name": place.applicant.name,
        "now": f"{booking_words.errand(place)} · {place.get_passport_type_display()}",
        "code_grouped": grouped(place.booking.code),
        "back": _back(request, place),
        "from_calling": _from_calling(request),
        "may": rules.may_be_corrected(
            state=place.state, day=place.booking.slot.day, today=office.today(timezone.now())
        ),
    }
    return render(request, "queueing_desk/correct.html", shown | more, status=status)


def _correct(request: HttpRequest, place: Place, office: Office, form: CorrectForm) -> None:
    given = form.cleaned_data
    correcting.correct(
        officer=request.user,
        of=OnePlace(office, place.booking.code, place.applicant.code),
        to=Correction(
            form.errand, given["passport_type"], is_told=given["told"], seen=form.stood_on
        ),
        why=Why(given["reason"], given["note"]),
        now=timezone.now(),
    )
