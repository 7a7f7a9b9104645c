"""The officers' list of trouble reports: those of their office, longest waiting first."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from offices import report_sums, selectors
from offices.admin_forms import WordsActionForm
from offices.models import Office, Report
from offices.rules import Act
from offices.scoped_admin import OfficeScopedAdmin
from offices.selectors import Reach
from offices.services import reports, screenshots
from paspor.kernel import formatting
from paspor.kernel.pictures import MEDIA_TYPE

State = Report.State
# Days that the overview looks back.
SPANS = (90, 30, 365)
SHOWN = (
    *("code", "state", "kind", "office", "text", "name", "email"),
    *("picture", "told", "facts", "opened_at"),
)


@admin.register(Report)
class ReportAdmin(OfficeScopedAdmin):
    """Taken further by the actions of the list."""

    action_form = WordsActionForm
    list_display = ("code", "kind", "office", "state", "state_since", "late_at")
    list_filter = ("state", "kind", "office")
    list_select_related = ("office",)
    search_fields = ("=code",)
    # Those that are solved last, the newest of them first.
    ordering = (F("solved_at").desc(nulls_first=True), "state_since")
    actions = [*OfficeScopedAdmin.actions, "take", "escalate", "ask", "solve"]

    def reach(self, request: HttpRequest) -> Reach:
        return selectors.offices_of(request.user, timezone.now(), Act.REPORT)

    def within(self, rows: QuerySet, reach: Reach) -> QuerySet:
        """What is about the conduct of officers goes past their office."""
        rows = super().within(rows, reach)
        return rows if reach.is_national else rows.exclude(kind=Report.Kind.CONDUCT)

    def office_of(self, row: Report) -> Office | None:
        return row.answering_office

    def get_fields(self, request: HttpRequest, obj: Report | None = None) -> tuple[str, ...]:
        return SHOWN

    def get_readonly_fields(
        self, request: HttpRequest, obj: Report | None = None
    ) -> tuple[str, ...]:
        return SHOWN

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A page of its own: it acts once, and takes a picture."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("counter-report")

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        """A report is taken further by the actions of the list."""
        return False

    def get_urls(self) -> list[URLPattern]:
        look = self.admin_site.admin_view(self.look)
        overview = self.admin_site.admin_view(self.overview)
        return [
            path("ringkasan/", overview, name="offices_report_overview"),
            path("<int:pk>/tangkapan-layar/", look, name="offices_report_screenshot"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def overview(self, request: HttpRequest) -> HttpResponse:
        """What came to the officer's offices in some days, in sum."""
        if not self.has_view_permission(request):
            raise Http404
        asked = request.GET.get("hari", "")
        days = int(asked) if asked in map(str, SPANS) else SPANS[0]
        since = timezone.now() - timedelta(days=days)
        rows = self.get_queryset(request).filter(opened_at__gte=since)
        shown = self.admin_site.each_context(request) | {
            "title": gettext("Ringkasan laporan kendala"),
            "opts": self.opts,
            "days": days,
            "spans": SPANS,
            "whole": report_sums.sums_of(rows),
            "kinds": [(Report.Kind(kind).label, sums) for kind, sums in report_sums.by_kind(rows)],
            "offices": report_sums.by_office(rows),
        }
        return render(request, "admin/offices/report/overview.html", shown)

    @method_decorator(require_safe)
    def look(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The picture itself, to whoever may read its report; each look is logged."""
        report = self.get_queryset(request).filter(pk=pk).first()
        if report is None or not self.has_view_permission(request, report):
            raise Http404
        image = screenshots.look(officer=request.user, report=report, now=timezone.now())
        return HttpResponse(image, content_type=MEDIA_TYPE)

    @admin.display(description=_("tangkapan layar"))
    def picture(self, row: Report) -> str:
        if not hasattr(row, "screenshot"):
            return "–"
        href = reverse("admin:offices_report_screenshot", args=[row.pk])
        text = gettext("Lihat gambar (dicatat atas nama Anda)")
        return format_html('<a href="{}">{}</a>', href, text)

    @admin.display(description=_("perkembangan"))
    def told(self, row: Report) -> str:
        return " · ".join(
            f"{formatting.date_short(timezone.localtime(step.at))} "
            f"{formatting.clock(timezone.localtime(step.at))} "
            f"{State(step.state).label} {step.note}".strip()
            for step in row.steps.all()
        )

    @admin.display(description=_("yang diketahui"))
    def facts(self, row: Report) -> str:
        """What went along to SISTIK: codes and states, no words of anybody."""
        if not row.known:
            return "–"
        names = ("kind", "state", "reason")
        sent = [" ".join(each[name] for name in names) for each in row.known["messages"]]
        known = row.known["account"] or gettext("tanpa akun")
        return " · ".join([known, *(line.strip() for line in sent)])

    @admin.action(description=_("Tangani di kantor"), permissions=["change"])
    def take(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self._step(request, queryset, State.OFFICE)

    @admin.action(description=_("Teruskan ke SISTIK"), permissions=["change"])
    def escalate(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self._step(request, queryset, State.SISTIK)

    @admin.action(description=_("Tanyakan kepada pelapor"), permissions=["change"])
    def ask(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self._step(request, queryset, State.WAITING)

    @admin.action(description=_("Selesai"), permissions=["change"])
    def solve(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self._step(request, queryset, State.SOLVED)

    def _step(self, request: HttpRequest, queryset: QuerySet[Report], state: str) -> None:
        words, now = request.POST.get("words", "")[:4000], timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: reports.step(
                officer=request.user, report=row, state=state, note=words, now=now
            ),
        )


admin.site.add_shortcut(_("Dinding SISTIK"), "wall", "accounts.view_relay", icon="map-pin", place=5)
admin.site.add_shortcut(
    _("Pengiriman e-mail"), "mail-watch", "accounts.view_relay", icon="mail", place=45
)
