"""The officers' list of clusters, largest first, and the page of one."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offices import selectors as offices
from offices.models import Office
from offices.rules import Act, may
from offices.scoped_admin import OfficeScopedAdmin
from offices.selectors import Reach
from paspor.kernel import formatting
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.models import NATIONAL
from queueing.integrity import score_words
from queueing.integrity.admin import cluster_page
from queueing.integrity.models.scores import Cluster
from queueing.integrity.selectors import cases, clusters
from queueing.integrity.services import looking

REASONS_LISTED = 2


@admin.register(Cluster)
class ClusterAdmin(OfficeScopedAdmin):
    """For whoever may limit accounts: heads what hits their office, SISTIK the nation."""

    list_display = ("shown_code", "risk", "people", "seats", "where", "why", "since")
    list_filter = ("state",)
    list_select_related = ()
    search_fields = ("=code",)
    # Harm first: who holds most seats now. Those no longer found come last.
    ordering = ("state", "-seats_held", "-size", "code")

    def reach(self, request: HttpRequest) -> Reach:
        return offices.offices_of(request.user, timezone.now(), Act.LIMIT)

    def within(self, rows: QuerySet, reach: Reach) -> QuerySet:
        return clusters.within(rows, reach)

    def office_of(self, row: Cluster) -> Office | None:
        """The office hit hardest; it may be one of many."""
        hit = clusters.offices_within(Reach(is_national=True)).filter(cluster=row).first()
        return hit and hit.office

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        hit = clusters.offices_within(self.reach(request))
        return super().get_queryset(request).prefetch_related(Prefetch("offices", hit, "hit"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A code may be typed as people read it to each other, with its dash."""
        return super().get_search_results(request, queryset, normalized(search_term))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of a cluster; each look at it is logged. Nothing is changed here."""
        cluster = self.get_object(request, unquote(object_id))
        if cluster is None or request.method not in ("GET", "HEAD"):
            return super().change_view(request, object_id, form_url, extra_context)
        looking.note_look(cluster=cluster, officer=request.user, stream=self._stream(request))
        shown = cluster_page.cluster_context(
            cluster, self.reach(request), page=request.GET.get("page", "1"), now=timezone.now()
        )
        has_case, case = cases.case_of_cluster(request.user, cluster.pk, now=timezone.now())
        shown |= {"has_case": has_case, "case": case}
        return render(request, "queueing_integrity/cluster.html", shown)

    def _stream(self, request: HttpRequest) -> str:
        """The office for which the officer looks: of the first post that lets them."""
        posts = offices.posts_of(request.user, timezone.now()).select_related("office")
        looking_for = [post.office for post in posts.order_by("pk") if may(post.role, Act.LIMIT)]
        return NATIONAL if None in looking_for else looking_for[0].code

    @admin.display(description=_("kode"), ordering="code")
    def shown_code(self, row: Cluster) -> str:
        return grouped(row.code)

    @admin.display(description=_("skor risiko"), ordering="score")
    def risk(self, row: Cluster) -> str:
        return score_words.risk(row.score)

    @admin.display(description=_("akun"), ordering="size")
    def people(self, row: Cluster) -> str:
        return score_words.accounts(row.size)

    @admin.display(description=_("kursi dipegang"), ordering="seats_held")
    def seats(self, row: Cluster) -> str:
        return score_words.seats(row.seats_held)

    @admin.display(description=_("kantor"))
    def where(self, row: Cluster) -> str:
        return score_words.listed([one.office.name for one in row.hit])

    @admin.display(description=_("alasan"))
    def why(self, row: Cluster) -> str:
        told = [score_words.of_accounts(reason) for reason in row.reasons]
        return "; ".join(told[:REASONS_LISTED]) or "–"

    @admin.display(description=_("sejak"), ordering="first_seen_at")
    def since(self, row: Cluster) -> str:
        return formatting.date_medium(timezone.localtime(row.first_seen_at))
