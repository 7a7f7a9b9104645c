"""The counter's part: a claim decided with the KTP in hand, and a KTP that was seen."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.decorators import at_office
from offices.models import Office
from offices.rules import Act
from paspor.kernel import formatting, problems
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.integrity import claim_words
from queueing.integrity.forms import CardForm, FindClaimForm, WhyForm
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.selectors import claims as selectors
from queueing.integrity.services import claims
from queueing.integrity.services.seeing import Card, see_identity

seeing = at_office(Act.SEE_IDENTITY)
DECIDE = {"accept": claims.accept_at_counter, "decline": claims.decline_at_counter}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seeing
def identity(request: HttpRequest, office: Office) -> HttpResponse:
    """A claim by its number, or a KTP that somebody shows without one."""
    form = CardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        card = Card(**{name: form.cleaned_data[name] for name in Card.__dataclass_fields__})
        try:
            see_identity(
                officer=request.user, office=office, card=card, why=form.why, now=timezone.now()
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Dicatat: KTP sudah dilihat. Orang ini dapat memesan."))
            return redirect("integrity:identity", office.code)
    shown = {"office": office, "form": form, "find": FindClaimForm()}
    return render(
        request, "queueing_integrity/identity.html", shown, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["POST"])
@seeing
def find(request: HttpRequest, office: Office) -> HttpResponse:
    try:
        found = selectors.claim_at_counter(request.POST.get("number", ""))
    except DomainError as refusal:
        messages.error(request, problems.sentence(refusal))
        return redirect("integrity:identity", office.code)
    return redirect("integrity:claim-decide", office.code, found.code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seeing
def decide(request: HttpRequest, office: Office, code: str) -> HttpResponse:
    """Accept or decline with the KTP in hand. Nothing of the other visit is shown."""
    found = selectors.claim_at_counter(normalized(code))
    form = WhyForm(request.POST if request.method == "POST" else None)
    service = DECIDE.get(request.POST.get("decision", ""))
    if form.is_valid() and service is not None:
        try:
            service(
                officer=request.user,
                office=office,
                code=found.code,
                why=form.why,
                now=timezone.now(),
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Keputusan atas klaim ini dicatat."))
            return redirect("integrity:claim-decide", office.code, found.code)
    return render(
        request,
        "queueing_integrity/claim_decide.html",
        _claim_context(found, office, form),
        status=422 if form.errors else 200,
    )


def _claim_context(found: IdentityClaim, office: Office, form: WhyForm) -> dict[str, Any]:
    tone, icon = claim_words.TONES[found.state]
    label = formatting.capitalised(found.get_state_display())
    return {
        "office": office,
        "form": form,
        "code_grouped": grouped(found.code),
        "person": found.applicant,
        "nik": found.applicant.masked_nik,
        "status": {"tone": tone, "icon": icon, "label": label},
        "is_open": found.state in IdentityClaim.OPEN,
    }
