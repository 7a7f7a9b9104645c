"""Announcements of an office: written once in both languages, and withdrawn where wrong."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offices import admin_forms
from offices.models import Announcement
from offices.scoped_admin import OfficeScopedAdmin
from offices.services import announcements
from offices.services.announcements import AnnouncementWish
from offices.services.incidents import Texts


@admin.register(Announcement)
class AnnouncementAdmin(OfficeScopedAdmin):
    """It closes no day and opens none: that is done with the hours and special days."""

    form = admin_forms.AnnouncementForm
    list_display = ("code", "kind", "office", "first_day", "last_day", "mailed_at", "withdrawn_at")
    list_filter = ("kind", "office")
    list_select_related = ("office",)
    ordering = ("-last_day",)
    actions = [*OfficeScopedAdmin.actions, "withdraw"]

    def get_fields(self, request: HttpRequest, obj: Announcement | None = None) -> tuple[str, ...]:
        asked = ("office", "kind", "text_id", "text_en", "first_day", "last_day")
        return (*asked, "told_at", "mailed_at", "withdrawn_at") if obj else asked

    def get_readonly_fields(
        self, request: HttpRequest, obj: Announcement | None = None
    ) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        """What was told stands."""
        return False

    def hand_over(self, request: HttpRequest, form: Any, row: Announcement, now: datetime) -> Model:
        data = form.cleaned_data
        wish = AnnouncementWish(
            texts=Texts(data["text_id"], data["text_en"]),
            **{name: data[name] for name in ("office", "kind", "first_day", "last_day")},
        )
        return announcements.announce(officer=request.user, wish=wish, now=now)

    @admin.action(description=_("Tarik pengumuman"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Announcement]) -> None:
        now = timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: announcements.withdraw(officer=request.user, announcement=row, now=now),
        )
