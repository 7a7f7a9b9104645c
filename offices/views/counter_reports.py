"""A trouble report written down by an officer for somebody who stands at the counter."""

from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices import selectors
from offices.forms import CounterReportForm
from offices.models import Report
from offices.rules import Act
from offices.services import reports
from offices.views.reports import said_in
from paspor.kernel import once_door
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@admin.site.admin_view
def page(request: HttpRequest) -> HttpResponse:
    """A second tap is told the same number and secret."""
    if not request.user.has_perm("offices.add_report"):
        raise PermissionDenied
    now = timezone.now()
    form = _form(request, now)
    if request.method == "POST" and form.is_valid():
        try:
            return _filed(request, form, now)
        except DomainError as refusal:
            once_door.refuse(form, refusal)
    shown = {"form": form}
    return render(request, "offices/counter_report.html", shown, status=422 if form.errors else 200)


def _form(request: HttpRequest, now: datetime) -> CounterReportForm:
    reach = selectors.offices_of(request.user, now, Act.REPORT)
    offices = selectors.public_offices()
    if not reach.is_national:
        offices = offices.filter(pk__in=reach.ids)
    named = request.GET.get("kantor", "")
    own = offices.filter(code=named).first() or (offices.first() if len(offices) == 1 else None)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"office": own, "token": once_door.new_token(), "language": "id"}
    return CounterReportForm(
        *posted, initial=initial, offices=offices, is_national=reach.is_national
    )


def _filed(request: HttpRequest, form: CounterReportForm, now: datetime) -> HttpResponse:
    wish = said_in(form)
    code = once_door.once(
        request, lambda: reports.file(wish=wish, officer=request.user, now=now).report.code
    )
    is_past_office = wish.kind == Report.Kind.CONDUCT
    shown = {
        "number": grouped(code),
        # What is about colleagues is followed by its reporter alone, where a mail can tell them.
        "secret": ""
        if is_past_office and wish.email
        else grouped(reports.secret_of(code, wish.token)),
        "has_mail": bool(wish.email),
        "is_past_office": is_past_office,
        "list": reverse("admin:offices_report_changelist"),
    }
    return render(request, "offices/counter_report_filed.html", shown, status=201)
