"""The account's own page: language, phone, and the way to everything else."""

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import language_cookie, mail_states, selectors
from accounts.decorators import consent_required_to_post
from accounts.forms import ProfileForm, posted
from accounts.services import registration
from accounts.views.own_clock import by_own_clock
from paspor.kernel import problems
from paspor.kernel.errors import DomainError

MESSAGES_A_PAGE = 20


@login_required
@consent_required_to_post
def profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = ProfileForm(posted(request), initial={"language": user.language, "phone": user.phone})
    if request.method == "POST" and form.is_valid():
        try:
            registration.change_account(user=user, **form.cleaned_data)
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            return _saved(request, form.cleaned_data["language"])
    applicants = selectors.applicants_of(user).count()
    shown = {
        "form": form,
        "applicants": applicants,
        "consent_needed": not selectors.has_consented(user),
    }
    return render(request, "accounts/profile.html", shown)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """The pages speak the new language at once, the confirmation too."""
    with translation.override(language):
        flash.success(request, _("Perubahan disimpan."))
    response = redirect("accounts:profile")
    language_cookie.remember(response, language)
    return response


@require_safe
@login_required
@by_own_clock
def message_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(selectors.messages_of(request.user), MESSAGES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = [(message, mail_states.state_of(message)) for message in page]
    return render(request, "accounts/messages.html", {"page": page, "rows": rows})
