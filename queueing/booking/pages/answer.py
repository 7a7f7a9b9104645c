"""The page behind the reminder's link. Opening it changes nothing: mail scanners open links."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from paspor.kernel import formatting, problems, ratelimit
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.booking import words
from queueing.booking.forms import AnswerForm
from queueing.booking.services import answering
from queueing.booking.services.answering import Answerable

SERVICES = {"come": answering.come, "release": answering.release}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """It shows what the letter told, and no more."""
    try:
        asked = answering.answerable(token, now=timezone.now())
    except DomainError as over:
        shown = {"why": problems.sentence(over)}
        return render(request, "queueing/answer.html", shown, status=over.status)
    said = request.POST if request.method == "POST" else None
    form = AnswerForm(said, people=[(n, place.applicant.name) for n, place in asked.people])
    if said is not None and form.is_valid():
        ratelimit.check(request, "give_back")
        try:
            _answer(request, token, form)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return redirect("queueing:answer", token)
    shown = _facts(asked) | {"form": form}
    return render(request, "queueing/answer.html", shown, status=422 if form.errors else 200)


def _answer(request: HttpRequest, token: str, form: AnswerForm) -> None:
    act = form.cleaned_data["act"]
    SERVICES[act](token, form.cleaned_data["who"], now=timezone.now())
    if act == "come":
        flash.success(request, _("Dicatat: Anda akan datang. Sampai jumpa di kantor."))
    else:
        flash.success(request, _("Kursi sudah dilepas. Terima kasih, orang lain dapat memakainya."))


def _facts(asked: Answerable) -> dict[str, object]:
    booking = asked.booking
    return {
        "code": grouped(booking.code),
        "when": formatting.day(booking.slot.day),
        "hours": words.hours_of(booking.slot),
        "office": booking.slot.office,
        "may_release": asked.may_release,
    }
