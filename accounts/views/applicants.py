"""The people that an account books for."""

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import policies, selectors, words
from accounts.decorators import consent_required
from accounts.forms import ApplicantForm, NumbersForm, own_page, posted
from accounts.models import Applicant
from accounts.services import applicants
from paspor.kernel import problems, ratelimit
from paspor.kernel.errors import DomainError

hidden_in_reports = sensitive_post_parameters("name", "nik", "kk", "birth_date")


def _mine(request: HttpRequest, code: str) -> Applicant:
    applicant = selectors.applicant_of(request.user, code)
    if applicant is None:
        raise Http404
    return applicant


def _back(request: HttpRequest) -> str:
    """Where the visitor came from, when it is one of our own pages."""
    return own_page(request, request.POST.get("next") or request.GET.get("next", ""))


@require_safe
@login_required
def applicant_list(request: HttpRequest) -> HttpResponse:
    people = [
        {"applicant": row, "warnings": words.warnings(row.warnings)}
        for row in selectors.applicants_of(request.user)
    ]
    limit = policies.MAX_APPLICANTS.at(now=timezone.now())
    return render(
        request,
        "accounts/applicants.html",
        {
            "people": people,
            "limit": limit,
            "may_add": len(people) < limit,
            # Beyond a full list, as paper tickets bring them: so many leave before one may come.
            "too_many": len(people) - limit + 1 if len(people) > limit else 0,
        },
    )


@hidden_in_reports
@login_required
@consent_required
def add_applicant(request: HttpRequest) -> HttpResponse:
    form = ApplicantForm(posted(request), initial=_first_is_holder(request))
    if request.method == "POST":
        ratelimit.check(request, "applicants")
        if form.is_valid():
            try:
                applicants.add_applicant(
                    account=request.user, now=timezone.now(), **form.cleaned_data
                )
            except DomainError as refusal:
                problems.put_on(form, refusal)
            else:
                flash.success(request, _("Pemohon ditambahkan."))
                return redirect(_back(request) or "accounts:applicants")
    return _form_page(request, form, None)


def _first_is_holder(request: HttpRequest) -> dict[str, bool]:
    return {"is_holder": not selectors.applicants_of(request.user).exists()}


@hidden_in_reports
@login_required
@consent_required
def change_applicant(request: HttpRequest, code: str) -> HttpResponse:
    applicant = _mine(request, code)
    locked = applicants.why_locked(applicant)
    form = ApplicantForm(posted(request), applicant=applicant, is_locked=locked is not None)
    if request.method == "POST":
        ratelimit.check(request, "applicants")
        if form.is_valid():
            try:
                applicants.change_applicant(
                    applicant=applicant, now=timezone.now(), **form.changes()
                )
            except DomainError as refusal:
                problems.put_on(form, refusal)
            else:
                flash.success(request, _("Perubahan disimpan."))
                return redirect(_back(request) or "accounts:applicants")
    return _form_page(request, form, applicant, locked_why=_(locked.message) if locked else "")


def _form_page(
    request: HttpRequest,
    form: ApplicantForm,
    applicant: Applicant | None,
    *,
    locked_why: str = "",
) -> HttpResponse:
    shown = {
        "form": form,
        "applicant": applicant,
        "next": _back(request),
        "warnings": words.warnings(applicant.warnings) if applicant else [],
        "locked_why": locked_why,
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/applicant_form.html", shown, status=status)


@never_cache
@hidden_in_reports
@require_POST
@login_required
@consent_required
def check_numbers(request: HttpRequest) -> HttpResponse:
    """What differs in the numbers that are being typed, for the page to show beside them."""
    ratelimit.check(request, "public")
    warnings = words.warnings(NumbersForm(request.POST).findings())
    return render(request, "accounts/_warnings.html", {"warnings": warnings})


@login_required
def remove_applicant(request: HttpRequest, code: str) -> HttpResponse:
    applicant = _mine(request, code)
    if request.method != "POST":
        return render(request, "accounts/applicant_remove.html", {"applicant": applicant})
    applicants.remove_applicant(applicant=applicant, now=timezone.now())
    flash.success(request, _("Pemohon dihapus dari daftar."))
    return redirect("accounts:applicants")
