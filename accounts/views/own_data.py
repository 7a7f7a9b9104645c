"""What is held about the visitor: see it, take it along, have it erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages as flash
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import readings
from accounts.forms import EraseForm, posted
from accounts.services import personal_data
from accounts.views.own_clock import by_own_clock
from paspor.kernel import problems
from paspor.kernel.errors import DomainError
from paspor.kernel.ratelimit import limited


@require_safe
@login_required
@by_own_clock
def overview(request: HttpRequest) -> HttpResponse:
    shown = {
        "readings": readings.readings_of(request.user),
        "events": readings.events_of(request.user),
    }
    return render(request, "accounts/own_data.html", shown)


@require_safe
@reauthentication_required(app="accounts")
@limited("export")
def download(request: HttpRequest) -> HttpResponse:
    held = personal_data.export(user=request.user, now=timezone.now())
    return JsonResponse(
        held,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={
            "Content-Disposition": 'attachment; filename="data-paspor.json"',
            "Cache-Control": "no-store",
        },
    )


@reauthentication_required(app="accounts")
def erase(request: HttpRequest) -> HttpResponse:
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            personal_data.erase(user=request.user, now=timezone.now())
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            logout(request)
            flash.success(request, _("Akun dan datanya sudah dihapus."))
            return redirect("home")
    why = personal_data.why_not_erasable(request.user)
    page = reverse(why.page) if why and why.page else ""
    return render(request, "accounts/erase.html", {"form": form, "why": why, "page": page})
