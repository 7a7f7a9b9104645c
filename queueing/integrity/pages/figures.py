"""The public figures as pages: of one office by day, of the nation by office."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices import selectors as offices
from offices.models import Office
from paspor.kernel import bars, formatting, heads
from paspor.kernel.bars import Chart, Group
from paspor.kernel.decorators import cached_by_browser
from queueing.integrity import words
from queueing.integrity.rules.figures import NAMES, Around, Figures
from queueing.integrity.selectors import figures
from queueing.integrity.services.evidence import public_keys

A_PAGE = 26
DAYS_OF_HEADS = 7


@require_safe
@cached_by_browser(figures.KEPT_SECONDS)
def office(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    found = offices.office_by_code(code)
    around = _span_asked_for(request, Around.NEAR)
    days = figures.of_office(found, around.of(found.today(now)), now)
    rows = [
        Row(
            title=formatting.day_medium(day.day),
            cells=_cells(day.figures),
            note="" if day.is_over else _("masih berubah"),
        )
        for day in days
    ]
    latest = heads.heads_of_days(heads.days()[:1])
    return render(
        request,
        "queueing_integrity/office_figures.html",
        _shared(around)
        | {
            "office": found,
            "chart": _chart((day.day, day.figures) for day in days),
            "rows": rows,
            "total": _cells(sum((day.figures for day in days), Figures())),
            "head": latest[0].head_of(found.code) if latest else None,
            "head_day": _long(latest[0].day) if latest else "",
            "verified": figures.verified_lately(now, found),
        },
    )


@require_safe
@cached_by_browser(figures.KEPT_SECONDS)
def nation(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    around = _span_asked_for(request, Around.LAST_30)
    counted = figures.of_nation(around, now)
    busy, quiet = [], []
    for each in offices.public_offices():
        its = counted.by_office.get(each.pk, Figures())
        (busy if any(astuple(its)) else quiet).append((each, its))
    page = Paginator(busy, A_PAGE).get_page(request.GET.get("page"))
    rows = [
        Row(title=each.name, cells=_cells(its), href=_address_of(each, around))
        for each, its in page.object_list
    ]
    return render(
        request,
        "queueing_integrity/figures.html",
        _shared(around)
        | {
            "chart": _chart(counted.by_day.items()),
            "rows": rows,
            "page": page,
            "quiet": [(each.name, _address_of(each, around)) for each, _none in quiet],
            "verified": counted.verified,
            "verified_by_text": counted.verified_by_text,
            "total": _cells(counted.total),
            "heads": [
                {"day": _long(day.day), "iso": day.day.isoformat(), "digest": day.digest}
                for day in heads.heads_of_days(heads.days()[:DAYS_OF_HEADS])
            ],
            "evidence_keys": [f"{key}:{public}" for key, public in public_keys().items()],
        },
    )


@dataclass(frozen=True)
class Cell:
    """A number, as the reader writes it, under the name of its column."""

    label: str
    value: str


@dataclass(frozen=True)
class Row:
    title: str
    cells: Sequence[Cell]
    note: str = ""
    href: str = ""


def _span_asked_for(request: HttpRequest, usual: Around) -> Around:
    """A span of another name is no span: the usual one is shown."""
    asked = request.GET.get("rentang", "")
    return Around(asked) if asked in list(Around) else usual


def _shared(around: Around) -> dict[str, Any]:
    return {
        "around": around.value,
        "arounds": [(each.value, words.AROUND[each]) for each in Around],
        "columns": [words.FIGURES[name].label for name in NAMES],
        "definitions": list(words.FIGURES.values()),
    }


def _address_of(office: Office, around: Around) -> str:
    return reverse("integrity:office-figures", args=[office.code]) + f"?rentang={around}"


def _cells(counted: Figures) -> list[Cell]:
    return [
        Cell(words.FIGURES[name].label, formatting.number(getattr(counted, name))) for name in NAMES
    ]


def _chart(days: Iterable[tuple[date, Figures]]) -> Chart:
    shown = ("released", "booked", "attended")
    return bars.chart(
        title=_("Dibuka, dipesan, dan hadir setiap hari"),
        text=_("Angkanya ada di tabel di bawah ini."),
        series=[str(words.FIGURES[name].label) for name in shown],
        groups=[
            Group(formatting.date_medium(day), tuple(getattr(counted, name) for name in shown))
            for day, counted in days
        ],
    )


def _long(day: date) -> str:
    return formatting.date_long(day)
