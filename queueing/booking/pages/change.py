"""Moving a visit to another hour, and cancelling it: for all of its people or for some."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import consent_required
from paspor.kernel import formatting, kept_forms, once_door, origin, problems, ratelimit
from paspor.kernel.codes import grouped
from paspor.kernel.decorators import sign_in_required, sign_in_required_at
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.admission.decorators import admitted
from queueing.booking import rules, selectors, where, words
from queueing.booking.actors import Actor
from queueing.booking.errors import BookingUnknown, WrongState
from queueing.booking.forms import CancelForm, PeopleForm
from queueing.booking.pages import free_moves, steps
from queueing.booking.presentation import other_hour
from queueing.booking.presentation.choice import Choice
from queueing.booking.presentation.other_hour import OtherHour
from queueing.booking.selectors import BookingView, PlaceView
from queueing.booking.services import changing, first_rights, together
from queueing.quota import selectors as quota
from queueing.quota.models import Slot

# Which button of the form of people was pressed, and the one for another office.
TO, ELSEWHERE = "ke", "lain"


def _mine(request: HttpRequest, code: str) -> BookingView:
    return selectors.view(selectors.booking_of(request.user, code), now=timezone.now())


def _with_other(request: HttpRequest, code: str) -> tuple[BookingView, OtherHour | None]:
    """And the family's other hour, where there is one."""
    found, now = selectors.booking_of(request.user, code), timezone.now()
    return selectors.view(found, now=now), other_hour.find(found, now)


def _facts(view: BookingView) -> dict[str, Any]:
    return {
        "booking": view,
        "office": view.office,
        "when": formatting.day(view.day),
        "hours": words.between(view.starts_at, view.ends_at, view.office),
        "move_last": words.moment(view.move_last, view.office),
        "cancel_until": words.moment(view.cancel_until, view.office),
        # Where nobody is left, no deadline is the reason.
        "is_over": not view.live_places,
        "moved_to": grouped(view.moved_to_code),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    view, other = _with_other(request, code)
    leaving = [place for place in view.places if place.may_cancel]
    said = request.POST if request.method == "POST" else None
    # A second tap names people who have just left: its answer is kept under its token.
    form = CancelForm(
        said,
        places=leaving if said is None else view.places,
        beside=_beside(view, other, said is not None),
        initial={"token": once_door.new_token()},
    )
    if said is not None and form.is_valid():
        ratelimit.check(request, "give_back")
        try:
            done = once_door.once(request, lambda: _cancel(request, code, form.cleaned_data))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash.success(request, _("Pembatalan dicatat. Tempatnya kembali untuk orang lain."))
            return redirect("queueing:booking", done)
    shown = _facts(view) | {"form": form, "may": bool(leaving)}
    shown |= {"beside": other}
    return render(request, "queueing/cancel.html", shown, status=422 if form.errors else 200)


def _beside(view: BookingView, other: OtherHour | None, is_sent: bool) -> list[PlaceView]:
    """Who can be cancelled with them: of the hour that this one names, not of a later one."""
    if other is None or other.view.code != view.beside_code:
        return []
    return [place for place in other.view.places if place.may_cancel or is_sent]


def _cancel(request: HttpRequest, code: str, said: dict[str, Any]) -> str:
    return together.cancel(
        account=request.user,
        code=code,
        applicant_codes=said["who"],
        beside_codes=said.get("beside", ()),
        actor=Actor.citizen(request.user, origin.origin_of(request)),
        now=timezone.now(),
    ).code


@require_POST
@sign_in_required_at("queueing:booking")
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Its people need no place any more: nobody is booked for them at the next opening."""
    ratelimit.check(request, "give_back")
    try:
        first_rights.decline_first_right(account=request.user, code=code, now=timezone.now())
    except WrongState as refusal:
        flash.warning(request, problems.sentence(refusal))
    else:
        flash.success(request, _("Dicatat. Kami tidak akan memesankan tempat untuk Anda."))
    return redirect("queueing:booking", code)


def _choice(view: BookingView, going: list[PlaceView]) -> Choice:
    """How to look for another hour: for so many, by the same lane, for the same passports."""
    types = {place.passport_type for place in going}
    return Choice.again(
        going,
        passport_type=types.pop() if len(types) == 1 else "",
        channel=rules.channel_after_move(view.channel),
        moving=view.code,
        who=tuple(place.applicant_code for place in going),
    )


@never_cache
@require_safe
@sign_in_required
@consent_required
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Who moves; sent on, this form leads to the days of the office."""
    view, other = _with_other(request, code)
    movable = [place for place in view.places if place.may_move]
    # A form without a tick sends no name of its own; its button is there all the same.
    if movable and ("who" in request.GET or TO in request.GET):
        form = PeopleForm(request.GET, places=movable)
        if form.is_valid():
            chosen = set(form.cleaned_data["who"])
            going = [place for place in movable if place.applicant_code in chosen]
            return redirect(_where(request, view) + _choice(view, going).query)
    else:
        form = PeopleForm(places=movable)
    shown = _facts(view) | {
        "form": form,
        "may": bool(movable),
        "beside": other,
        "is_free_now": free_moves.is_free_now(view, timezone.now()),
        "steps": steps.steps(moving=view.code),
    }
    return render(request, "queueing/move.html", shown, status=422 if form.errors else 200)


def _where(request: HttpRequest, view: BookingView) -> str:
    """The days of the same office, or the list of all."""
    if request.GET.get(TO) == ELSEWHERE:
        return reverse("queueing:office-list")
    return reverse("queueing:office", args=[view.office.code])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@consent_required
@admitted
def move_review(request: HttpRequest, code: str, slot: str) -> HttpResponse:
    """The old hour beside the new one, and one button."""
    view, other = _with_other(request, code)
    if view.move_suspended and request.method != "POST":
        return redirect("queueing:move", view.code)
    hour = quota.slot_by_code(slot)
    choice = Choice.of(request.GET)
    said = request.POST if request.method == "POST" else None
    going = _going(view, choice) if said is None else view.places
    first = {"token": once_door.new_token()}
    if said is None and (kept := kept_forms.kept(request)):
        first["who"] = kept.getlist("who")
    form = PeopleForm(said, places=going, initial=first)
    if said is not None and form.is_valid():
        ratelimit.check(request, "change")
        try:
            new = once_door.once(
                request, lambda: _move(request, code, slot, form.cleaned_data["who"])
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash.success(request, _("Jadwal sudah diubah. Tiket baru berlaku mulai sekarang."))
            return redirect("queueing:booking", new)
    shown = _facts(view) | _target(hour, choice, view)
    shown |= {"form": form, "alone": _alone(view, going), "beside": other}
    return render(request, "queueing/move_review.html", shown, status=422 if form.errors else 200)


def _going(view: BookingView, choice: Choice) -> Sequence[PlaceView]:
    """The chosen people; those who may move, where the address names none."""
    named = [place for place in view.places if place.applicant_code in choice.who]
    going = named or [place for place in view.places if place.may_move]
    if not going:
        raise BookingUnknown
    return going


def _alone(view: BookingView, going: Sequence[PlaceView]) -> str:
    """The children who would stay behind without any adult, where these people move."""
    leaving = {place.applicant_code for place in going}
    staying = [place for place in view.live_places if place.applicant_code not in leaving]
    if not rules.only_children([place.is_child for place in staying]):
        return ""
    return ", ".join(place.name for place in staying)


def _target(hour: Slot, choice: Choice, view: BookingView) -> dict[str, Any]:
    office, now = hour.office, timezone.now()
    end = choice.query or _choice(view, list(view.places)).query
    if hour.day < office.today(now):
        back = reverse("queueing:office", args=[office.code]) + end
    else:
        back = reverse("queueing:day", args=[office.code, hour.day.isoformat()]) + end
    return {
        "new_office": office,
        "there": where.at(hour),
        "new_when": formatting.day(hour.day),
        "new_hours": words.between(hour.starts_at, hour.ends_at, office),
        "back": back,
        "steps": steps.steps(moving=view.code, day_href=back),
    }


def _move(request: HttpRequest, code: str, slot: str, who: list[str]) -> str:
    return changing.reschedule(
        account=request.user,
        code=code,
        slot_code=slot,
        applicant_codes=who,
        actor=Actor.citizen(request.user, origin.origin_of(request)),
        now=timezone.now(),
    ).code
