"""The base of every admin here: officers see and touch their own offices only.

Nothing is deleted and nothing is written by the admin itself: a change is handed to a
service (``hand_over``), whose refusal stands on the form or beside the list. Where a
second officer is needed, the request is written and the form kept to be sent again.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, DateTimeField, Field, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from offices import admin_export, backends, selectors
from offices.admin_forms import ServiceForm, WhyForm
from offices.models import Approval, Office
from offices.reasons import Why
from offices.rules import Act
from offices.selectors import Reach
from offices.services import approvals
from paspor.kernel import problems
from paspor.kernel.errors import DomainError, NeedsApproval

# Beyond so many choices, a list of links makes its page long.
MOST_LINKS = 15


def why_of_action(request: HttpRequest) -> Why:
    posted = request.POST
    return Why(posted.get("why_reason", "")[:60], posted.get("why_note", "")[:300])


def refusal_line(refusal: DomainError) -> str:
    """The refusal in one line: its reasons where it names fields, else its sentence."""
    texts = [text for texts in problems.field_texts(refusal).values() for text in texts]
    return " ".join(texts) or problems.sentence(refusal)


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """Offers only what the officer may choose: as links, or in a select where they are many."""

    def __init__(
        self,
        field: Field,
        request: HttpRequest,
        params: dict[str, Any],
        *model_and_admin: Any,
        field_path: str,
    ) -> None:
        kwarg = f"{field_path}__{field.target_field.name}__exact"
        # The select's first line asks for nothing.
        if params.get(kwarg) == [""]:
            del params[kwarg]
        super().__init__(field, request, params, *model_and_admin, field_path=field_path)
        if len(self.lookup_choices) > MOST_LINKS:
            self.template = "admin/filter_select.html"

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        others = changelist.get_query_string(remove=self.expected_parameters())
        self.kept = parse_qsl(others.lstrip("?"))
        self.chosen = self.lookup_val[0] if self.lookup_val else ""
        return super().choices(changelist)

    def field_choices(
        self, field: Field, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[Any, str]]:
        choices = model_admin.choices_of(request, field.remote_field.model)
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to={"pk__in": choices.values("pk")},
        )


class OfficeScopedAdmin(admin.ModelAdmin):
    """Name ``office_path``, the lookup from a row to its office ("" for Office itself).

    The path must not lead through a to-many relation. ``shows_national``: rows without an
    office are everybody's to see. ``list_select_related`` must be given.
    """

    office_path = "office"
    # The column of the list that names it; without one the list does not.
    office_column = "office"
    shows_national = False
    form = ServiceForm
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 500
    view_on_site = False
    actions = ["export_csv"]

    def reach(self, request: HttpRequest) -> Reach:
        """The offices whose rows of this kind the officer may look at."""
        name = f"_reach_{self.opts.app_label}"
        if not hasattr(request, name):
            posts = [
                post
                for post in selectors.posts_of(request.user, timezone.now())
                if backends.may_look(post.role, self.opts.app_label)
            ]
            setattr(request, name, selectors.reach_of(posts))
        return getattr(request, name)

    def within(self, rows: QuerySet, reach: Reach) -> QuerySet:
        """Narrow rows to the offices within reach."""
        if reach.is_national:
            return rows
        path = self.office_path
        here = Q(**{f"{path}__in" if path else "pk__in": reach.ids})
        if self.shows_national:
            here |= Q(**{f"{path}__isnull": True})
        return rows.filter(here)

    def get_fieldsets(
        self, request: HttpRequest, obj: Model | None = None
    ) -> list[tuple[Any, dict[str, Any]]]:
        """Who may change the row is asked why, below its own fields."""
        shown = list(super().get_fieldsets(request, obj))
        if not issubclass(self.form, WhyForm) or not self._writes(request, obj):
            return shown
        return [*shown, (None, {"fields": ("why_reason", "why_note")})]

    def _writes(self, request: HttpRequest, obj: Model | None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.within(super().get_queryset(request), self.reach(request))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Whoever has one office is not told in each row which it is."""
        shown = list(super().get_list_display(request))
        reach = self.reach(request)
        if reach.is_national or len(reach.ids) > 1 or self.shows_national:
            return shown
        return [name for name in shown if name != self.office_column]

    def office_of(self, row: Model) -> Office | None:
        found: Any = row
        for step in filter(None, self.office_path.split("__")):
            found = getattr(found, step)
        return found

    def choices_of(self, request: HttpRequest, model: type[Model]) -> QuerySet:
        """What of another model the officer may pick: what they would see in its own list."""
        try:
            other = self.admin_site.get_model_admin(model)
        except NotRegistered:
            return model._default_manager.none()
        if not other.has_view_permission(request):
            return model._default_manager.none()
        return other.get_queryset(request)

    def formfield_for_foreignkey(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        kwargs.setdefault("queryset", self.choices_of(request, db_field.remote_field.model))
        if not db_field.null:
            only = list(kwargs["queryset"][:2])
            kwargs.setdefault("initial", only[0].pk if len(only) == 1 else None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """A moment is typed by the clock that the officer sees (OfficerAdminSite).

        A choice of another row stands without Django's ways to change that row in a window.
        """
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field is not None and isinstance(db_field, DateTimeField) and not field.help_text:
            zone = timezone.localtime().tzname()
            field.help_text = gettext("Menurut jam %(zone)s.") % {"zone": zone}
        return field

    def formfield_for_manytomany(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        kwargs.setdefault("queryset", self.choices_of(request, db_field.remote_field.model))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            (entry, ScopedRelatedFilter) if self._is_relation(entry) else entry
            for entry in super().get_list_filter(request)
        ]

    def _is_relation(self, entry: Any) -> bool:
        if not isinstance(entry, str):
            return False
        try:
            return get_fields_from_path(self.model, entry)[-1].is_relation
        except FieldDoesNotExist:
            return False

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: list[tuple[str, str]] | None = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        first = [("", gettext("Pilih tindakan"))] if default_choices is None else default_choices
        return super().get_action_choices(request, first, action_location)

    def act_behind(self, verb: str) -> Act | None:
        """The act of adding or changing such a row, as the table of permissions has it."""
        return backends.PERMISSIONS.get(f"{self.opts.app_label}.{verb}_{self.opts.model_name}")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or self.may_change(request, obj)

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        act = self.act_behind("change")
        now = timezone.now()
        return act is not None and selectors.may(request.user, act, self.office_of(row), now)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows end, are withdrawn or lifted by a service; they are never deleted here."""
        return False

    def hand_over(self, request: HttpRequest, form: Any, row: Model, now: datetime) -> Model:
        """Call the service that makes this change; the row as it stands then."""
        raise NotImplementedError(f"{type(self).__name__} writes nothing by itself.")

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        saved = self.hand_over(request, form, obj, timezone.now())
        # What is told of the row is what the service wrote, not what the form had.
        for field in self.opts.concrete_fields:
            setattr(obj, field.attname, getattr(saved, field.attname))

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[Any], change: bool
    ) -> None:
        """The service has written all there is."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A refusal of the service comes back on the form, with everything typed kept."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            if isinstance(refusal, NeedsApproval):
                note = request.POST.get("why_note") or request.POST.get("why") or ""
                request.asked_second = self.ask_for_second(request, refusal, note)
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Where a second officer was asked, a message says so: nothing typed is at fault."""
        if getattr(request, "asked_second", None) is not None:
            context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else type(form.__name__, (form,), {"refusal": refusal})

    def ask_for_second(
        self, request: HttpRequest, refusal: NeedsApproval, note: str
    ) -> Approval | None:
        """Write the request that the refusal calls for, and say so."""
        try:
            approval = approvals.ask(
                request=refusal.request,
                officer=request.user,
                reason=request.POST.get("why_reason") or str(self.opts.verbose_name),
                note=note,
                now=timezone.now(),
            )
        except DomainError as error:
            self.message_user(request, refusal_line(error), messages.ERROR)
            return None
        text = gettext(
            "Permintaan persetujuan %(code)s sudah diajukan. Setelah petugas kedua menyetujuinya, "
            "lakukan tindakan yang sama sekali lagi."
        ) % {"code": approval.code}
        self.message_user(request, text, messages.WARNING)
        return approval

    def response_action(
        self, request: HttpRequest, queryset: QuerySet, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        # Rows are named by their key, which is a number or a code.
        is_key = str.isalnum if isinstance(self.opts.pk, CharField) else str.isdecimal
        if not all(row.isascii() and is_key(row) for row in chosen):
            raise problems.Malformed
        return super().response_action(request, queryset, *args, **kwargs)

    def act_on_each(
        self, request: HttpRequest, rows: QuerySet, work: Callable[[Any], object], note: str = ""
    ) -> None:
        """Run a service on each chosen row; one that is refused does not stop the others."""
        done = 0
        for row in rows:
            try:
                work(row)
                done += 1
            except DomainError as refusal:
                if isinstance(refusal, NeedsApproval) and self.ask_for_second(
                    request, refusal, note
                ):
                    continue
                self.message_user(request, f"{row}: {refusal_line(refusal)}", messages.ERROR)
        if done:
            text = ngettext("%(n)s baris selesai.", "%(n)s baris selesai.", done) % {"n": done}
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Unduh sebagai CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """The chosen rows with the columns of the list; logged."""
        return admin_export.as_csv(self, request, queryset)
