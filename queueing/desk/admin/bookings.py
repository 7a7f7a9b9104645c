"""The officers' admin of bookings, their history, and referral codes."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices import selectors as offices
from offices import words
from offices.models import Office
from offices.rules import Act
from offices.scoped_admin import OfficeScopedAdmin, why_of_action
from offices.stream_admin import StreamAdmin
from paspor.kernel import formatting
from paspor.kernel.codes import grouped, normalized
from queueing.booking import errand_words
from queueing.booking import rules as booking_rules
from queueing.booking import selectors as booking_selectors
from queueing.booking import words as booking_words
from queueing.booking.models import Booking, BookingEvent, Place, Referral
from queueing.booking.services import referrals
from queueing.booking.timeline import happened, timeline
from queueing.desk.admin import filters
from queueing.desk.admin.forms import LateActionForm, ReferralForm
from queueing.desk.services import attendance
from queueing.desk.services.attendance import Visit


@admin.register(Booking)
class BookingAdmin(OfficeScopedAdmin):
    """Bookings to look at; what happens to them happens through services."""

    office_path = "slot__office"
    action_form = LateActionForm
    list_display = ("code_grouped", "when", "office", "people", "channel", "state")
    list_filter = (filters.Day, filters.State, "channel")
    list_select_related = ("slot__office",)
    search_fields = ("code", "places__applicant__name")
    fields = (
        ("code_grouped", "state"),
        ("when", "office"),
        ("channel", "cause"),
        "places_shown",
        "history",
        "created_at",
    )
    readonly_fields = (
        "code_grouped",
        "state",
        "when",
        "office",
        "people",
        "places_shown",
        "history",
        "cause",
    )
    actions = [*OfficeScopedAdmin.actions, "check_in", "mark_no_show"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        places = Place.objects.select_related("applicant").order_by("pk")
        return super().get_queryset(request).prefetch_related(Prefetch("places", places))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The nearest first, ahead or behind."""
        is_over = request.GET.get(filters.Day.parameter_name) == filters.OVER
        return ("-slot__starts_at", "-pk") if is_over else ("slot__starts_at", "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A code may be typed as people read it to each other, with its dash."""
        by_code = queryset.filter(code=normalized(search_term))
        if search_term and by_code.exists():
            return by_code, False
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The counter's own form books for people."""
        return False

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        """A single booking is read here; the actions of the list ask the services."""
        return False

    @admin.display(description=_("kode"), ordering="code")
    def code_grouped(self, row: Booking) -> str:
        return grouped(row.code)

    @admin.display(description=_("jadwal"), ordering="slot__starts_at")
    def when(self, row: Booking) -> str:
        return f"{formatting.day_medium(row.slot.day)}, {booking_words.hours_of(row.slot)}"

    @admin.display(description=_("kantor"), ordering="slot__office__name")
    def office(self, row: Booking) -> str:
        return row.slot.office.name

    @admin.display(description=_("alasan"))
    def cause(self, row: Booking) -> str:
        return words.reason(row.reason) if row.reason else "–"

    @admin.display(description=_("pemohon"))
    def people(self, row: Booking) -> str:
        return ", ".join(place.applicant.name for place in row.places.all())

    @admin.display(description=_("status"))
    def state(self, row: Booking) -> str:
        states = {place.state for place in row.places.all()}
        if not states:
            return "–"
        now = timezone.now()
        found = booking_rules.state_of(states, held_until=row.held_until, now=now)
        return str(Place.State(found).label)

    @admin.display(description=_("pemohon"))
    def places_shown(self, row: Booking) -> SafeString:
        """Each person with the way to their NIK, which asks for a reason and is logged."""
        office = row.slot.office.code
        return format_html_join(
            SafeString("<br>"),
            '{}, NIK {}, {}, {}: {} (<a href="{}">{}</a>)',
            (
                (
                    place.applicant.name,
                    place.applicant.masked_nik,
                    booking_words.errand(place),
                    place.get_passport_type_display(),
                    place.get_state_display(),
                    reverse("desk:nik", args=[office, row.code, place.applicant.code]),
                    gettext("lihat NIK"),
                )
                for place in row.places.all()
            ),
        )

    @admin.display(description=_("riwayat"))
    def history(self, row: Booking) -> SafeString:
        zone = row.slot.office.zone_name
        return format_html_join(
            SafeString("<br>"),
            "{} {} {}: {} ({}){}",
            (
                (
                    formatting.date_medium(entry.at),
                    formatting.clock(entry.at),
                    zone,
                    entry.text,
                    entry.by,
                    f", {', '.join(entry.names)}" if entry.names else "",
                )
                for entry in timeline(booking_selectors.booking_by_id(row.pk))
            ),
        )

    @admin.action(description=_("Terima (hadir)"), permissions=["change"])
    def check_in(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        self._attend(request, queryset, attendance.check_in)

    @admin.action(description=_("Catat tidak hadir"), permissions=["change"])
    def mark_no_show(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> HttpResponse | None:
        """It ends the places of all who were chosen, so it is asked first."""
        if "confirmed" not in request.POST:
            return self._ask_absent(request, queryset)
        return self._attend(request, queryset, attendance.mark_no_show)

    def _ask_absent(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse:
        shown = self.admin_site.each_context(request) | {
            "title": gettext("Catat tidak hadir?"),
            "opts": self.opts,
            "rows": [
                f"{self.code_grouped(row)} · {self.when(row)} · {_waited_for(row)}"
                for row in queryset
            ],
            "keys": [row.pk for row in queryset],
            "checkbox": ACTION_CHECKBOX_NAME,
            "why": why_of_action(request),
        }
        return TemplateResponse(request, "admin/queueing/booking/absent.html", shown)

    def _attend(self, request: HttpRequest, queryset: QuerySet[Booking], service: Any) -> None:
        now = timezone.now()
        why = why_of_action(request)
        self.act_on_each(
            request,
            queryset,
            lambda row: service(
                officer=request.user, visit=Visit(row.slot.office, row.code, why=why), now=now
            ),
        )


def _waited_for(row: Booking) -> str:
    """Who of a booking may be absent; a dash where the service will refuse."""
    booked = [place for place in row.places.all() if place.state == Place.State.BOOKED]
    return ", ".join(place.applicant.name for place in booked) or "–"


@admin.register(Referral)
class ReferralAdmin(OfficeScopedAdmin):
    """Referral codes of LTSP offices: issued one by one, used once."""

    form = ReferralForm

    list_display = ("code", "office", "issued_at", "expires_at", "is_used")
    list_filter = ("office",)
    list_select_related = ("office",)
    ordering = ("-issued_at", "-pk")
    search_fields = ("=code",)

    def get_fields(self, request: HttpRequest, obj: Referral | None = None) -> tuple[Any, ...]:
        return ("office", "code", ("issued_at", "expires_at"), "is_used") if obj else ("office",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Referral | None = None
    ) -> tuple[str, ...]:
        return ("code", "issued_at", "expires_at", "is_used") if obj else ()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "office":
            kwargs["queryset"] = self.choices_of(request, Office).filter(needs_referral=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Where one of the officer's offices works with referrals at all."""
        if not super().has_add_permission(request):
            return False
        reach = offices.offices_of(request.user, timezone.now(), Act.REFERRAL)
        found = Office.objects.filter(needs_referral=True)
        return (found if reach.is_national else found.filter(pk__in=reach.ids)).exists()

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        """A code that was handed out stays as it is until it is used or lapses."""
        return False

    @admin.display(description=_("dipakai"), boolean=True)
    def is_used(self, row: Referral) -> bool:
        return row.used_at is not None

    def hand_over(self, request: HttpRequest, form: Any, row: Referral, now: datetime) -> Model:
        issued = referrals.issue(officer=request.user, office=row.office, why=form.why(), now=now)
        row.code = issued.code
        text = format_html(
            gettext("Kode rujukan: {}. Berikan kepada satu calon pekerja migran."), issued.code
        )
        self.message_user(request, text, messages.SUCCESS)
        return issued


@admin.register(BookingEvent)
class BookingEventAdmin(StreamAdmin):
    """What happened to bookings, to read."""

    code_column = "stream"
    list_display = ("at", "what_shown", "booking_code", "place", "actor_kind", "cause")
    list_filter = (filters.What, "actor_kind")
    list_select_related = ()
    ordering = ("-at", "-id")
    fields = ("at", "what_shown", "booking_code", "place", "actor_kind", "cause", "details")
    readonly_fields = ("what_shown", "booking_code", "place", "cause", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BookingEvent]:
        return filters.with_booking_code(super().get_queryset(request))

    @admin.display(description=_("peristiwa"), ordering="what")
    def what_shown(self, row: BookingEvent) -> str:
        return str(happened(row.what))

    @admin.display(description=_("alasan"), ordering="reason")
    def cause(self, row: BookingEvent) -> str:
        return words.reason(row.reason) if row.reason else "–"

    @admin.display(description=_("kode"))
    def booking_code(self, row: BookingEvent) -> str:
        return grouped(row.code_of_booking or "–")

    @admin.display(description=_("rincian"))
    def details(self, row: BookingEvent) -> str:
        return errand_words.changed(row.detail) or super().details(row)
