""" "NIK ini milik saya": the claimant's pages."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors as people
from accounts.decorators import consent_required
from accounts.models import Applicant
from paspor.kernel import once_door, ratelimit
from paspor.kernel.codes import grouped
from paspor.kernel.decorators import sign_in_required
from paspor.kernel.errors import DomainError
from paspor.kernel.form_refusals import refuse
from queueing.booking.models import Place
from queueing.integrity import claim_words
from queueing.integrity.forms import ClaimForm
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.selectors import claims as selectors
from queueing.integrity.services import claims
from queueing.integrity.services.claims import ClaimWish


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@consent_required
def start(request: HttpRequest, applicant: str) -> HttpResponse:
    person = people.applicant_of(request.user, applicant)
    if person is None:
        raise Http404
    standing = selectors.open_claim_on(request.user, person.person_id)
    if standing is not None and request.method != "POST":
        return redirect("integrity:claim", standing.code)
    said = request.POST if request.method == "POST" else None
    form = ClaimForm(said, initial={"token": once_door.new_token()})
    if said is not None and form.is_valid():
        ratelimit.check(request, "claim", person=person.code)
        try:
            code = once_door.once(request, lambda: _open(request, person, form))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return redirect("integrity:claim", code)
    shown = {"form": form, "person": person}
    return render(
        request, "queueing_integrity/claim_start.html", shown, status=422 if form.errors else 200
    )


def _open(request: HttpRequest, person: Applicant, form: ClaimForm) -> str:
    wish = ClaimWish(
        applicant_code=person.code,
        kind=form.cleaned_data["kind"],
        passport_type=form.cleaned_data["passport_type"],
        further=form.further,
    )
    return claims.open_claim(account=request.user, wish=wish, now=timezone.now()).code


@never_cache
@require_safe
@sign_in_required
def claim(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.claim_of(request.user, code)
    return render(request, "queueing_integrity/claim.html", _claim_context(found, timezone.now()))


def _claim_context(found: IdentityClaim, now: datetime) -> dict[str, Any]:
    won = selectors.won_by(found, now=now)
    until = selectors.open_until(found, now=now)
    is_lapsed = won is not None and won.state == Place.State.EXPIRED
    return {
        "code_grouped": grouped(found.code),
        "name": found.applicant.name,
        "status": claim_words.status(found),
        "next": claim_words.next_step(found, won),
        "until": claim_words.open_until(until) if until else "",
        # A place that is only held leads on to its review, where it is booked.
        "href": reverse("queueing:booking", args=[won.code]) if won else "",
        "is_held": won is not None and won.may_confirm,
        "may_book": is_lapsed or found.state == IdentityClaim.State.OVER,
    }
