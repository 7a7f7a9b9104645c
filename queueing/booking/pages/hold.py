"""Looking over a held visit, and booking it or letting it go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import consent_required
from paspor.kernel import formatting, once_door, origin, problems, ratelimit
from paspor.kernel.decorators import sign_in_required, sign_in_required_at
from paspor.kernel.errors import DomainError
from queueing.admission.decorators import permitted
from queueing.booking import errand_words, fees, rules, selectors, where, words
from queueing.booking.actors import Actor
from queueing.booking.beside import beside_of
from queueing.booking.errors import HoldLapsed
from queueing.booking.models import Place
from queueing.booking.pages import costs, steps
from queueing.booking.presentation.choice import Choice
from queueing.booking.reads import BookingRead
from queueing.booking.selectors import BookingView
from queueing.booking.services import confirming, together


@never_cache
@require_safe
@sign_in_required
def review(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    booking = selectors.booking_of(request.user, code)
    view = selectors.view(booking, now=now)
    if view.state == Place.State.EXPIRED:
        return render(request, "queueing/lapsed.html", _lapsed(view))
    if view.state != Place.State.HELD:
        return redirect("queueing:booking", view.code)
    other, beside = _held_beside(booking, now)
    views = sorted([view, *([beside] if beside else [])], key=lambda each: each.starts_at)
    back = _day_href(view, beside)
    shown = {
        "booking": view,
        "there": where.where_of(booking),
        "when": formatting.day(view.day),
        "hours": words.between(view.starts_at, view.ends_at, view.office),
        "until": words.until(view.held_until, view.office, now),
        "until_iso": view.held_until.isoformat(),
        "now_iso": now.isoformat(),
        "again_href": back,
        "visits": [_visit(each) for each in views],
        "alone": _alone(views),
        "prices": costs.cost_rows([booking, *([other] if other else [])], view.day),
        "free": [
            row
            for value in sorted({place.passport_type for each in views for place in each.places})
            for row in fees.free(value, day=view.day)
        ],
        "move_last": words.moment(view.move_last, view.office),
        "arrive": words.arrive_early(),
        "token": once_door.new_token(),
        "steps": steps.steps(day_href=back),
    }
    return render(request, "queueing/review.html", shown)


def _held_beside(
    booking: BookingRead, now: datetime
) -> tuple[BookingRead | None, BookingView | None]:
    """The other hour of a family, while it is held as well."""
    other = beside_of(booking)
    view = selectors.view(other, now=now) if other else None
    return (other, view) if view and view.state == Place.State.HELD else (None, None)


def _visit(view: BookingView) -> dict[str, Any]:
    return {
        "hours": words.between(view.starts_at, view.ends_at, view.office),
        "people": [
            {
                "place": place,
                "kind": errand_words.whole(place, is_under_age=place.is_under_age),
            }
            for place in view.live_places
        ],
    }


def _alone(views: Sequence[BookingView]) -> list[dict[str, str]]:
    """Of two hours those in which only children come, with their names."""
    return [
        {
            "hours": words.between(view.starts_at, view.ends_at, view.office),
            "names": ", ".join(place.name for place in view.live_places),
        }
        for view in views
        if len(views) > 1 and rules.only_children([place.is_child for place in view.live_places])
    ]


def _choice(view: BookingView, beside: BookingView | None = None) -> Choice:
    """What was chosen, so that the way back leads to the same."""
    return Choice.again(
        [*view.places, *(beside.places if beside else [])],
        passport_type=view.places[0].passport_type,
        channel=view.channel if view.channel in rules.CITIZEN_CHANNELS else "ONLINE",
    )


def _day_href(view: BookingView, beside: BookingView | None = None) -> str:
    choice = _choice(view, beside)
    if view.day < view.office.today(timezone.now()):
        return reverse("queueing:office", args=[view.office.code]) + choice.query
    return reverse("queueing:day", args=[view.office.code, view.day.isoformat()]) + choice.query


def _lapsed(view: BookingView) -> dict[str, Any]:
    return {
        "booking": view,
        "when": formatting.day(view.day),
        "hours": words.between(view.starts_at, view.ends_at, view.office),
        "day_href": _day_href(view),
        "same_href": reverse("queueing:book", args=[view.slot_code]) + _choice(view).query,
    }


@require_POST
@sign_in_required_at("queueing:review")
@consent_required
@permitted("queueing:review")
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    ratelimit.check(request, "booking")
    try:
        booking = confirming.confirm(account=request.user, code=code, now=timezone.now())
    except HoldLapsed:
        return redirect("queueing:review", code)
    flash.success(request, _("Janji temu sudah dipesan. Tiketnya juga dikirim ke e-mail Anda."))
    return redirect("queueing:booking", booking.code)


@require_POST
@sign_in_required_at("queueing:review")
def let_go(request: HttpRequest, code: str) -> HttpResponse:
    """Give the held places back and return to the day."""
    ratelimit.check(request, "give_back")
    now = timezone.now()
    booking = selectors.booking_of(request.user, code)
    view = selectors.view(booking, now=now)
    if view.state != Place.State.HELD:
        return redirect("queueing:review", view.code)
    _other, beside = _held_beside(booking, now)
    actor = Actor.citizen(request.user, origin.origin_of(request))
    try:
        together.let_go(account=request.user, code=code, actor=actor, now=now)
    except DomainError as refusal:
        flash.warning(request, problems.sentence(refusal))
        return redirect("queueing:review", view.code)
    flash.info(request, _("Tempat dilepas. Silakan pilih waktu lain."))
    return redirect(_day_href(view, beside))
