"""The second officer's queue: what is asked, for how long already, and what became of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from offices.admin_site import fresh_factor_asked, second_factor_used
from offices.models import Approval
from offices.rules import Act
from offices.selectors import why_declined
from offices.services import approvals
from offices.words import ACTS, reason
from paspor.kernel import formatting, problems
from paspor.kernel.errors import DomainError
from queueing.desk.presentation import closings
from queueing.integrity import insider_words
from queueing.integrity.forms import DeclineForm
from queueing.integrity.selectors import approvals as selectors
from queueing.integrity.selectors.approvals import SPANS, Facet, Narrowed, PairRow, Request, Tally

A_PAGE = 20
State = Approval.State
STATUS = {
    State.ASKED: ("info", "hourglass"),
    State.GRANTED: ("success", "circle-check"),
    State.DECLINED: ("error", "circle-x"),
    State.USED: ("", "check"),
}
UNUSED = {State.ASKED, State.GRANTED}
# What the walk-in form asks a second officer for.
BY_FORM = {Act.BOOK_FOR, Act.PRIORITY_UNPROVEN}


@never_cache
@require_safe
@admin.site.admin_view
def queue(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    narrowed = Narrowed(request.GET.get("tindakan", ""), request.GET.get("kantor", ""))
    page = Paginator(selectors.waiting(request.user, now, narrowed), A_PAGE).get_page(
        request.GET.get("page")
    )
    waiting = [
        _request_row(row, now)
        for row in selectors.requests(request.user, list(page.object_list), now)
    ]
    shown = {
        "waiting": waiting,
        "groups": [_group(rows) for _alike, rows in groupby(waiting, key=_alike)],
        "page": page,
        "filters": _filters(selectors.facets(request.user, now), narrowed),
        "back": _place(request),
        "own": _own(request.user, now),
        "as_of": insider_words.moment(now, None),
        "watches": bool(selectors.watched_by(request.user, now)),
    }
    return render(request, "queueing_integrity/approvals.html", shown)


@never_cache
@require_POST
@admin.site.admin_view
def grant(request: HttpRequest, code: str) -> HttpResponse:
    """Agree, with a second factor used within minutes."""
    approval = _approval(request, code)
    if (first := fresh_factor_asked(request)) is not None:
        return first
    work = partial(approvals.grant, approval=approval)
    return _decide(request, work, _("Permintaan %(code)s disetujui.") % {"code": code})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@admin.site.admin_view
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """A page of its own, so that the queue's renewal takes nothing away that is being typed."""
    approval = _approval(request, code)
    form = DeclineForm(request.POST or None)
    if form.is_valid():
        work = partial(approvals.decline, approval=approval, why=form.cleaned_data["why"])
        return _decide(request, work, _("Permintaan %(code)s ditolak.") % {"code": code})
    row = _request_row(Request(approval, True), timezone.now())
    shown = {"form": form, "row": row, "back": _place(request)}
    status = 422 if form.errors else 200
    return render(request, "queueing_integrity/decline.html", shown, status=status)


@never_cache
@require_safe
@admin.site.admin_view
def statistics(request: HttpRequest) -> HttpResponse:
    """How requests were decided, by act and by pair; for heads and SISTIK."""
    now = timezone.now()
    reach = selectors.watched_by(request.user, now)
    if not reach:
        raise Http404
    span = next((n for n in SPANS if str(n) == request.GET.get("hari")), SPANS[0])
    known = selectors.offices_with_requests(reach)
    office = known.filter(code=request.GET.get("kantor", "")).first()
    found = selectors.asked_since(reach, now - timedelta(days=span), office)
    shown = {
        "span": span,
        "spans": SPANS,
        "office": office,
        "offices": known,
        "tallies": [_tally(row) for row in selectors.tallies(found, now)],
        "pairs": [_pair(row) for row in selectors.pair_rows(found, now)],
    }
    return render(request, "queueing_integrity/approval_figures.html", shown)


def _approval(request: HttpRequest, code: str) -> Approval:
    found = selectors.request_for(request.user, code, timezone.now())
    if found is None:
        raise Http404
    return found


def _decide(request: HttpRequest, work: Callable[..., Approval], done: str) -> HttpResponse:
    factor = second_factor_used(request)
    try:
        work(second=request.user, used_second_factor=factor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, problems.sentence(refusal))
    else:
        messages.success(request, done)
    return redirect(f"{reverse('insiders:approvals')}{_place(request)}")


def _place(request: HttpRequest) -> str:
    """Where in the queue somebody is, for the way back to it."""
    here = {
        name: said for name in ("tindakan", "kantor", "page") if (said := request.GET.get(name))
    }
    return f"?{urlencode(here)}" if here else ""


def _alike(row: dict[str, Any]) -> tuple[str, str]:
    return row["act"], row["office"]


def _group(found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rows = list(found)
    return {"act": rows[0]["act"], "office": rows[0]["office"], "rows": rows, "count": len(rows)}


def _filters(facets: Sequence[Facet], narrowed: Narrowed) -> dict[str, Any] | None:
    """What the queue can be narrowed to; nothing where all of it is alike, and nothing is."""
    if len(facets) < 2 and narrowed == selectors.EVERYTHING:
        return None
    acts, offices = Counter[str](), Counter[str]()
    names = {selectors.NATION: _("Seluruh Indonesia")}
    for facet in facets:
        code = facet.office or selectors.NATION
        names.setdefault(code, facet.office_name)
        acts[facet.act] += facet.count
        offices[code] += facet.count
    return {
        "acts": [
            _option(act, capfirst(str(ACTS[act])), n, narrowed.act) for act, n in acts.items()
        ],
        "offices": [_option(code, names[code], n, narrowed.office) for code, n in offices.items()],
        "is_narrowed": narrowed != selectors.EVERYTHING,
    }


def _option(value: str, name: str, count: int, chosen: str) -> dict[str, Any]:
    return {
        "value": value,
        "name": f"{name} ({formatting.number(count)})",
        "is_chosen": value == chosen,
    }


def _own(officer: User, now: datetime) -> list[dict[str, Any]]:
    rows = list(selectors.own(officer, now))
    why = why_declined(row.approval for row in rows)
    return [_request_row(row, now) | {"why": why.get(row.approval.code, "")} for row in rows]


def _request_row(row: Request, now: datetime) -> dict[str, Any]:
    approval = row.approval
    office = approval.office
    # A yes that nobody used in time, or whose act was withdrawn, is no yes any more.
    is_over = approval.state in UNUSED and approval.expires_at <= now
    is_closing = approval.act == Act.CLOSE_DAY
    tone, icon = ("warning", "clock") if is_over else STATUS[State(approval.state)]
    return {
        "code": approval.code,
        "act": insider_words.act_of(approval),
        "about": insider_words.about(approval, row.slot, row.appointee),
        "people": insider_words.people(approval.people),
        "seats": _seats(approval),
        "office": office.name if office else _("Seluruh Indonesia"),
        "asker": approval.asked_by.email,
        "reason": reason(approval.reason),
        "note": approval.note,
        # Of a closing they are what the public will read.
        "note_term": _("Dibaca masyarakat") if is_closing else _("Kata peminta"),
        "told": approval.told,
        "waited": formatting.elapsed(approval.asked_at, now),
        "asked_at": insider_words.moment(approval.asked_at, office),
        "lapses": insider_words.moment(approval.expires_at, office),
        "left": formatting.elapsed(now, approval.expires_at),
        "href": _href(approval),
        "form": "" if is_over else _form(approval),
        "may_decide": row.may_decide,
        "second": approval.second.email if approval.second else "",
        "decided": insider_words.moment(approval.decided_at, office) if approval.decided_at else "",
        "status": {
            "tone": tone,
            "icon": icon,
            "label": _("kedaluwarsa") if is_over else approval.get_state_display(),
        },
    }


def _seats(approval: Approval) -> str:
    """What capacity the act leads from and to; empty where it changes none."""
    if approval.seats_before is None:
        return ""
    before, after = approval.seats_before, approval.seats_after
    return _("%(before)s → %(after)s tempat (%(change)s)") % {
        "before": formatting.number(before),
        "after": formatting.number(after),
        "change": f"{'+' if after >= before else '−'}{formatting.number(abs(after - before))}",
    }


def _href(approval: Approval) -> str:
    """Where what is asked for can be looked at before it is agreed to."""
    matter = approval.matter
    if approval.act == Act.CLOSE_DAY and approval.office and matter.day:
        return closings.page_of(approval, approval.office)
    if matter.booking and approval.office:
        return reverse("desk:booking", args=[approval.office.code, matter.booking])
    if matter.bulk_act:
        return reverse("cases:act", args=[matter.bulk_act])
    return reverse("cases:case", args=[matter.case]) if matter.case else ""


def _form(approval: Approval) -> str:
    """Where the first officer goes on with the walk-in that they typed, once it is agreed to."""
    office = approval.office
    if office is None or not approval.matter.is_walk_in or approval.state != State.GRANTED:
        return ""
    return f"{reverse('desk:walk-in', args=[office.code])}?permintaan={approval.code}"


def _tally(row: Tally) -> dict[str, Any]:
    return {
        "row": row,
        "act": ACTS.get(row.act, row.act),
        "median": insider_words.length(row.median_seconds),
    }


def _pair(row: PairRow) -> dict[str, Any]:
    return {
        "row": row,
        "median": insider_words.length(row.pair.median_seconds),
        "why": insider_words.sentence(row.signal) if row.signal else "",
    }
