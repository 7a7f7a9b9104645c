"""The page on which somebody agrees to a new version of the privacy notice."""

from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import selectors
from accounts.forms import ConsentForm, own_page, posted
from accounts.services import registration
from paspor.kernel import problems
from paspor.kernel.errors import DomainError


@never_cache
@login_required
def consent(request: HttpRequest) -> HttpResponse:
    back = own_page(request, request.POST.get("next") or request.GET.get("next", ""))
    version = settings.PRIVACY_NOTICE_VERSION
    form = ConsentForm(posted(request), initial={"version": version})
    if request.method == "POST" and form.is_valid():
        try:
            registration.give_consent(
                user=request.user, version=form.cleaned_data["version"], now=timezone.now()
            )
        except DomainError as refusal:
            form = ConsentForm({"version": version})
            problems.put_on(form, refusal)
        else:
            flash.success(request, _("Terima kasih. Persetujuan Anda dicatat."))
            return redirect(back or "accounts:profile")
    shown = {
        "form": form,
        "next": back,
        "version": version,
        "before": selectors.consent_of(request.user),
        "is_current": selectors.has_consented(request.user),
    }
    return render(request, "accounts/consent.html", shown, status=422 if form.errors else 200)
