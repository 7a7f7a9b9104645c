"""The officers' overview: a day, a week or a month of one office, or of the nation."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices import selectors as offices
from offices.decorators import at_office
from offices.models import Office
from offices.officer_pages import office_choice
from offices.words import moment
from paspor.kernel import audit, formatting
from paspor.kernel.models import NATIONAL
from paspor.kernel.query_values import iso_date, unused_day
from paspor.kernel.spreadsheet import as_csv, attached
from queueing.booking.presentation import components
from queueing.desk import wait_selectors
from queueing.desk.wait_selectors import Wait
from queueing.integrity import words
from queueing.integrity.pages import overview_shown as shown
from queueing.integrity.pages.figures import A_PAGE
from queueing.integrity.pages.overview_file import file_columns, file_of, file_row
from queueing.integrity.pages.overview_shown import Seen
from queueing.integrity.rules import overview as rules
from queueing.integrity.rules.figures import Figures, Span
from queueing.integrity.rules.overview import Period
from queueing.integrity.selectors import figures
from queueing.integrity.selectors import overview as selectors
from queueing.integrity.selectors.overview import Nation

looking = at_office(None)
choose = office_choice(None, "integrity:office-overview", gettext_lazy("Ringkasan"))


@never_cache
@require_safe
@admin.site.admin_view
def start(request: HttpRequest) -> HttpResponse:
    """SISTIK sees the nation; others their office, or choose which."""
    now = timezone.now()
    if not offices.is_national(request.user, now):
        return choose(request)
    asked = Asked(request.GET, timezone.localdate(now))
    counted = selectors.nation_on(asked.span, now)
    waits = wait_selectors.waits_of_nation(asked.span.first, asked.span.last)
    page = Paginator(list(offices.public_offices()), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tiles": shown.tiles_of_nation(counted.total, waits.get(None, wait_selectors.NOBODY)),
        "charts": shown.worth(shown.days_chart(sorted(counted.by_day.items()), asked.period)),
        "columns": shown.columns_of_nation(),
        "total": shown.nation_cells(counted.total, waits.get(None)),
        "rows": [_row(office, asked, counted, waits) for office in page.object_list],
        "is_empty": not counted.by_office,
        "definitions": shown.definitions(of_nation=True),
        "fresh": _fresh(counted.as_of, now),
        "download": reverse("integrity:overview-file"),
        "public": reverse("integrity:figures"),
    }
    return render(request, "queueing_integrity/overview_nation.html", asked.context() | context)


def _row(
    office: Office, asked: "Asked", counted: Nation, waits: dict[int | None, Wait]
) -> shown.Row:
    """One office in the table of the nation."""
    figures_of_office = counted.by_office.get(office.pk, Figures())
    return shown.Row(
        title=office.name,
        cells=shown.nation_cells(figures_of_office, waits.get(office.pk)),
        href=reverse("integrity:office-overview", args=[office.code]) + asked.query,
    )


def _fresh(as_of: datetime, now: datetime) -> dict[str, Any]:
    """How old the figures are, for components/fresh.html."""
    age = max(0, round((now - as_of).total_seconds()))
    return {"iso": as_of.isoformat(), "when": moment(as_of), "age": age}


@never_cache
@require_safe
@looking
def office(request: HttpRequest, office: Office) -> HttpResponse:
    now = timezone.now()
    asked = Asked(request.GET, office.today(now))
    seen = see(office, asked, now)
    context = {
        "office": office,
        "tiles": shown.tiles_of(seen),
        "days": shown.days_of(seen),
        "hours": shown.hours_of(seen),
        "counters": shown.counters_of(seen),
        "usual": shown.usual_of(seen),
        "is_empty": not seen.days and not seen.waits.total.called,
        "definitions": shown.definitions(of_nation=False),
        "fresh": components.fresh(now, office, now),
        "download": reverse("integrity:office-overview-file", args=[office.code]),
        "public": reverse("integrity:office-figures", args=[office.code]),
    }
    return render(request, "queueing_integrity/overview.html", asked.context() | context)


@never_cache
@require_POST
@looking
def office_file(request: HttpRequest, office: Office) -> HttpResponse:
    """The numbers of the page for a spreadsheet; that they were taken is logged."""
    now = timezone.now()
    asked = Asked(request.POST, office.today(now))
    rows = file_of(see(office, asked, now))
    header = [_("Bagian"), _("Rincian"), *file_columns()]
    return _file(request, asked, office.code, header, rows)


@never_cache
@require_POST
@admin.site.admin_view
def nation_file(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if not offices.is_national(request.user, now):
        raise Http404
    asked = Asked(request.POST, timezone.localdate(now))
    counted = selectors.nation_on(asked.span, now)
    waits = wait_selectors.waits_of_nation(asked.span.first, asked.span.last)
    rows = [
        [each.code, each.name, *file_row(counted.by_office.get(each.pk, Figures()), None, wait)]
        for each in offices.public_offices()
        for wait in [waits.get(each.pk)]
    ]
    header = [_("Kode kantor"), _("Kantor"), *file_columns()]
    return _file(request, asked, NATIONAL, header, rows)


def _file(
    request: HttpRequest,
    asked: "Asked",
    stream: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> HttpResponse:
    audit.record(
        "export",
        actor_id=request.user.pk,
        subject="list:overview",
        stream=stream,
        detail={
            "rows": len(rows),
            "from": asked.span.first.isoformat(),
            "to": asked.span.last.isoformat(),
        },
    )
    days = "_".join(dict.fromkeys(day.isoformat() for day in (asked.span.first, asked.span.last)))
    return attached(as_csv(header, rows), f"ringkasan_{stream}_{days}")


def see(office: Office, asked: "Asked", now: datetime) -> Seen:
    """Everything that the page and the file tell; as many statements for a month as a day."""
    span, today = asked.span, asked.today
    counted = figures.of_office(office, rules.with_past(span), now)
    clock = now.astimezone(office.zone).time()
    runs = span == Span(today, today)
    hours = selectors.hours_of(office, rules.alike(today) if runs else rules.days_of(span), now)
    whole = {day.day: day.figures for day in counted}
    usual = rules.usual_of(whole, span, today if runs else today - timedelta(days=1))
    if runs and usual.days:
        usual = rules.usual_of(rules.until_now(hours.figures, clock), span, today)
    return Seen(
        office=office,
        period=asked.period,
        span=span,
        today=today,
        days=[day for day in counted if day.day >= span.first],
        hours=hours.within(span),
        waits=wait_selectors.waits_of(office, span.first, span.last),
        usual=usual,
        clock=clock,
        waited=wait_selectors.waits_on(office, usual.days),
        usually_waited=wait_selectors.waits_on(office, usual.past),
        waiting=wait_selectors.waiting_now(office, now=now) if asked.is_now else None,
    )


class Asked:
    """The days that an address asks for; what cannot be read in it is today."""

    def __init__(self, asked: QueryDict, today: date) -> None:
        name = asked.get("rentang", "")
        self.period = Period(name) if name in list(Period) else Period.DAY
        day = iso_date(asked.get("tanggal", ""))
        self.day = day if day and rules.may_be_shown(day) else today
        self.today = today
        self.span: Span = self.period.around(self.day)
        self.unused = unused_day(asked, self.day, "tanggal")

    @property
    def is_now(self) -> bool:
        return self.span.first <= self.today <= self.span.last

    @property
    def query(self) -> str:
        return self._query(self.period, self.day)

    def context(self) -> dict[str, Any]:
        return {
            "unused": self.unused,
            "period": self.period.value,
            "day": self.day,
            "title": self.title(),
            "is_open": self.span.last >= self.today,
            "is_now": self.is_now,
            "today": self._query(self.period, self.today),
            "periods": self._periods(),
            "previous": self._near(date.fromordinal(self.span.first.toordinal() - 1)),
            "next": self._near(date.fromordinal(self.span.last.toordinal() + 1)),
        }

    def title(self) -> str:
        if self.period is Period.DAY:
            return formatting.day(self.day)
        if self.period is Period.MONTH:
            return formatting.capitalised(formatting.month(self.day))
        first, last = self.span.first, self.span.last
        if first.month == last.month:
            return f"{first.day}–{formatting.date_long(last)}"
        return f"{formatting.date_in_year(first)} – {formatting.date_long(last)}"

    def _near(self, day: date) -> str:
        return self._query(self.period, day) if rules.may_be_shown(day) else ""

    def _periods(self) -> Iterable[dict[str, Any]]:
        return [
            {
                "label": words.PERIOD[each],
                "href": self._query(each, self.day),
                "is_chosen": each is self.period,
            }
            for each in Period
        ]

    @staticmethod
    def _query(period: Period, day: date) -> str:
        return "?" + urlencode({"rentang": period.value, "tanggal": day.isoformat()})
