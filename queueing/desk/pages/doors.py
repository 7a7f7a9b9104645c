"""Who may open the counter's screens, and how a refusal is told there."""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
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

from offices import selectors as offices
from offices.models import Approval, Office
from offices.rules import Act
from offices.selectors import Wanted
from offices.services import approvals, authority
from paspor.kernel import problems
from paspor.kernel.errors import DomainError, NeedsApproval
from queueing.booking.pages import show
from queueing.desk import selectors

# As many offices are read through; more are folded by province, with a search.
MOST_AT_A_GLANCE = 12

type View = Callable[..., HttpResponse]


def at_office(*acts: Act | None) -> Callable[[View], View]:
    """A live post and a second factor, as the admin asks; and an act is the officer's there.

    None is no act: whoever has a post there may look.

    Every other office is not found: which offices exist is no secret, but what happens
    at their counters is.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def asked(request: HttpRequest, office: str, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            own = (selectors.desk_offices(request.user, now=now, act=act) for act in acts)
            found = next(
                filter(None, (offices.filter(code=office).first() for offices in own)), None
            )
            if found is None:
                raise _over(request, acts, now, office) or Http404
            return view(request, found, **kwargs)

        return admin.site.admin_view(asked)

    return guard


def _over(
    request: HttpRequest, acts: Iterable[Act | None], now: datetime, code: str
) -> DomainError | None:
    """The post by which this page stood open here until it ended."""
    office = Office.objects.filter(code=code, is_active=True).first()
    if office is None:
        return None
    over = (authority.ended(request.user, now=now, act=act, office=office) for act in acts)
    return next(filter(None, over), None)


counter = at_office(Act.CHECK_IN)
calling = at_office(Act.SERVE)
booking_for = at_office(Act.BOOK_FOR)
correcting = at_office(Act.CORRECT)
cancelling_for = at_office(Act.CANCEL_FOR)
closing = at_office(Act.CLOSE_DAY)
nik_reading = at_office(Act.READ_NIK)
verifying = at_office(Act.VERIFY_ACCOUNT)
screens = at_office(Act.SCREEN)
pairing = at_office(Act.PAIR_SCREEN)
key_setting = at_office(Act.OFFICE_KEY)
looking = at_office(None)
counter_or_key = at_office(Act.CHECK_IN, Act.OFFICE_KEY)


def start(act: Act | None, url_name: str, title: str | Promise) -> View:
    """A screen's address without an office: straight to the officer's only one, else a choice."""

    @never_cache
    @require_safe
    @admin.site.admin_view
    def choose(request: HttpRequest) -> HttpResponse:
        offices = list(selectors.desk_offices(request.user, now=timezone.now(), act=act))
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
        return render(request, "queueing_desk/offices.html", shown)

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


def tell(request: HttpRequest, refusal: DomainError, note: str = "") -> Approval | None:
    """Say a refusal on the next page; where a second officer is needed, ask for the yes.

    The request that was made by that.
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


def closing_asked(approval: Approval, office: Office) -> str:
    """The page on which some hours were asked to be closed."""
    asked = approval.matter
    chosen = f"?mulai={asked.since:%H:%M}" if asked.since else ""
    return reverse("desk:close-day", args=[office.code, asked.day]) + chosen


def standing_words(approval: Approval, office: Office | None) -> dict[str, Any]:
    """How a request for a second officer's yes stands, for components/alert.html.

    Without an office it is the nation's, by the capital's clock.
    """
    tone, title = {
        Approval.State.ASKED: ("warning", _("Menunggu persetujuan petugas kedua")),
        Approval.State.GRANTED: ("success", _("Sudah disetujui petugas kedua")),
        Approval.State.DECLINED: ("error", _("Ditolak petugas kedua")),
    }[Approval.State(approval.state)]
    if approval.state == Approval.State.DECLINED:
        why = offices.why_declined([approval]).get(approval.code, "")
        text = _("Permintaan %(code)s: “%(why)s”") if why else _("Permintaan %(code)s.")
        return {"tone": tone, "title": title, "text": text % {"code": approval.code, "why": why}}
    text = _("Permintaan %(code)s, berlaku sampai %(until)s.") % {
        "code": approval.code,
        "until": show.moment(approval.expires_at, office),
    }
    return {"tone": tone, "title": title, "text": text}
