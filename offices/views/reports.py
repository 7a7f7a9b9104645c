"""Reporting trouble, and following a report by its number and secret."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from offices import words
from offices.forms import FollowForm, ReportForm
from offices.models import Report
from offices.services import reports, screenshots
from offices.services.reports import ReportWish
from paspor.kernel import once_door, ratelimit
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The number and the secret are shown once, on the page that answers the form."""
    user = request.user if request.user.is_authenticated else None
    initial = {"email": user.email if user else "", "token": once_door.new_token()}
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReportForm(*posted, initial=initial)
    if request.method == "POST" and form.is_valid():
        ratelimit.check(request, "messages")
        try:
            return _filed(request, form, user)
        except DomainError as refusal:
            once_door.refuse(form, refusal)
    return render(request, "offices/report.html", {"form": form}, status=_status(form))


def _filed(request: HttpRequest, form: ReportForm, user: User | None) -> HttpResponse:
    wish = said_in(form, account=user, language=get_language())
    code = once_door.once(request, lambda: reports.file(wish=wish, now=timezone.now()).report.code)
    secret = reports.secret_of(code, wish.token)
    numbers = {"code": grouped(code), "secret": grouped(secret)}
    told = {"numbers": numbers, "has_mail": bool(wish.email)}
    return render(request, "offices/report_filed.html", told, status=201)


def said_in(form: ReportForm, **more: Any) -> ReportWish:
    """What the form says, its picture written anew. Raises ReportInvalid."""
    said = form.cleaned_data | {"token": form.cleaned_data["token"] or once_door.new_token()}
    said["screenshot"] = screenshots.taken(said["screenshot"])
    return ReportWish(**said, **more)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Read by POST: neither number nor secret stands in an address."""
    form = FollowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ratelimit.check(request, "lookup", person=normalized(said["code"]))
        try:
            report = _followed(said)
        except DomainError as refusal:
            once_door.refuse(form, refusal)
        else:
            return render(request, "offices/report_state.html", _report_context(report, said))
    return render(request, "offices/report_follow.html", {"form": form}, status=_status(form))


def _followed(said: dict[str, str]) -> Report:
    if said["reply"]:
        named = {name: said[name] for name in ("code", "secret")}
        reports.reply(**named, text=said["reply"], now=timezone.now())
    return reports.followed(said["code"], said["secret"])


def _report_context(report: Report, said: dict[str, str]) -> dict[str, object]:
    steps = [
        {
            "title": Report.State(each.state).label,
            "iso": each.at.isoformat(),
            "when": words.moment(each.at, report.office.zone if report.office else None),
            "text": each.note,
            "is_own": each.from_reporter and each.note,
        }
        for each in report.steps.all()
    ]
    return {
        "report": report,
        "number": grouped(report.code),
        "steps": steps,
        "said": said,
        "is_asked": report.state == Report.State.WAITING,
    }


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
