"""SISTIK's page of the sending domain: whether receivers can tell that our letters are ours."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import sending_domain, sending_words
from accounts.sending_domain import BAD, GOOD, UNKNOWN, WARNING, Finding
from offices import words
from offices.decorators import headquarters_only

LOOKED = "mail-domain-looked"
KEPT_SECONDS = 7 * 24 * 60 * 60
SHOWN = {
    GOOD: ("success", "circle-check"),
    WARNING: ("warning", "alert-triangle"),
    BAD: ("error", "circle-x"),
    UNKNOWN: ("info", "info-circle"),
}
# The worst first.
ORDER = (BAD, WARNING, UNKNOWN, GOOD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@headquarters_only
def page(request: HttpRequest) -> HttpResponse:
    """Looking asks the DNS for some seconds: done when it is asked for, then kept."""
    if request.method == "POST":
        _look(timezone.now())
        return redirect("mail-domain")
    looked = cache.get(LOOKED)
    shown: dict[str, Any] = {"domain": sending_domain.own_domain(), "looked_at": "", "findings": []}
    if looked:
        at, findings = looked
        shown["looked_at"] = words.moment(datetime.fromisoformat(at))
        shown["findings"] = [_row(Finding(*each)) for each in findings]
    return render(request, "offices/mail_domain.html", shown)


def _look(now: datetime) -> None:
    found = sorted(sending_domain.look(), key=lambda each: ORDER.index(each.level))
    rows = [(each.about, each.code, each.level, each.what) for each in found]
    cache.set(LOOKED, (now.isoformat(), rows), timeout=KEPT_SECONDS)


def _row(finding: Finding) -> dict[str, str]:
    so, to_do = sending_words.finding_words(finding)
    tone, icon = SHOWN[finding.level]
    return {
        "about": finding.about,
        "tone": tone,
        "icon": icon,
        "so": so,
        "what": finding.what,
        "to_do": to_do,
    }
