"""Pairing a television: an officer types the code that it shows, and names it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.models import Office
from offices.officer_pages import office_choice
from offices.officer_selectors import offices_open_to
from offices.rules import Act
from paspor.kernel import ratelimit
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.desk.forms import PairForm
from queueing.desk.pages import doors
from queueing.desk.services import screens

start = office_choice(Act.PAIR_SCREEN, "desk:screen-pair", gettext_lazy("Pasangkan layar"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doors.pairing
def pair(request: HttpRequest, office: Office) -> HttpResponse:
    form = PairForm(request.POST if request.method == "POST" else None)
    own = offices_open_to(request.user, now=timezone.now(), act=Act.SCREEN)
    may_manage = own.filter(pk=office.pk).exists()
    if form.is_valid() and _paired(request, office, form):
        return redirect("desk:screens" if may_manage else "desk:screen-pair", office.code)
    shown = {
        "office": office,
        "form": form,
        "may_manage": may_manage,
        "address": request.build_absolute_uri(reverse("screen:start")),
    }
    status = 422 if form.errors else 200
    return render(request, "queueing_desk/screen_pair.html", shown, status=status)


def _paired(request: HttpRequest, office: Office, form: PairForm) -> bool:
    ratelimit.check(request, "screen_pair")
    said = form.cleaned_data
    try:
        screen = screens.pair(officer=request.user, office=office, now=timezone.now(), **said)
    except DomainError as refusal:
        refuse(form, refusal)
        return False
    text = _("%(name)s terpasang: layarnya menampilkan panggilan dalam beberapa detik.")
    messages.success(request, text % {"name": screen.name})
    return True
