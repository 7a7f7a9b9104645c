"""SISTIK's wall: a page left open for days, and the part of it that is asked for anew."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices import words
from offices.admin_site import second_factor_ends
from offices.decorators import HEADQUARTERS, headquarters_only
from paspor.kernel import formatting
from queueing.wall import snapshot, tiles

FILES = ("css/pages/map.css", "css/pages/nation.css", "js/nation.js", "img/indonesia.svg")


@never_cache
@require_safe
@headquarters_only
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    seen = snapshot.current_snapshot(now)
    local, ends = timezone.localtime(now), second_factor_ends(request)
    shown = _context(seen, now) | {
        "as_of": seen.at.isoformat(),
        "as_of_words": words.moment(seen.at),
        "age": _age(seen, now),
        "today": formatting.timestamp_with_weekday(local),
        "ends": words.moment(ends) if ends else "",
        "made_of": made_of(),
        # The tile tells them, and is renewed; the banner of every page would stay as it was.
        "incidents": (),
    }
    return render(request, "queueing_wall/page.html", shown)


@require_safe
def part(request: HttpRequest) -> HttpResponseBase:
    """What is live. 403, and no way to the sign-in, once the session is no officer's: the
    page that asks stays on the wall and says so.

    304 where nothing changed; how old the numbers are is in a header either way.
    """
    if not admin.site.has_permission(request) or not request.user.has_perm(HEADQUARTERS):
        return HttpResponse(status=403, headers={"Cache-Control": "no-store"})
    now = timezone.now()
    seen = snapshot.current_snapshot(now)
    body = render_to_string("queueing_wall/_live.html", _context(seen, now)).encode()
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=etag, response=HttpResponse(body))
    found["ETag"] = etag
    found["Cache-Control"] = "private, no-cache"
    found["Paspor-Age"] = str(_age(seen, now))
    found["Paspor-Page"] = made_of()
    return found


def made_of() -> str:
    """Names the files that the page was made with: after a deploy it loads itself anew."""
    names = "\n".join(static(name) for name in FILES)
    return f"{snapshot.LAYOUT}-{hashlib.sha256(names.encode()).hexdigest()[:12]}"


def _age(seen: snapshot.Snapshot, now: datetime) -> int:
    return max(0, int((now - seen.at).total_seconds()))


def _context(seen: snapshot.Snapshot, now: datetime) -> dict[str, Any]:
    offices = tiles.site_rows(seen.sites)
    worst, more = tiles.worries(offices)
    return {
        "tiles": tiles.tiles(seen, now),
        "points": tiles.drawn(offices),
        "legend": tiles.legend(offices),
        "worries": worst,
        "more": more,
        "provinces": tiles.by_province(offices),
        "count": len(offices),
    }
