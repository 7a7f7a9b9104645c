"""Who said "this NIK is mine", and what came of it: to read. Claims are decided at a counter."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from offices.scoped_admin import OfficeScopedAdmin
from offices.selectors import Reach
from paspor.kernel.codes import grouped, normalized
from queueing.integrity.models.claims import IdentityClaim


@admin.register(IdentityClaim)
class IdentityClaimAdmin(OfficeScopedAdmin):
    """Heads see what was lost at their office. One that is open has no office yet: SISTIK's."""

    office_path = "lost_place__booking__slot__office"
    list_display = (
        *("shown_code", "nik", "state", "claimant"),
        *("other", "is_same_family", "created_at"),
    )
    list_filter = ("state",)
    list_select_related = ("applicant", "account", "loser", "lost_place__booking__slot__office")
    search_fields = ("=code", "=account__code", "=loser__code")
    ordering = ("-created_at", "-pk")
    fields = (*list_display, "settled_at")
    readonly_fields = fields

    def reach(self, request: HttpRequest) -> Reach:
        return offices.offices_of(request.user, timezone.now(), Act.LIMIT)

    def office_of(self, row: IdentityClaim) -> Office | None:
        return super().office_of(row) if row.lost_place else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, normalized(search_term))

    @admin.display(description=_("nomor klaim"), ordering="code")
    def shown_code(self, row: IdentityClaim) -> str:
        return grouped(row.code)

    @admin.display(description="NIK")
    def nik(self, row: IdentityClaim) -> str:
        return row.applicant.masked_nik

    @admin.display(description=_("akun yang mengklaim"))
    def claimant(self, row: IdentityClaim) -> str:
        return row.account.code

    @admin.display(description=_("akun yang kehilangan tempat"))
    def other(self, row: IdentityClaim) -> str:
        return row.loser.code if row.loser else "–"
