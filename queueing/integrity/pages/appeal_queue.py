"""Appeals for those who answer them: a queue with a clock, and one appeal."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from paspor.kernel.masking import mask_email
from queueing.integrity import case_notices as notices
from queueing.integrity import case_words
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.pages import case_doors as doors
from queueing.integrity.pages.case_doors import handler
from queueing.integrity.pages.forms import AnswerForm
from queueing.integrity.selectors import appeals as selectors
from queueing.integrity.services import appeals

PER_PAGE = 50
STATES = {
    Appeal.State.RECEIVED: ("info", "hourglass"),
    Appeal.State.UPHELD: ("success", "circle-check"),
    Appeal.State.REJECTED: ("error", "circle-x"),
}
BARRED = {
    selectors.Barred.OWN: gettext_lazy(
        "Anda ikut menjalankan atau menyetujui tindakan atas akun ini."
    ),
    selectors.Barred.ELSEWHERE: gettext_lazy("Tindakannya diambil dalam perkara kantor lain."),
}
WORK = {"uphold": appeals.uphold, "reject": appeals.reject}


@never_cache
@require_safe
@handler
def queue(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(selectors.appeals_seen_by(request.user, now=now), PER_PAGE).get_page(
        request.GET.get("page")
    )
    barred = selectors.barred_from(request.user, page, now=now)
    rows = [_row(appeal, barred.get(appeal.pk), now) for appeal in page]
    return render(request, "queueing_integrity/appeal_queue.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@handler
def answer(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    appeal = selectors.appeal_seen_by(request.user, code, now=now)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        work = WORK[form.cleaned_data["outcome"]]
        try:
            work(
                officer=request.user,
                code=appeal.code,
                answer=form.cleaned_data["answer"],
                now=now,
            )
        except DomainError as refusal:
            doors.tell(request, refusal)
        else:
            messages.success(request, _("Jawaban dikirim."))
            return redirect("cases:appeals")
    barred = selectors.barred_from(request.user, [appeal], now=now).get(appeal.pk)
    shown = _row(appeal, barred, now) | {
        "form": form,
        "appeal": appeal,
        "facts": _facts(appeal),
        "barred": BARRED[barred] if barred else "",
    }
    status = 200 if request.method != "POST" else 422
    return render(request, "queueing_integrity/appeal_answer.html", shown, status=status)


def _row(appeal: Appeal, barred: selectors.Barred | None, now: datetime) -> dict[str, Any]:
    waits = appeal.state == Appeal.State.RECEIVED
    tone, icon = STATES[Appeal.State(appeal.state)]
    status = {
        "tone": tone,
        "icon": icon,
        "label": formatting.capitalised(appeal.get_state_display()),
    }
    due = _("Jawab paling lambat %s") % notices.last_day(appeal)
    if waits and appeal.due_at <= now:
        status = {"tone": "error", "icon": "alert-triangle", "label": _("Lewat batas")}
    return {
        "code": grouped(appeal.code),
        "title": f"{grouped(appeal.code)} · {_about(appeal)}",
        "text": mask_email(appeal.account.email),
        "note": _note(due, barred) if waits else "",
        "href": reverse("cases:appeal", args=[appeal.code]),
        "status": status,
        "waits": waits,
    }


def _note(due: str, barred: selectors.Barred | None) -> str:
    return f"{due}. {_('Dijawab petugas lain.')} {BARRED[barred]}" if barred else due


def _about(appeal: Appeal) -> str:
    if appeal.restriction is not None:
        return formatting.capitalised(appeal.restriction.get_kind_display())
    return _("tempat pada %s digugurkan") % grouped(appeal.booking.code)


def _facts(appeal: Appeal) -> list[dict[str, str]]:
    case = selectors.case_of(appeal)
    office = selectors.office_of(appeal)
    facts = [
        {"term": _("Tentang"), "text": _about(appeal)},
        {"term": _("Akun"), "text": grouped(appeal.account.code)},
        {"term": _("Kantor"), "text": office.name if office else _("Seluruh Indonesia")},
        {"term": _("Diajukan"), "text": case_words.moment(appeal.filed_at, office)},
    ]
    if case is not None:
        href = reverse("cases:case", args=[case.code])
        facts.append(
            {"term": _("Perkara"), "text": grouped(case.code), "href": href, "link": _("buka")}
        )
    if appeal.restriction is not None:
        facts.append({"term": _("Alasan"), "text": case_words.reason(appeal.restriction.reason)})
    return facts
