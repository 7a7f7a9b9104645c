"""The file for the police: a form that says what will be in it, and the download itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.models import Approval
from offices.presentation import approval_status
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.codes import grouped
from paspor.kernel.errors import DomainError
from queueing.desk import request_selectors
from queueing.integrity import case_words
from queueing.integrity.models.cases import Case
from queueing.integrity.pages import case_doors as doors
from queueing.integrity.pages.case_doors import handler
from queueing.integrity.pages.forms import EvidenceForm
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.services import evidence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@handler
def make(request: HttpRequest, code: str) -> HttpResponse:
    """The file is the answer to this one request, and kept nowhere."""
    case = selectors.case_seen_by(request.user, code, now=timezone.now())
    standing, asked_for = _standing(request, case)
    form = EvidenceForm(request.POST or None, initial=asked_for)
    if form.is_valid():
        said = form.cleaned_data
        wish = evidence.Wish(Why(said["reason"], said["note"]), with_niks=said["with_niks"])
        try:
            made = evidence.make(
                officer=request.user, code=case.code, wish=wish, now=timezone.now()
            )
        except DomainError as refusal:
            doors.tell(request, refusal, why=wish.why)
            standing, _asked_for = _standing(request, case)
        else:
            return _download(made)
    shown = {
        "form": form,
        "case": case,
        "code": grouped(case.code),
        "accounts": case_words.accounts(case.accounts),
        "standing": approval_status(standing, standing.office) if standing else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "queueing_integrity/evidence_form.html", shown, status=status)


def _download(made: evidence.Evidence) -> HttpResponse:
    return HttpResponse(
        made.content,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "Cache-Control": "no-store",
        },
    )


def _standing(request: HttpRequest, case: Case) -> tuple[Approval | None, dict[str, object]]:
    """The officer's own request for this file, and what the form said when it was made."""
    found = [
        (approval, niks)
        for subject, niks in evidence.subjects_of(case).items()
        if (
            approval := request_selectors.request_standing(
                request.user, Act.EVIDENCE, subject, case.office, now=timezone.now()
            )
        )
    ]
    if not found:
        return None, {}
    approval, niks = max(found, key=lambda one: one[0].asked_at)
    return approval, {"reason": approval.reason, "note": approval.note, "with_niks": niks}
