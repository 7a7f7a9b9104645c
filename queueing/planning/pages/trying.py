"""A change is tried before it is saved: who is affected, what becomes of them, whose yes.

The wish stands in the address, so a look may be repeated, bookmarked and gone back from;
the reason is typed on the page that shows the effect, and saving is its POST.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from offices.models import Approval, Office
from offices.officer_pages import say_refusal
from offices.ports import ByHand
from offices.presentation import approval_status
from offices.reasons import Why
from paspor.kernel import formatting, kept_forms, problems
from paspor.kernel.errors import DomainError, NeedsApproval
from queueing.booking import words as booking_words
from queueing.desk import request_selectors
from queueing.desk import rules as desk_rules
from queueing.desk.errors import AffectedChanged
from queueing.desk.presentation.outlook import closing_outlook
from queueing.planning import effects
from queueing.planning.effects import Effect
from queueing.planning.forms import SaveForm
from queueing.planning.rules import Closed, Crowded, DayEffect, Opening

# Of what is typed on the first page; with it, the address asks for the effect.
TRY = "periksa"
# In the form of its page: back to what was wished, with the reason kept.
AGAIN = "lagi"
KEPT = "planning"
MOST_KEPT = 60
MOST_DAYS = 14
# Of a day that an officer closed.
CLOSED = {
    Closed.STAYS: gettext_lazy("Ditutup petugas dan tetap tutup sampai dibuka kembali."),
    Closed.PARTLY: gettext_lazy("Jam yang ditutup petugas tetap tutup."),
    Closed.REOPENS: gettext_lazy("Kini tutup; dibuka kembali begitu disimpan."),
}


@dataclass(frozen=True)
class Trial:
    """A wish, what it would do, and how it is carried out."""

    office: Office
    title: str
    wish: list[dict[str, str]]
    effect: Effect
    carry_out: Callable[[Why, ByHand], object]
    saved: str
    saved_href: str
    # What ``saved_href`` is called, if not as the title.
    place: str = ""


def is_tried(request: HttpRequest) -> bool:
    return TRY in request.GET


def effect_of(form: Form, look: Callable[[], Effect]) -> Effect | None:
    """None where the form or the rules refuse it; the form says why."""
    if not form.is_valid():
        return None
    try:
        return look()
    except DomainError as refusal:
        problems.put_on(form, refusal)
        return None


def answer(request: HttpRequest, trial: Trial, now: datetime) -> HttpResponse:
    """The effect on GET; on POST the change, if just the people are affected who were shown."""
    effect = trial.effect
    how = {"act": effect.act, "by_hand": bool(effect.set_by_hand)}
    if request.method != "POST":
        standing = _standing(request.user, trial, now)
        asked = {"reason": standing.reason, "note": standing.note} if standing else {}
        initial = {"seen": effect.people} | asked | typed_before(request)
        return _page(request, trial, SaveForm(initial=initial, **how), now)
    if AGAIN in request.POST:
        kept_forms.keep(request)
        return redirect(_again(request))
    form = SaveForm(request.POST, **how)
    if not form.is_valid():
        return _page(request, trial, form, now, status=422)
    try:
        desk_rules.check_shown(shown=form.cleaned_data["seen"], found=effect.people)
    except AffectedChanged as refusal:
        say_refusal(request, refusal)
        again = SaveForm(initial=form.cleaned_data | {"seen": effect.people}, **how)
        return _page(request, trial, again, now, status=409)
    return _save(request, trial, form, now)


def typed_before(request: HttpRequest) -> dict[str, str]:
    """Why, as it was typed before another wish was looked at."""
    return why_typed(kept_forms.kept(request) or QueryDict())


def why_typed(given: QueryDict) -> dict[str, str]:
    return {name: given[name] for name in ("reason", "note", "by_hand") if given.get(name)}


def _again(request: HttpRequest) -> str:
    """The form, with the wish that is looked at."""
    left = request.GET.copy()
    left.pop(TRY, None)
    return f"{request.path}?{left.urlencode()}"


def _save(request: HttpRequest, trial: Trial, form: SaveForm, now: datetime) -> HttpResponse:
    data = form.cleaned_data
    try:
        trial.carry_out(Why(data["reason"], data["note"]), ByHand(data.get("by_hand", "")))
    except NeedsApproval as refusal:
        say_refusal(request, refusal)
        _keep(request, trial, now)
        return redirect(request.get_full_path())
    except DomainError as refusal:
        say_refusal(request, refusal)
        return _page(request, trial, form, now, status=409)
    messages.success(request, trial.saved)
    return redirect(trial.saved_href)


def _standing(officer: User, trial: Trial, now: datetime) -> Approval | None:
    effect = trial.effect
    return request_selectors.request_standing(
        officer, effect.act, effect.subject, trial.office, now=now
    )


def _keep(request: HttpRequest, trial: Trial, now: datetime) -> None:
    """Where the request was made, so that the month's page leads back to it."""
    standing = _standing(request.user, trial, now)
    if standing is not None:
        keep(request, [standing.code])


def keep(request: HttpRequest, codes: Iterable[str]) -> None:
    """Requests that were made at this address."""
    kept = request.session.get(KEPT, {}) | dict.fromkeys(codes, request.get_full_path())
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])


def kept(request: HttpRequest) -> dict[str, str]:
    """By the code of a request, the address that it was made at in this session."""
    return request.session.get(KEPT, {})


def _page(
    request: HttpRequest, trial: Trial, form: SaveForm, now: datetime, status: int = 200
) -> HttpResponse:
    standing = _standing(request.user, trial, now)
    outlook = effects.outlook(trial.office, trial.effect, now)
    shown = {
        "outlook": closing_outlook(outlook, trial.office, request.user),
        "office": trial.office,
        "trial": trial,
        "effect": trial.effect,
        "days": [_day(day) for day in trial.effect.days[:MOST_DAYS]],
        "opening": " ".join(_opening(each, trial.office) for each in trial.effect.opening),
        "crowded": "; ".join(
            _crowded(day.day, hour) for day in trial.effect.days[:MOST_DAYS] for hour in day.crowded
        ),
        "more": max(len(trial.effect.days) - MOST_DAYS, 0),
        "form": form,
        "is_wish": is_tried(request),
        "query": request.GET.urlencode(),
        "standing": approval_status(standing, trial.office) if standing else None,
    }
    return render(request, "queueing_planning/trial.html", shown, status=status)


def _opening(opening: Opening, office: Office) -> str:
    if opening.at is None:
        text = ngettext(
            "%(n)s kursi langsung dibuka untuk masyarakat begitu disimpan.",
            "%(n)s kursi langsung dibuka untuk masyarakat begitu disimpan.",
            opening.seats,
        )
        return text % {"n": formatting.number(opening.seats)}
    text = ngettext(
        "%(n)s kursi dibuka untuk masyarakat %(when)s.",
        "%(n)s kursi dibuka untuk masyarakat %(when)s.",
        opening.seats,
    )
    return text % {
        "n": formatting.number(opening.seats),
        "when": booking_words.moment(opening.at, office),
    }


def _crowded(day: date, hour: Crowded) -> str:
    return _("%(day)s: %(people)s orang, %(seats)s kursi di %(hour)s") % {
        "day": formatting.day(day),
        "people": hour.people,
        "seats": hour.seats,
        "hour": formatting.clock(hour.hour),
    }


def _day(effect: DayEffect) -> dict[str, Any]:
    return {
        "name": formatting.day(effect.day),
        "before": formatting.number(effect.before),
        "taken": formatting.number(effect.taken),
        "after": formatting.number(effect.after),
        "affected": formatting.number(effect.affected),
        "note": CLOSED.get(effect.closed, ""),
    }
