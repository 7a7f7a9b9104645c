"""The first page, the answers, and the privacy notice."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.policies import MAX_APPLICANTS
from offices import selectors as offices
from offices.models import Office
from paspor.kernel.decorators import cached_by_browser
from queueing.booking import policies, words
from queueing.booking.forms import OfficeFilter
from queueing.quota import nearest, openings

MOST_OPENINGS = 3


def _openings(known: list[Office], now: datetime) -> list[dict[str, Any]]:
    """The next moments at which quota opens, each with how many offices open then."""
    moments = openings.next_openings(known, now)
    by_moment: dict[datetime, list[Office]] = {}
    for office in known:
        if office.pk in moments:
            by_moment.setdefault(moments[office.pk], []).append(office)
    return [
        {
            "when": words.moment(at, by_moment[at][0]),
            "iso": at.isoformat(),
            "count": len(by_moment[at]),
        }
        for at in sorted(by_moment)[:MOST_OPENINGS]
    ]


@require_safe
@cached_by_browser(30)
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    known = offices.listed()
    rooms = nearest.first_rooms(people=1, now=now)
    return render(
        request,
        "pages/home.html",
        {
            "form": OfficeFilter(offices=known, initial={"jenis": "NEW", "orang": "1"}),
            "openings": _openings(known, now),
            "office_count": len(known),
            "with_room": len(rooms.by_office),
        },
    )


@require_safe
@cached_by_browser(300)
def help_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    figures = {
        "hold_minutes": policies.HOLD_MINUTES.at(now=now),
        "cutoff_minutes": policies.BOOK_CUTOFF_MINUTES.at(now=now),
        "self_moves": policies.SELF_MOVES.at(now=now),
        "most_people": MAX_APPLICANTS.at(now=now),
        "elderly_from": policies.ELDERLY_FROM_YEARS.at(now=now),
    }
    return render(request, "pages/help.html", figures)


@require_safe
@cached_by_browser(300)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"version": settings.PRIVACY_NOTICE_VERSION})
