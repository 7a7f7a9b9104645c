"""Cases for those who handle them: the list, one case, and what is written to it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices.models import Office
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel import formatting, problems
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.masking import mask_email
from queueing.integrity import case_words
from queueing.integrity.models.cases import BulkAct, Case, CaseAccount
from queueing.integrity.models.scores import Cluster
from queueing.integrity.pages import case_doors as doors
from queueing.integrity.pages.case_doors import handler
from queueing.integrity.pages.forms import (
    AssignForm,
    DecideForm,
    NoteForm,
    OpenCaseForm,
    PrepareForm,
)
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.selectors import found as selectors_of_found
from queueing.integrity.selectors.cases import Entry
from queueing.integrity.services import acts, cases
from queueing.integrity.services.acts import Wish
from queueing.integrity.services.cases import Subject, Suspect

PER_PAGE = 50
MOST_CODES = 500
UNKNOWN_NAMED = 20
STATES = {
    Case.State.OPEN: ("warning", "hourglass"),
    Case.State.DECIDED: ("info", "check"),
    Case.State.CLOSED: ("", "circle-check"),
}
ACT_STATES = {
    BulkAct.State.PREPARED: ("warning", "clock"),
    BulkAct.State.RUNNING: ("info", "hourglass"),
    BulkAct.State.DONE: ("success", "circle-check"),
    BulkAct.State.WITHDRAWN: ("", "ban"),
    BulkAct.State.LAPSED: ("", "clock"),
}


@never_cache
@require_safe
@handler
def case_list(request: HttpRequest) -> HttpResponse:
    """Those that are not closed, unless all are asked for."""
    found = selectors.cases_seen_by(request.user, now=timezone.now())
    everything = request.GET.get("status") == "semua"
    if not everything:
        found = found.exclude(state=Case.State.CLOSED)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "rows": [_row(case) for case in page], "everything": everything}
    return render(request, "queueing_integrity/cases.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@handler
def open_case(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    offices = selectors.offices_to_open_for(request.user, now=now)
    choices = [(office.code, office.name) for office in offices]
    if selectors.may_open_for_nation(request.user, now=now):
        choices.insert(0, ("", _("Seluruh Indonesia")))
    code = request.GET.get("gugus", "")
    cluster = selectors_of_found.cluster_seen_by(request.user, code, now=now) if code else None
    if code and cluster is None:
        raise Http404
    form = OpenCaseForm(request.POST or None, offices=choices, is_cluster=cluster is not None)
    if form.is_valid() and _all_known(form):
        try:
            case = _open(request, form, {office.code: office for office in offices}, cluster)
        except DomainError as refusal:
            doors.tell(request, refusal)
        else:
            messages.success(request, _("Perkara %s dibuka.") % grouped(case.code))
            return redirect("cases:case", case.code)
    status = 422 if request.method == "POST" else 200
    size = case_words.accounts(cluster.size) if cluster else ""
    shown = {"form": form, "cluster": cluster, "accounts": size}
    return render(request, "queueing_integrity/case_open.html", shown, status=status)


def _all_known(form: OpenCaseForm) -> bool:
    """Nothing is opened about some of those who were named: what is wrong is said instead."""
    codes = form.cleaned_data.get("codes", "").split()
    _found, unknown = selectors.accounts_named(codes)
    if len(codes) > MOST_CODES:
        form.add_error("codes", _("Paling banyak %s kode.") % MOST_CODES)
    elif unknown:
        named = ", ".join(unknown[:UNKNOWN_NAMED])
        form.add_error("codes", _("Tidak dikenal: %s. Perkara belum dibuka.") % named)
    return form.is_valid()


def _open(
    request: HttpRequest,
    form: OpenCaseForm,
    offices: dict[str, Office],
    cluster: Cluster | None,
) -> Case:
    said = form.cleaned_data
    office = offices.get(said["office"])
    if cluster is not None:
        subject = cases.subject_of(cluster, office=office)
    else:
        found, _unknown = selectors.accounts_named(said["codes"].split())
        subject = Subject(tuple(Suspect(pk) for pk in found))
    return cases.open_case(
        officer=request.user,
        office=office,
        subject=subject,
        why=Why(said["reason"], said["note"]),
        now=timezone.now(),
    )


@never_cache
@require_safe
@handler
def case(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.case_seen_by(request.user, code, now=timezone.now())
    return _page(request, found)


def _page(request: HttpRequest, found: Case, *, status: int = 200, **forms: Form) -> HttpResponse:
    now = timezone.now()
    members = Paginator(selectors.members_of(found, now=now), PER_PAGE)
    page = members.get_page(request.GET.get("page"))
    codes = [member.account.code for member in page]
    officers = selectors.handlers_of(found, now=now)
    shown = {
        "case": found,
        "code": grouped(found.code),
        "status": _status(found),
        "facts": _facts(found),
        "page": page,
        "members": [_member(row) for row in page],
        "acts": [_act(row) for row in selectors.acts_of(found)],
        "history": [_entry(entry) for entry in _with_names(selectors.history_of(found))],
        "prepare": forms.get("prepare") or PrepareForm(codes=codes),
        "ticked": forms["prepare"].data.getlist("who") if "prepare" in forms else [],
        "note": forms.get("note") or NoteForm(),
        "assign": forms.get("assign")
        or AssignForm(officers=[(one.code, one.email) for one in officers]),
        "decide": forms.get("decide") or DecideForm(),
        "is_open": found.state != Case.State.CLOSED,
        "failed": next(iter(forms.values()), None),
    }
    return render(request, "queueing_integrity/case.html", shown, status=status)


@never_cache
@require_POST
@handler
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze what an act is about; the next page shows it before anything is done."""
    found = selectors.case_seen_by(request.user, code, now=timezone.now())
    codes = found.members.values_list("account__code", flat=True)
    form = PrepareForm(request.POST, codes=codes)
    if not form.is_valid():
        return _page(request, found, status=422, prepare=form)
    said, now = form.cleaned_data, timezone.now()
    wish = Wish(
        act=Act(said["act"]),
        why=Why(said["reason"], said["note"]),
        account_codes=said["who"] if said["whom"] == "chosen" else None,
        until=now + timedelta(days=said["days"])
        if said["days"] and said["act"] in acts.KINDS
        else None,
    )
    try:
        act = acts.prepare(officer=request.user, code=code, wish=wish, now=now)
    except DomainError as refusal:
        problems.put_on(form, refusal)
        return _page(request, found, status=409, prepare=form)
    return redirect("cases:act", act.code)


@never_cache
@require_POST
@handler
def note(request: HttpRequest, code: str) -> HttpResponse:
    form = NoteForm(request.POST)
    return _write(request, code, "note", form, lambda found: _noted(request, found, form))


@never_cache
@require_POST
@handler
def assign(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.case_seen_by(request.user, code, now=timezone.now())
    officers = selectors.handlers_of(found, now=timezone.now())
    form = AssignForm(request.POST, officers=[(one.code, one.email) for one in officers])

    def work(case: Case) -> str:
        to = next(one for one in officers if one.code == form.cleaned_data["to"])
        cases.assign(officer=request.user, code=case.code, to=to, now=timezone.now())
        return _("Penanggung jawab dicatat.")

    return _write(request, code, "assign", form, work)


@never_cache
@require_POST
@handler
def decide(request: HttpRequest, code: str) -> HttpResponse:
    form = DecideForm(request.POST)

    def work(case: Case) -> str:
        said = form.cleaned_data
        cases.decide(officer=request.user, code=case.code, now=timezone.now(), **said)
        return _("Putusan dicatat.")

    return _write(request, code, "decide", form, work)


@never_cache
@require_POST
@handler
def close(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.case_seen_by(request.user, code, now=timezone.now())
    try:
        cases.close(officer=request.user, code=found.code, now=timezone.now())
    except DomainError as refusal:
        doors.tell(request, refusal)
    else:
        messages.success(request, _("Perkara ditutup."))
    return redirect("cases:case", found.code)


def _noted(request: HttpRequest, found: Case, form: NoteForm) -> str:
    text = form.cleaned_data["text"]
    cases.note(officer=request.user, code=found.code, text=text, now=timezone.now())
    return _("Catatan disimpan.")


def _write(
    request: HttpRequest, code: str, name: str, form: Form, work: Callable[[Case], str]
) -> HttpResponse:
    """One small form of a case: do it and say so, or show the page with its errors."""
    found = selectors.case_seen_by(request.user, code, now=timezone.now())
    if not form.is_valid():
        return _page(request, found, status=422, **{name: form})
    try:
        messages.success(request, work(found))
    except DomainError as refusal:
        doors.tell(request, refusal)
    return redirect("cases:case", found.code)


def _row(case: Case) -> dict[str, Any]:
    office = case.office.name if case.office else _("Seluruh Indonesia")
    about = case_words.accounts(case.accounts)
    if case.assigned_to:
        about += f" · {case.assigned_to.email}"
    return {
        "title": f"{grouped(case.code)} · {case_words.reason(case.reason)}",
        "text": f"{office} · {about}",
        "note": case_words.moment(case.opened_at, case.office),
        "href": reverse("cases:case", args=[case.code]),
        "status": _status(case),
    }


def _status(case: Case) -> dict[str, str]:
    tone, icon = STATES[Case.State(case.state)]
    label = case.get_decision_display() if case.decision else case.get_state_display()
    return {"tone": tone, "icon": icon, "label": formatting.capitalised(label)}


def _facts(case: Case) -> list[dict[str, str]]:
    opened = case.opened_by.email if case.opened_by else _("aturan")
    facts = [
        (_("Kantor"), case.office.name if case.office else _("Seluruh Indonesia")),
        (_("Alasan"), case_words.reason(case.reason)),
        (_("Gugus"), grouped(case.cluster_code)),
        (_("Petugas"), case.officer.email if case.officer else ""),
        (_("Dibuka"), f"{case_words.moment(case.opened_at, case.office)}, {opened}"),
        (_("Ditangani oleh"), case.assigned_to.email if case.assigned_to else _("belum ada")),
    ]
    return [{"term": term, "text": text} for term, text in facts if text]


def _member(row: CaseAccount) -> dict[str, Any]:
    status = {"tone": "", "icon": "", "label": _("Bebas")}
    if row.is_suspended:
        status = {"tone": "error", "icon": "ban", "label": _("Ditangguhkan")}
    elif row.is_limited:
        status = {"tone": "warning", "icon": "hourglass", "label": _("Dibatasi")}
    return {
        "code": row.account.code,
        "shown": grouped(row.account.code),
        "email": mask_email(row.account.email),
        "score": row.score,
        "then": row.live_places,
        "now": row.live_now,
        "why": case_words.signals(row.reasons),
        "status": status,
    }


def _act(act: BulkAct) -> dict[str, Any]:
    tone, icon = ACT_STATES[BulkAct.State(act.state)]
    return {
        "title": formatting.capitalised(act.get_act_display()),
        "text": f"{case_words.reason(act.reason)} · {act.prepared_by.email}",
        "href": reverse("cases:act", args=[act.code]),
        "status": {
            "tone": tone,
            "icon": icon,
            "label": formatting.capitalised(act.get_state_display()),
        },
    }


def _with_names(entries: list[Entry]) -> Iterable[tuple[Entry, str]]:
    names = selectors.emails_of(entry.by for entry in entries)
    return [(entry, names.get(entry.by, "") if entry.by else _("sistem")) for entry in entries]


def _entry(told: tuple[Entry, str]) -> dict[str, str]:
    entry, who = told
    said = " · ".join(filter(None, (case_words.detail(entry), entry.note)))
    return {
        "title": case_words.done(entry.act),
        "iso": entry.at.isoformat(),
        "when": case_words.moment(entry.at, None),
        "who": who,
        "text": said,
        "icon": "clock",
    }
