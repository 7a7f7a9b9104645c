"""The officers' admin of the kernel's tables: figures of policy and the log."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from offices import admin_forms, selectors, words
from offices.models import Office, OfficerPost
from offices.rules import Act
from offices.scoped_admin import OfficeScopedAdmin
from offices.selectors import Reach
from offices.services import figures
from paspor.kernel.models import NATIONAL, AuditEvent, Note, PolicyValue


class StreamAdmin(OfficeScopedAdmin):
    """Rows of the kernel, which name their office by its code in a text column."""

    code_column = ""
    office_column = "place"

    def within(self, rows: QuerySet, reach: Reach) -> QuerySet:
        if reach.is_national:
            return rows
        codes = list(Office.objects.filter(pk__in=reach.ids).values_list("code", flat=True))
        if self.shows_national:
            codes.append(NATIONAL)
        return rows.filter(**{f"{self.code_column}__in": codes})

    def office_of(self, row: Model) -> Office | None:
        return Office.objects.filter(code=getattr(row, self.code_column)).first()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the office's name, since the column holds its code."""
        named = Office.objects.filter(code=OuterRef(self.code_column)).values("name")
        return super().get_queryset(request).annotate(office_name=Subquery(named))

    @admin.display(description=_("rincian"))
    def details(self, row: Any) -> str:
        return words.details(row.detail)

    @admin.display(description=_("kantor"))
    def place(self, row: Model) -> str:
        code = getattr(row, self.code_column)
        return row.office_name or (gettext("seluruh Indonesia") if code == NATIONAL else code)


@admin.register(PolicyValue)
class PolicyValueAdmin(StreamAdmin):
    """Figures are set from a moment on; what held before stays as history."""

    code_column = "scope"
    shows_national = True
    form = admin_forms.PolicyValueForm
    list_display = ("figure", "place", "value", "valid_from", "why")
    readonly_fields = ("figure", "place")
    list_select_related = ()
    search_fields = ("key", "scope")
    ordering = ("key", "scope", "-valid_from")

    def get_fields(self, request: HttpRequest, obj: PolicyValue | None = None) -> tuple[str, ...]:
        about = ("figure", "place") if obj else ("key", "office")
        return (*about, "value", "valid_from", "why")

    def get_form(
        self,
        request: HttpRequest,
        obj: PolicyValue | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[admin_forms.PolicyValueForm]:
        form = super().get_form(request, obj, change, **kwargs)
        reach = selectors.offices_of(request.user, timezone.now(), Act.POLICY)
        mine = {"offices": self.choices_of(request, Office), "is_national": reach.is_national}
        return type(form.__name__, (form,), mine)

    @admin.display(description=_("angka"), ordering="key")
    def figure(self, row: PolicyValue) -> str:
        return words.figure(row.key)

    def hand_over(self, request: HttpRequest, form: Any, row: PolicyValue, now: datetime) -> Model:
        names = ("key", "value", "office", "valid_from", "why")
        wish = figures.FigureWish(**{name: form.cleaned_data[name] for name in names})
        return figures.set_figure(officer=request.user, wish=wish, now=now)


@admin.register(AuditEvent)
class AuditEventAdmin(StreamAdmin):
    """The log of officers' acts, to read."""

    code_column = "stream"
    list_display = ("at", "deed", "place", "actor", "subject", "cause")
    list_select_related = ()
    search_fields = ("=act", "=subject", "=stream")
    ordering = ("-at", "-id")
    fields = ("at", "deed", "place", "actor", "subject", "cause", "details", "note")
    readonly_fields = ("deed", "place", "actor", "cause", "details", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """With who did it: officers by their address, account holders by their code only."""
        code = User.objects.filter(pk=OuterRef("actor_id")).values("code")
        posts = OfficerPost.objects.filter(user_id=OuterRef("actor_id"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                actor_code=Subquery(code), actor_email=Subquery(posts.values("user__email")[:1])
            )
        )

    @admin.display(description=_("tindakan"), ordering="act")
    def deed(self, row: AuditEvent) -> str:
        return words.event(row.act)

    @admin.display(description=_("alasan"), ordering="reason")
    def cause(self, row: AuditEvent) -> str:
        return words.reason(row.reason) if row.reason else "–"

    @admin.display(description=_("oleh"))
    def actor(self, row: AuditEvent) -> str:
        return row.actor_email or row.actor_code or gettext("sistem")

    @admin.display(description=_("keterangan"))
    def note(self, row: AuditEvent) -> str:
        note = Note.objects.filter(pk=row.note_id).first()
        return note.text if note else "–"
