"""An act over a case: what it will do, the button that does it, and how far it has come."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.models import Approval
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.booking.pages import show
from queueing.desk import selectors as desk
from queueing.integrity import case_words as words
from queueing.integrity.models.cases import BulkAct
from queueing.integrity.pages import case_doors as doors
from queueing.integrity.pages.case_doors import handler
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.services import acts

STANDING = {
    Approval.State.ASKED: "warning",
    Approval.State.GRANTED: "success",
    Approval.State.DECLINED: "error",
}


@never_cache
@require_safe
@handler
def act(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.act_seen_by(request.user, code, now=timezone.now())
    return render(request, "queueing_integrity/act.html", _shown(request, found))


@never_cache
@require_POST
@handler
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin it; the first items are done at once, so that a small act is done by then."""
    found = selectors.act_seen_by(request.user, code, now=timezone.now())
    now = timezone.now()
    try:
        acts.start(officer=request.user, code=found.code, now=now)
    except DomainError as refusal:
        why = Why(found.reason, selectors.note_of(found))
        doors.tell(request, refusal, office=found.case.office, why=why)
    else:
        acts.run(act_id=found.pk, now=now, most=acts.AT_ONCE)
        messages.success(request, _("Tindakan dijalankan."))
    return redirect("cases:act", found.code)


def _shown(request: HttpRequest, act: BulkAct) -> dict[str, Any]:
    reach, progress = selectors.reach_of(act), selectors.progress_of(act)
    standing = desk.request_standing(
        request.user, Act(act.act), acts.subject_of(act), act.case.office, now=timezone.now()
    )
    return {
        "act": act,
        "title": show.capitalised(act.get_act_display()),
        "case_code": grouped(act.case.code),
        "facts": _facts(act, reach),
        "standing": _standing(standing) if standing else None,
        "is_prepared": act.state == BulkAct.State.PREPARED,
        "is_mine": act.prepared_by_id == request.user.pk,
        "is_running": act.state == BulkAct.State.RUNNING,
        "progress": progress,
        "progress_text": _("%(done)s dari %(total)s")
        % {"done": progress.done, "total": progress.total},
        "places": words.places(progress.places) if act.act == BulkAct.Kind.VOID else "",
    }


def _facts(act: BulkAct, reach: selectors.Reach) -> list[dict[str, str]]:
    facts = [(_("Akun"), words.accounts(reach.accounts))]
    if act.act == BulkAct.Kind.VOID:
        facts += [
            (_("Tempat yang digugurkan"), words.places(reach.places)),
            (_("Di berapa kantor"), str(reach.offices)),
            (_("Sudah hadir, dibiarkan"), _("%s orang") % reach.present),
            (_("Di kantor lain, dibiarkan"), words.places(reach.elsewhere)),
        ]
    if act.until:
        facts.append((_("Berlaku sampai"), words.moment(act.until, act.case.office)))
    facts += [
        (_("Alasan"), words.reason(act.reason)),
        (_("Disiapkan oleh"), act.prepared_by.email),
        (_("Disiapkan"), words.moment(act.prepared_at, act.case.office)),
    ]
    return [{"term": term, "text": text} for term, text in facts]


def _standing(approval: Approval) -> dict[str, str]:
    titles = {
        Approval.State.ASKED: _("Menunggu persetujuan petugas kedua"),
        Approval.State.GRANTED: _("Sudah disetujui petugas kedua"),
        Approval.State.DECLINED: _("Ditolak petugas kedua"),
    }
    state = Approval.State(approval.state)
    text = _("Permintaan %(code)s, berlaku sampai %(until)s.") % {
        "code": approval.code,
        "until": words.moment(approval.expires_at, approval.office),
    }
    return {"tone": STANDING[state], "title": titles[state], "text": text}
