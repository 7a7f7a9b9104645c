"""An act over a case: what it will do, the button that does it, and how far it has come."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.presentation import approval_status
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.booking import words as booking_words
from queueing.desk import request_selectors
from queueing.integrity import case_words
from queueing.integrity.models.cases import BulkAct, BulkItem
from queueing.integrity.pages import case_doors as doors
from queueing.integrity.pages.case_doors import handler
from queueing.integrity.selectors import act_items
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.selectors.act_items import Item
from queueing.integrity.services import acts, withdrawing

OFFICES_NAMED = 30
OUTCOMES = {
    BulkItem.Outcome.WAITING: ("", "clock"),
    BulkItem.Outcome.DONE: ("success", "check"),
    BulkItem.Outcome.LEFT: ("warning", "ban"),
}


@never_cache
@require_safe
@handler
def act(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.act_seen_by(request.user, code, now=timezone.now())
    return render(request, "queueing_integrity/act.html", _act_context(request, found))


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
        doors.tell(request, refusal, why=why)
    else:
        acts.run(act_id=found.pk, now=now, most=acts.AT_ONCE)
        messages.success(request, _("Tindakan dijalankan."))
    return redirect("cases:act", found.code)


@never_cache
@require_POST
@handler
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take it back before it is begun."""
    found = selectors.act_seen_by(request.user, code, now=timezone.now())
    try:
        withdrawing.withdraw(officer=request.user, code=found.code, now=timezone.now())
    except DomainError as refusal:
        doors.tell(request, refusal)
    else:
        messages.success(request, _("Tindakan ditarik. Tidak ada yang dilakukan."))
    return redirect("cases:act", found.code)


def _act_context(request: HttpRequest, act: BulkAct) -> dict[str, Any]:
    reach, progress = selectors.reach_of(act), selectors.progress_of(act)
    standing = request_selectors.request_standing(
        request.user, Act(act.act), acts.subject_of(act), act.case.office, now=timezone.now()
    )
    listing = act_items.listing_of(act)
    return {
        "act": act,
        "items": [_item(item) for item in listing.items],
        "more": listing.more,
        "is_about_visits": act.act == BulkAct.Kind.VOID,
        "title": formatting.capitalised(act.get_act_display()),
        "case_code": grouped(act.case.code),
        "facts": _facts(act, reach),
        "standing": approval_status(standing, standing.office) if standing else None,
        "is_prepared": act.state == BulkAct.State.PREPARED,
        "was_begun": act.started_at is not None,
        "ended": _ended(act),
        "upheld": case_words.left_by_appeal(reach.upheld) if not act.finished_at else "",
        "is_mine": act.prepared_by_id == request.user.pk,
        "is_running": act.state == BulkAct.State.RUNNING,
        "progress": progress,
        "progress_text": _("%(done)s dari %(total)s")
        % {"done": progress.done, "total": progress.total},
        "places": case_words.places(progress.places) if act.act == BulkAct.Kind.VOID else "",
    }


def _ended(act: BulkAct) -> dict[str, str] | None:
    """Why a prepared act cannot be begun any more, for components/alert.html."""
    if act.state == BulkAct.State.WITHDRAWN and act.finished_at:
        by = act_items.withdrawn_by(act)
        text = _("Ditarik oleh %(who)s, %(at)s. Tidak ada yang dilakukan.") % {
            "who": by.email if by else "–",
            "at": case_words.moment(act.finished_at, act.case.office),
        }
        return {"title": _("Tindakan ditarik"), "text": text}
    if act.state == BulkAct.State.LAPSED:
        text = _("Tidak ada yang dilakukan. Siapkan sekali lagi, agar yang terlihat keadaan kini.")
        return {"title": _("Waktu menjalankan tindakan habis"), "text": text}
    return None


def _facts(act: BulkAct, reach: selectors.Reach) -> list[dict[str, str]]:
    facts = [(_("Akun"), case_words.accounts(reach.accounts))]
    if act.act == BulkAct.Kind.VOID:
        facts += [
            (_("Tempat yang digugurkan"), case_words.places(reach.places)),
            (_("Di kantor"), _named(act_items.offices_of(act))),
            (_("Sudah hadir, dibiarkan"), _("%s orang") % reach.present),
            (_("Di kantor lain, dibiarkan"), case_words.places(reach.elsewhere)),
        ]
    if act.until:
        facts.append((_("Berlaku sampai"), case_words.moment(act.until, act.case.office)))
    second = act_items.second_of(act)
    facts += [
        (_("Alasan"), case_words.reason(act.reason)),
        (_("Keterangan"), selectors.note_of(act)),
        (_("Disiapkan oleh"), act.prepared_by.email),
        (_("Disiapkan"), case_words.moment(act.prepared_at, act.case.office)),
        (_("Disetujui oleh"), second.email if second else ""),
        (_("Dapat dijalankan sampai"), _lapses(act)),
    ]
    return [{"term": term, "text": text} for term, text in facts if text]


def _lapses(act: BulkAct) -> str:
    if act.state != BulkAct.State.PREPARED:
        return ""
    return case_words.moment(act_items.lapses_at(act, now=timezone.now()), act.case.office)


def _named(offices: list[str]) -> str:
    """By name; of very many, the first and how many more."""
    text = ", ".join(offices[:OFFICES_NAMED])
    rest = len(offices) - OFFICES_NAMED
    return text if rest <= 0 else _("%(names)s dan %(n)s kantor lain") % {"names": text, "n": rest}


def _item(item: Item) -> dict[str, Any]:
    tone, icon = OUTCOMES[item.outcome]
    result = formatting.capitalised(item.outcome.label)
    if item.is_upheld:
        tone, icon = OUTCOMES[BulkItem.Outcome.LEFT]
        result = _("Dibiarkan: keberatan dikabulkan")
    return {
        "account": grouped(item.account),
        "visit": grouped(item.visit),
        "day": formatting.day(item.slot.day) if item.slot else "",
        "hours": booking_words.hours_of(item.slot) if item.slot else "",
        "office": item.slot.office.name if item.slot else "",
        "people": item.people,
        "status": {"tone": tone, "icon": icon, "label": result},
    }
