"""The officers' admin of quota: openings, and the hours with their seats."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from offices.scoped_admin import OfficeScopedAdmin
from paspor.kernel import formatting
from queueing.booking import words as booking_words
from queueing.desk.admin import filters
from queueing.desk.admin import forms as seat_forms
from queueing.quota.models import Channel, Release, Slot
from queueing.quota.services import capacity, releases
from queueing.quota.services.capacity import SeatsWanted
from queueing.quota.services.releases import LeftBetween, Opening


@admin.register(Slot)
class SlotAdmin(OfficeScopedAdmin):
    """Hours of quota; the change form gives each channel another number of seats."""

    form = seat_forms.SlotForm
    list_display = ("when", "office_name", "load", "is_open")
    list_filter = (filters.SlotDay, "office")
    list_select_related = ("office",)
    ordering = ("day", "office__name", "starts_at")
    readonly_fields = ("when", "office_name", "load", "is_open", "closed_why")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        return filters.with_counts(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: Slot | None = None) -> tuple[Any, ...]:
        shown = (("when", "office_name"), "load", ("is_open", "closed_why"))
        if obj is None or not self.has_change_permission(request, obj):
            return shown
        return (*shown, *seat_forms.seat_fields(obj))

    def get_form(
        self, request: HttpRequest, obj: Slot | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The seat fields are of the form, none of the model's."""
        return super().get_form(request, obj, change, **{**kwargs, "fields": ()})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Hours are made by a release, from the calendar."""
        return False

    @admin.display(description=_("jam"), ordering="starts_at")
    def when(self, row: Slot) -> str:
        return f"{formatting.day_medium(row.day)}, {booking_words.hours_of(row)}"

    @admin.display(description=_("kantor"), ordering="office__name")
    def office_name(self, row: Slot) -> str:
        return row.office.name

    @admin.display(description=_("kursi"))
    def load(self, row: Slot) -> str:
        counts = {"taken": row.seats_taken or 0, "free": row.seats_free or 0}
        return gettext("%(taken)s terisi, %(free)s kosong") % counts

    @admin.display(description=_("dilayani"), boolean=True)
    def is_open(self, row: Slot) -> bool:
        return row.closed_at is None

    def hand_over(self, request: HttpRequest, form: Any, row: Slot, now: datetime) -> Model:
        """Only the channels whose number was changed; each is a line in the log."""
        for channel in Channel.values:
            name = seat_forms.field_of(channel)
            if name not in form.changed_data:
                continue
            wanted = SeatsWanted(row.code, channel, form.cleaned_data[name], form.why())
            changed = capacity.change_capacity(wanted=wanted, officer=request.user, now=now)
            if changed.remain > changed.asked:
                text = gettext(
                    "Jalur %(channel)s: diminta %(asked)s kursi, tetapi %(remain)s sudah terisi "
                    "dan tetap berlaku."
                )
                self.message_user(
                    request,
                    text
                    % {
                        "channel": Channel(channel).label,
                        "asked": changed.asked,
                        "remain": changed.remain,
                    },
                    messages.WARNING,
                )
        return row


@admin.register(Release)
class ReleaseAdmin(OfficeScopedAdmin):
    """Openings: added and prepared at once, never changed."""

    form = seat_forms.ReleaseForm

    list_display = ("first_day", "last_day", "office", "opens_at", "is_prepared")
    list_filter = ("office",)
    list_select_related = ("office",)
    ordering = ("-opens_at", "office__name")
    fields = ("office", ("first_day", "last_day"), "opens_at")

    def get_fields(self, request: HttpRequest, obj: Release | None = None) -> tuple[Any, ...]:
        return (*self.fields, "is_prepared") if obj else self.fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Release | None = None
    ) -> tuple[str, ...]:
        return ("is_prepared",)

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        """What has been announced stands; its days are closed or their hours changed instead."""
        return False

    @admin.display(description=_("disiapkan"), boolean=True)
    def is_prepared(self, row: Release) -> bool:
        return row.prepared_at is not None

    def hand_over(self, request: HttpRequest, form: Any, row: Release, now: datetime) -> Model:
        opening = Opening(row.first_day, row.last_day, row.opens_at)
        release = releases.plan_release(
            office=row.office, opening=opening, officer=request.user, why=form.why(), now=now
        )
        made = releases.prepare(release=release, now=now)
        text = gettext("%(seats)s kursi disiapkan.") % {"seats": made}
        self.message_user(request, text, messages.SUCCESS if made else messages.WARNING)
        for days in releases.left_between(release, now):
            self.message_user(request, _left_words(days, row.office), messages.WARNING)
        return release


def _left_words(days: LeftBetween, office: Office) -> str:
    values = {"first": formatting.day(days.first_day), "last": formatting.day(days.last_day)}
    if days.opens_at is None:
        text = gettext(
            "%(first)s sampai %(last)s tidak termasuk pembukaan mana pun dan tidak dibuka "
            "otomatis. Tambahkan pembukaan untuk hari-hari itu bila kantor melayani."
        )
        return text % values
    text = gettext(
        "%(first)s sampai %(last)s belum termasuk pembukaan mana pun. Hari-hari itu dibuka "
        "menurut jadwal, paling lambat %(opening)s."
    )
    return text % (values | {"opening": booking_words.moment(days.opens_at, office)})
