"""What officers' pages of every room share: choosing an office, and saying a refusal."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.models import Approval, Office
from offices.officer_selectors import offices_open_to
from offices.rules import Act
from offices.selectors import Wanted
from offices.services import approvals, authority
from paspor.kernel import problems
from paspor.kernel.decorators import View
from paspor.kernel.errors import DomainError, NeedsApproval

# As many offices are read through; more are folded by province, with a search.
MOST_AT_A_GLANCE = 12


def office_choice(act: Act | None, url_name: str, title: str | Promise) -> View:
    """A view for an address without an office: to the officer's only one, else a choice."""

    @never_cache
    @require_safe
    @admin.site.admin_view
    def choose(request: HttpRequest) -> HttpResponse:
        offices = list(offices_open_to(request.user, now=timezone.now(), act=act))
        if not offices:
            raise authority.ended(request.user, now=timezone.now(), act=act) or Http404
        if len(offices) == 1:
            return redirect(url_name, offices[0].code)
        asked = request.GET.get("cari", "").strip()
        shown = {
            "title": title,
            "search": asked,
            "may_search": len(offices) > MOST_AT_A_GLANCE,
            "provinces": _by_province(offices, asked, url_name),
            "is_folded": len(offices) > MOST_AT_A_GLANCE and not asked,
        }
        return render(request, "offices/choose_office.html", shown)

    return choose


def _by_province(offices: Iterable[Office], asked: str, url_name: str) -> list[dict[str, Any]]:
    """Those that are named as asked, under their provinces."""
    wanted = Wanted(text=asked)
    found = sorted(filter(wanted.fits, offices), key=lambda office: office.province)
    return [
        {
            "name": province,
            "rows": [
                {
                    "title": office.name,
                    "text": office.regency,
                    "href": reverse(url_name, args=[office.code]),
                }
                for office in group
            ],
        }
        for province, group in groupby(found, key=lambda office: office.province)
    ]


def say_refusal(request: HttpRequest, refusal: DomainError, note: str = "") -> Approval | None:
    """Say a refusal on the next page; where a second officer is needed, ask for the yes.

    Returns the request for that yes.
    """
    if isinstance(refusal, NeedsApproval):
        return _ask(request, refusal, note or request.POST.get("note", ""))
    texts = [text for found in problems.field_texts(refusal).values() for text in found]
    messages.error(request, " ".join(texts) or problems.sentence(refusal))
    return None


def _ask(request: HttpRequest, refusal: NeedsApproval, note: str) -> Approval | None:
    try:
        approval = ask_second(request, refusal, note)
    except DomainError as error:
        messages.error(request, problems.sentence(error))
        return None
    text = _(
        "Tindakan ini memerlukan persetujuan petugas kedua. Permintaan %(code)s sudah diajukan; "
        "setelah disetujui, lakukan tindakan yang sama sekali lagi."
    )
    messages.warning(request, text % {"code": approval.code})
    return approval


def ask_second(request: HttpRequest, refusal: NeedsApproval, note: str) -> Approval:
    """Ask for the yes that the refusal names. Raises NotAllowed, Invalid."""
    return approvals.ask(
        request=refusal.request,
        officer=request.user,
        reason=request.POST.get("reason") or "counter",
        note=note,
        now=timezone.now(),
    )
