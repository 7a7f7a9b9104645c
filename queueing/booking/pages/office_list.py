"""The list of offices, searched and in order. Public, and quick: all is read from caches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices import selectors as offices
from offices.models import Office
from offices.selectors import Wanted
from paspor.kernel import formatting
from paspor.kernel.decorators import cached_by_browser
from queueing.admission.presentation import opening_soon
from queueing.booking.forms import OfficeFilter
from queueing.booking.pages import office_rows, steps, unused, watch_offer
from queueing.booking.presentation.choice import Choice
from queueing.quota import search
from queueing.quota.search import Seen

A_PAGE = 20


@dataclass(frozen=True)
class Search:
    """What the list of offices is asked for. ``among``: those that words and filters leave."""

    choice: Choice
    known: list[Office]
    among: list[Office]
    town: Office | None
    radius: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Search":
        known = offices.listed()
        near = request.GET.get("dekat")
        town = next((office for office in known if office.code == near), None)
        radius = search.known_radius(request.GET.get("radius", "")) if town else None
        return cls(Choice.of(request.GET), known, _narrowed(request, known), town, radius)

    @property
    def watched(self) -> list[Office]:
        """The offices that a watch offered here would be for; none where all will do."""
        if self.town:
            return [self.town]
        return [] if self.among is self.known else self.among


@require_safe
@cached_by_browser(2)
def office_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    asked = Search.of(request)
    choice = asked.choice
    rooms = office_rows.rooms_for(choice, now)
    seen = office_rows.find(asked.among, rooms, choice, asked.town)
    found = [row for row in seen if row.within(asked.radius)]
    order = _order(request, asked)
    ordered = office_rows.in_order(found, order, choice.before)
    page = Paginator(ordered, A_PAGE).get_page(request.GET.get("page"))
    shown = _search_shown(request, asked, now) | {
        "order": order,
        "page": page,
        "rows": office_rows.rows(page.object_list, choice, now),
        "map": office_rows.drawn(page.object_list, choice.before),
        "opening": office_rows.common_opening([row.office for row in page.object_list], now),
        "count": len(found),
        **_nowhere(seen, choice, asked.radius, now),
        "watch_href": watch_offer.href(request.GET.dict(), choice, asked.watched, rooms, now),
        "as_of": _freshness(rooms.as_of, now),
    }
    return render(request, "queueing/office_list.html", shown)


def _search_shown(request: HttpRequest, asked: Search, now: datetime) -> dict[str, Any]:
    """What the page tells of the search itself, whatever it finds."""
    return {
        "form": _filter(request, asked.known, asked.choice),
        "choice": asked.choice,
        # Nobody has searched yet: what a search begins with stands open.
        "is_first": not any(request.GET.get(name) for name in (*OfficeFilter.base_fields, "ganti")),
        "town": asked.town,
        "radius": asked.radius,
        "unused": unused.of_choice(request.GET, asked.choice, timezone.localdate(now))
        + unused.of_list(request.GET, asked.known),
        "steps": steps.steps(moving=asked.choice.moving),
        "soon": opening_soon(now, back=request.get_full_path()),
    }


def _freshness(as_of: datetime, now: datetime) -> dict[str, Any]:
    """For a list over three zones the age says it better than any clock."""
    local = timezone.localtime(as_of)
    age = max(0, round((now - as_of).total_seconds()))
    return {"iso": as_of.isoformat(), "when": f"{formatting.clock(local)} WIB", "age": age}


def _nowhere(seen: list[Seen], choice: Choice, radius: int | None, now: datetime) -> dict[str, Any]:
    """Why no office of the list will do, and the nearest beyond it that would."""
    # A last day that is over finds nothing anywhere, which is said already (unused.py).
    is_over = choice.before is not None and choice.before < timezone.localdate(now)
    if is_over or not seen:
        return {"nowhere": "", "beyond": []}
    why = search.nowhere(seen, office_rows.sought(choice, radius), now)
    closest = [why.closest] if why and why.closest else []
    return {
        "nowhere": why.sentence if why else "",
        "beyond": office_rows.rows(closest, choice, now),
    }


def _order(request: HttpRequest, asked: Search) -> str:
    """Where every office will do, within a radius or by a day, the soonest day comes first."""
    wanted = request.GET.get("urut", "")
    if wanted in (office_rows.BY_DAY, office_rows.BY_NAME, office_rows.BY_DISTANCE):
        by_distance = wanted == office_rows.BY_DISTANCE
        return office_rows.BY_NAME if by_distance and not asked.town else wanted
    if asked.radius or (asked.choice.before and not asked.town):
        return office_rows.BY_DAY
    return office_rows.BY_DISTANCE if asked.town else office_rows.BY_NAME


def _narrowed(request: HttpRequest, known: list[Office]) -> list[Office]:
    asked = request.GET
    wanted = Wanted(
        text=asked.get("q", "")[:60].replace("\x00", ""),
        province=asked.get("provinsi", "")[:60].replace("\x00", ""),
        kind=asked.get("tipe", "") if asked.get("tipe") in Office.Kind.values else "",
    )
    if wanted == Wanted():
        return known
    return offices.listed(wanted)


def _filter(request: HttpRequest, known: list[Office], choice: Choice) -> OfficeFilter:
    form = OfficeFilter(offices=known, initial=request.GET.dict())
    form.initial |= {"orang": str(choice.people), "jenis": choice.kind, "jalur": choice.channel}
    return form
