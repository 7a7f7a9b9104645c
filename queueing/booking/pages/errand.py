"""Telling anew what the people of a visit come for; it keeps its hour and its code."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.decorators import consent_required
from paspor.kernel import formatting, kept_forms, once_door, origin, ratelimit
from paspor.kernel.decorators import sign_in_required
from paspor.kernel.errors import DomainError
from queueing.booking import selectors, words
from queueing.booking.actors import Actor
from queueing.booking.forms import ErrandsForm
from queueing.booking.pages.people_refusals import refuse_people
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView
from queueing.booking.services import errands


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@consent_required
def change(request: HttpRequest, code: str) -> HttpResponse:
    booking = selectors.booking_of(request.user, code)
    view = selectors.view(booking, now=timezone.now())
    said = request.POST if request.method == "POST" else None
    kept = kept_forms.kept(request) if said is None else None
    form = _form(said, booking, view, kept)
    if said is not None and form.is_valid():
        ratelimit.check(request, "change")
        try:
            done = once_door.once(request, lambda: _change(request, code, form))
        except DomainError as refusal:
            refuse_people(form, refusal, _cards(form))
        else:
            text = _("Keperluan disimpan. Daftar yang dibawa dan biayanya sudah mengikutinya.")
            flash.success(request, text)
            return redirect("queueing:booking", done)
    shown = {
        "form": form,
        "booking": view,
        "office": view.office,
        "when": formatting.day(view.day),
        "hours": words.between(view.starts_at, view.ends_at, view.office),
        "may": view.may_change_errand,
        "is_over": not view.live_places,
    }
    return render(request, "queueing/errand.html", shown, status=422 if form.errors else 200)


def _form(
    said: object, booking: BookingRead, view: BookingView, kept: QueryDict | None
) -> ErrandsForm:
    # A second tap names people who may have come meanwhile: its answer is kept under its token.
    people = [
        place
        for place, seen in zip(booking.places, view.places, strict=True)
        if seen.may_change_errand
    ]
    initial = (kept.dict() if kept else {}) | {"token": once_door.new_token()}
    return ErrandsForm(said, people=people, day=view.day, initial=initial)


def _change(request: HttpRequest, code: str, form: ErrandsForm) -> str:
    return errands.change(
        account=request.user,
        code=code,
        told=form.told,
        actor=Actor.citizen(request.user, origin.origin_of(request)),
        now=timezone.now(),
    ).code


def _cards(form: ErrandsForm) -> list[dict[str, str]]:
    """Of each person, what the service's fields are called in the form."""
    fields = {"old_passport": "kind", "parents": "parents"}
    return [{name: f"{code}-{field}" for name, field in fields.items()} for code in form.told]
