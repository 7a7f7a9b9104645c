"""What was noticed about officers: for heads of their office, and for SISTIK of the nation."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from offices.scoped_admin import OfficeScopedAdmin
from offices.selectors import Reach
from offices.words import reason
from paspor.kernel.codes import grouped
from queueing.integrity import insider_words
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.selectors import approvals
from queueing.integrity.selectors import officers as selectors
from queueing.integrity.services import officers


@admin.register(OfficerScore)
class OfficerScoreAdmin(OfficeScopedAdmin):
    """Nobody sees a row about themselves, SISTIK included; every page opened is logged."""

    list_display = ("email", "score", "why", "office", "counted_at")
    list_filter = ("office",)
    list_select_related = ("office", "officer")
    ordering = ("-score", "pk")
    search_fields = ("officer__email",)
    fields = (("email", "office"), ("score", "counted_at"), "why", "deeds")
    readonly_fields = ("email", "why", "deeds")

    def reach(self, request: HttpRequest) -> Reach:
        return approvals.watched_by(request.user, timezone.now())

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficerScore]:
        return super().get_queryset(request).exclude(officer=request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: OfficerScore | None = None) -> bool:
        return bool(self.reach(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.reach(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None:
            officers.look(row=row, viewer=request.user, now=timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=_("petugas"), ordering="officer__email")
    def email(self, row: OfficerScore) -> str:
        return row.officer.email

    @admin.display(description=_("tanda"))
    def why(self, row: OfficerScore) -> SafeString:
        sentences = ((insider_words.sentence(kept),) for kept in row.signals)
        return format_html_join(SafeString("<br>"), "{}", sentences)

    @admin.display(description=_("tindakan"))
    def deeds(self, row: OfficerScore) -> SafeString:
        """The latest first; a visit links to its page, which the reader's own reach guards."""
        lines = (
            (
                insider_words.moment(deed.at, row.office),
                insider_words.event(deed.what),
                f" ({reason(deed.reason)})" if deed.reason else "",
                _linked(deed),
            )
            for deed in selectors.deeds_of(row, timezone.now())
        )
        return format_html_join(SafeString("<br>"), "{}: {}{}{}", lines)


def _linked(deed: selectors.Deed) -> SafeString | str:
    if deed.booking_id is None:
        return ""
    path = reverse("admin:queueing_booking_change", args=[deed.booking_id])
    return format_html(' <a href="{}">{}</a>', path, grouped(deed.booking_code))
