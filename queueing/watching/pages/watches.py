"""The account's watches: asking for one, the list, and stopping them."""

from dataclasses import replace
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
from accounts.models import User
from offices import selectors as offices
from paspor.kernel import counting, kept_forms, problems, ratelimit
from paspor.kernel.decorators import sign_in_required
from paspor.kernel.errors import Conflict, DomainError
from paspor.kernel.form_refusals import refuse
from queueing.booking.presentation.choice import Choice
from queueing.watching import links, policies, selectors, words
from queueing.watching.errors import RoomAlready, TooManyWatches
from queueing.watching.forms import WatchForm
from queueing.watching.services import asking
from queueing.watching.services.asking import Wish

# In the order of Wish.
FIELDS = ("dekat", "radius", "orang", "paspor", "sebelum")
# What the service calls a field, and what the form does.
NAMES = {"until": "sebelum", "radius_km": "radius"}


@never_cache
@require_safe
@sign_in_required
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "queueing_watching/list.html", {"rows": _rows(request.user)})


def _rows(account: User) -> list[dict[str, Any]]:
    now = timezone.now()
    watches = list(selectors.watches_of(account))
    waiting = {watch.kind for watch in watches if selectors.is_waiting(watch, now)}
    return [words.listed(watch, now, waits_again=watch.kind in waiting) for watch in watches]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@consent_required
def new(request: HttpRequest) -> HttpResponse:
    """What is asked twice is one watch, so a second tap does no harm."""
    said = request.POST if request.method == "POST" else kept_forms.kept(request)
    asked = {name: request.GET[name] for name in FIELDS if request.GET.get(name)}
    form = WatchForm(said, initial=asked, offices=offices.listed())
    instead: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        ratelimit.check(request, "watches")
        try:
            wish = Wish(*(form.cleaned_data[name] for name in FIELDS))
            asking.ask(account=request.user, wish=wish, now=timezone.now())
        except (RoomAlready, TooManyWatches) as refusal:
            counting.refused(refusal.code)
            instead = _instead(request, refusal, form)
        except DomainError as refusal:
            refuse(form, refusal, NAMES)
        else:
            flash.success(request, _("Dicatat. Kami mengabari Anda sekali bila ada tempat."))
            return redirect("watching:list")
    shown = {
        "form": form,
        "instead": instead,
        "most": policies.WATCHES_PER_ACCOUNT.at(now=timezone.now()),
        "search": request.GET.urlencode(),
    }
    status = 422 if form.errors else Conflict.status if instead else 200
    return render(request, "queueing_watching/new.html", shown, status=status)


def _instead(
    request: HttpRequest, refusal: RoomAlready | TooManyWatches, form: WatchForm
) -> dict[str, str]:
    """Where what was asked for leads, for components/alert.html."""
    told = {"text": problems.sentence(refusal)}
    if isinstance(refusal, RoomAlready):
        return told | {
            "tone": "success",
            "title": _("Sudah ada tempat"),
            "href": _hours_of(request, refusal, form),
            "link": _("Lihat jamnya"),
        }
    return told | {
        "tone": "warning",
        "title": _("Belum dicatat"),
        "href": reverse("watching:list"),
        "link": _("Lihat yang ditunggu"),
    }


def _hours_of(request: HttpRequest, refusal: RoomAlready, form: WatchForm) -> str:
    """The day that has room already, for as many and the same passport; it asks for the kind
    where nobody has said it here."""
    said = form.cleaned_data
    choice = replace(
        Choice.of(request.GET),
        people=said["orang"],
        passport_type=said["paspor"],
        before=said["sebelum"],
        kind_open=not request.GET.get("jenis"),
    )
    where = [refusal.extras["office"], refusal.extras["day"]]
    return reverse("queueing:day", args=where) + choice.query


@require_POST
@sign_in_required
def stop(request: HttpRequest, code: str) -> HttpResponse:
    ratelimit.check(request, "give_back")
    asking.stop(account=request.user, code=code)
    flash.success(request, _("Dihentikan. Anda tidak akan dikabari lagi tentang ini."))
    return redirect("watching:list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing: mail scanners open links. It names nobody."""
    try:
        account_id = links.account_id_of(token)
    except DomainError as unknown:
        shown = {"why": problems.sentence(unknown)}
        return render(request, "queueing_watching/stop.html", shown, status=unknown.status)
    if request.method == "POST":
        ratelimit.check(request, "give_back")
        asking.stop_all(account_id=account_id)
        flash.success(request, _("Semua permintaan kabar dihentikan."))
        return redirect("watching:stop-all", token)
    now = timezone.now()
    waiting = selectors.waiting_of(User(pk=account_id), now=now)
    rows = [words.watch_row(watch, now) for watch in waiting]
    return render(request, "queueing_watching/stop.html", {"rows": rows})
