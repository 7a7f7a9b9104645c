"""A new version of the privacy notice, asked of whoever is about to write something."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import selectors
from accounts.forms import ConsentForm, own_page, posted
from accounts.services import registration
from paspor.kernel import problems
from paspor.kernel.errors import DomainError

type View = Callable[..., HttpResponse]


def consented(view: View) -> View:
    """Send a signed-in visitor by the new notice first; they come back to where they were.

    For pages on which personal data are written or a visit is booked. Pages that only
    show, and acts that lessen what is held (cancel, remove, erase), go without.
    """

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or selectors.has_consented(user):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('accounts:consent')}?{urlencode({'next': _page_of(request)})}")

    return asked


def consented_to_post(view: View) -> View:
    """For a page that shows much and writes little: asked when something is sent."""
    guarded = consented(view)

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = guarded if request.method == "POST" else view
        return chosen(request, *args, **kwargs)

    return asked


def _page_of(request: HttpRequest) -> str:
    """The page in front of the visitor: a form's own address may take nothing but forms."""
    if request.method != "POST":
        return request.get_full_path()
    before = own_page(request, request.headers.get("Referer", ""))
    return urlsplit(before)._replace(scheme="", netloc="").geturl() if before else ""


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
