"""The officers' admin of offices, calendars, posts and approvals."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from offices import (  # noqa: F401
    admin_forms,
    announcement_admin,
    report_admin,
    stream_admin,
    words,
)
from offices.admin_forms import hours_from
from offices.admin_site import fresh_factor_asked, second_factor_used
from offices.models import (
    Approval,
    Holiday,
    Incident,
    Office,
    OfficerPost,
    OpeningHours,
    PassportType,
    SpecialDay,
)
from offices.rules import Act
from offices.scoped_admin import OfficeScopedAdmin, why_of_action
from offices.services import (
    approvals,
    calendar,
    holidays,
    incidents,
    office_facts,
    posts,
    reports,
    second_factors,
)
from offices.services.calendar import HoursWish, SpecialWish
from offices.services.holidays import HolidayWish
from offices.services.incidents import IncidentWish, Texts
from paspor.kernel import formatting

TIMES = (("opens", "closes"), ("break_starts", "break_ends"), ("stations", "minutes"))
SHARES = ("online_share", "priority_share", "same_day_share", "counter_share")


@admin.register(Office)
class OfficeAdmin(OfficeScopedAdmin):
    office_path = ""
    form = admin_forms.OfficeForm
    list_display = ("name", "kind", "grade", "regency", "province", "timezone", "is_active")
    list_filter = ("kind", "is_active", "province")
    list_select_related = ()
    search_fields = ("name", "code", "regency")
    fields = (
        ("code", "name"),
        ("kind", "grade", "parent"),
        ("regency", "province", "timezone"),
        "address",
        ("phone", "email"),
        "passport_types",
        ("needs_referral", "is_active"),
    )
    # What the official list says changes with the list (load_offices).
    readonly_fields = (
        "code",
        "name",
        "kind",
        "grade",
        "parent",
        "regency",
        "province",
        "timezone",
        "needs_referral",
    )

    def get_fields(self, request: HttpRequest, obj: Office | None = None) -> tuple[Any, ...]:
        """Who only reads reads words: the list of codes is the form's."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return tuple("types_shown" if one == "passport_types" else one for one in self.fields)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Office | None = None
    ) -> tuple[str, ...]:
        return (*self.readonly_fields, "types_shown")

    @admin.display(description=_("jenis paspor"))
    def types_shown(self, row: Office) -> str:
        return ", ".join(str(PassportType(kind).label) for kind in row.passport_types)

    def hand_over(self, request: HttpRequest, form: Any, row: Office, now: datetime) -> Model:
        names = ("address", "phone", "email", "passport_types", "is_active")
        facts = office_facts.Facts(**{name: form.cleaned_data[name] for name in names})
        return office_facts.change_facts(officer=request.user, office=row, facts=facts, now=now)


@admin.register(OpeningHours)
class OpeningHoursAdmin(OfficeScopedAdmin):
    """Hours that have begun can only be ended; new ones take over from a later day."""

    form = admin_forms.OpeningHoursForm
    list_display = ("office", "day_name", "opens", "closes", "stations", "minutes", "valid_from")
    list_filter = ("office",)
    list_select_related = ("office",)
    ordering = ("office__name", "weekday", "-valid_from")

    @admin.display(description=_("hari"), ordering="weekday")
    def day_name(self, row: OpeningHours) -> str:
        return str(WEEKDAYS[row.weekday])

    def get_readonly_fields(
        self, request: HttpRequest, obj: OpeningHours | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return ()
        if obj.valid_from >= obj.office.today(timezone.now()):
            return ("office", "weekday", "day_name", "valid_from")
        names = [field.name for field in self.opts.fields if field.name not in {"id", "valid_to"}]
        return ("day_name", *names)

    def get_fields(self, request: HttpRequest, obj: OpeningHours | None = None) -> tuple[Any, ...]:
        weekday = "day_name" if obj else "weekday"
        return ("office", weekday, *TIMES, SHARES, ("valid_from", "valid_to"), "by_hand")

    def hand_over(self, request: HttpRequest, form: Any, row: OpeningHours, now: datetime) -> Model:
        data = form.cleaned_data
        if "opens" not in data:
            last_day = data["valid_to"]
            kept = OpeningHours.objects.select_related("office").get(pk=row.pk)
            return calendar.end_hours(
                officer=request.user,
                row=kept,
                last_day=last_day,
                why=form.why(),
                now=now,
                by_hand=data["by_hand"],
            )
        wish = HoursWish(row.weekday, row.valid_from, data["valid_to"], hours_from(data))
        return calendar.set_hours(
            officer=request.user,
            office=row.office,
            wish=wish,
            why=form.why(),
            now=now,
            by_hand=data["by_hand"],
        )


@admin.register(SpecialDay)
class SpecialDayAdmin(OfficeScopedAdmin):
    form = admin_forms.SpecialDayForm
    action_form = admin_forms.SpecialDayActionForm
    list_display = ("day", "office", "kind", "reason", "opens", "closes", "stations")
    list_filter = ("kind", "office")
    list_select_related = ("office",)
    ordering = ("-day",)
    search_fields = ("reason", "place")
    fields = (("office", "day"), "kind", "reason", "place", *TIMES, SHARES, "opening")
    actions = [*OfficeScopedAdmin.actions, "lift"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: SpecialDay | None = None
    ) -> tuple[str, ...]:
        return ("office", "day") if obj else ()

    def hand_over(self, request: HttpRequest, form: Any, row: SpecialDay, now: datetime) -> Model:
        data = form.cleaned_data
        hours = hours_from(data) if data["kind"] == SpecialDay.Kind.EXTRA else None
        wish = SpecialWish(row.day, data["reason"], hours, data["place"], data["opening"])
        return calendar.set_special_day(
            officer=request.user, office=row.office, wish=wish, why=form.why(), now=now
        )

    @admin.action(description=_("Kembalikan ke jadwal biasa"), permissions=["change"])
    def lift(self, request: HttpRequest, queryset: QuerySet[SpecialDay]) -> None:
        why, now = why_of_action(request), timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: calendar.lift_special_day(officer=request.user, row=row, why=why, now=now),
            note=why.note,
        )


@admin.register(Holiday)
class HolidayAdmin(OfficeScopedAdmin):
    """The library's proposals wait here until an officer has said yes or no."""

    shows_national = True
    form = admin_forms.HolidayForm
    action_form = admin_forms.HolidayActionForm
    list_display = ("day", "name", "office", "state")
    list_filter = ("state", "office")
    list_select_related = ("office",)
    search_fields = ("name",)
    fields = ("day", "name", "office", "state")
    actions = [*OfficeScopedAdmin.actions, "confirm", "decline"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Holiday | None = None
    ) -> tuple[str, ...]:
        return ("day", "name", "office", "state") if obj else ("state",)

    def may_change(self, request: HttpRequest, row: Model) -> bool:
        """A row is decided by the actions of the list."""
        return False

    def hand_over(self, request: HttpRequest, form: Any, row: Holiday, now: datetime) -> Model:
        wish = HolidayWish(row.office, row.day, row.name)
        return holidays.add(officer=request.user, wish=wish, why=form.why(), now=now)

    @admin.action(description=_("Kukuhkan sebagai hari libur"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> None:
        why, now = why_of_action(request), timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: holidays.confirm(officer=request.user, holiday=row, why=why, now=now),
            note=why.note,
        )

    @admin.action(description=_("Tolak: hari kerja biasa"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> None:
        why, now = why_of_action(request), timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: holidays.decline(officer=request.user, holiday=row, why=why, now=now),
        )


@admin.register(OfficerPost)
class OfficerPostAdmin(OfficeScopedAdmin):
    form = admin_forms.OfficerPostForm
    action_form = admin_forms.ReasonActionForm
    list_display = ("email", "role", "office", "starts_at", "ends_at")
    list_filter = ("role", "office")
    list_select_related = ("office", "user")
    search_fields = ("user__email",)
    ordering = ("-starts_at",)
    fields = ("email", "role", "office", ("starts_at", "ends_at"))
    actions = [*OfficeScopedAdmin.actions, "end", "take_off_second"]

    @admin.display(description=_("petugas"), ordering="user__email")
    def email(self, row: OfficerPost) -> str:
        return row.user.email

    def get_readonly_fields(
        self, request: HttpRequest, obj: OfficerPost | None = None
    ) -> tuple[str, ...]:
        return ("email", "role", "office", "starts_at", "ends_at") if obj else ()

    def hand_over(self, request: HttpRequest, form: Any, row: OfficerPost, now: datetime) -> Model:
        data = form.cleaned_data
        wish = posts.PostWish(
            user=data["user"],
            role=data["role"],
            office=data["office"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
        )
        return posts.appoint(officer=request.user, wish=wish, now=now)

    @admin.action(description=_("Akhiri penugasan sekarang"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[OfficerPost]) -> None:
        why, now = request.POST.get("why", ""), timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: posts.end_post(officer=request.user, post=row, now=now, why=why),
        )

    @admin.action(
        description=_("Lepas langkah kedua (ponsel dan kode cadangan hilang)"),
        permissions=["change"],
    )
    def take_off_second(self, request: HttpRequest, queryset: QuerySet[OfficerPost]) -> None:
        why, now = request.POST.get("why", ""), timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: second_factors.take_off(officer=request.user, post=row, why=why, now=now),
            note=why,
        )


@admin.register(Incident)
class IncidentAdmin(OfficeScopedAdmin):
    """What is broken: opened here, added to while it lives, and said to be over."""

    shows_national = True
    form = admin_forms.IncidentForm
    list_display = ("part", "office", "started_at", "expected_end", "ended_at", "source")
    list_filter = ("part", "source", "office")
    list_select_related = ("office",)
    ordering = ("-started_at",)
    actions = [*OfficeScopedAdmin.actions, "close_incidents", "solve_reports"]

    def get_fields(self, request: HttpRequest, obj: Incident | None = None) -> tuple[Any, ...]:
        words = ("text_id", "text_en")
        told = ("told", "new_text_id", "new_text_en") if obj else ()
        more = ("started_at", "expected_end", "opens_walk_in", "excuses_visits")
        return ("part", "office", *words, *told, *more)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Incident | None = None
    ) -> tuple[str, ...]:
        fixed = ("text_id", "text_en", "started_at", "opens_walk_in", "excuses_visits")
        return ("part", "office", "told", *fixed) if obj else ()

    def may_change(self, request: HttpRequest, row: Incident) -> bool:
        return row.ended_at is None and super().may_change(request, row)

    @admin.display(description=_("perkembangan"))
    def told(self, row: Incident) -> str:
        lines = [
            f"{formatting.clock(timezone.localtime(told.at))} {told}" for told in row.updates.all()
        ]
        return " · ".join(lines) or "–"

    def hand_over(self, request: HttpRequest, form: Any, row: Incident, now: datetime) -> Model:
        data = form.cleaned_data
        if row.pk is not None:
            return incidents.update(
                officer=request.user,
                incident=row,
                texts=Texts(data["new_text_id"], data["new_text_en"]),
                expected_end=data["expected_end"],
                now=now,
            )
        names = ("office", "part", "started_at", "expected_end", "opens_walk_in", "excuses_visits")
        texts = Texts(data["text_id"], data["text_en"])
        wish = IncidentWish(texts=texts, **{name: data[name] for name in names})
        return incidents.open_incident(officer=request.user, wish=wish, now=now)

    @admin.action(description=_("Nyatakan pulih"), permissions=["change"])
    def close_incidents(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        now = timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: incidents.close(officer=request.user, incident=row, now=now),
        )

    @admin.action(description=_("Selesaikan laporan yang disebabkannya"), permissions=["change"])
    def solve_reports(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        now = timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: reports.solve_with(officer=request.user, incident=row, now=now),
        )


@admin.register(Approval)
class ApprovalAdmin(OfficeScopedAdmin):
    """Requests for a second officer's yes. Granting takes a second factor in this session."""

    action_form = admin_forms.ReasonActionForm
    # What decides stands within a laptop's width; the subject is on the row's own page.
    list_display = ("code", "act_name", "office", "asker", "state", "lapses_at", "note")
    list_filter = ("state", "office")
    list_select_related = ("office", "asked_by", "second")
    search_fields = ("code", "subject")
    ordering = ("-asked_at",)
    fields = (
        ("code", "state"),
        ("act_name", "subject"),
        "office",
        ("cause", "note", "told"),
        ("people", "seats_before", "seats_after"),
        ("asker", "asked_at", "expires_at"),
        ("decider", "decided_at", "used_at"),
    )
    readonly_fields = ("act_name", "cause", "asker", "decider")
    actions = [*OfficeScopedAdmin.actions, "grant", "decline"]

    @admin.display(description=_("tindakan"), ordering="act")
    def act_name(self, row: Approval) -> str:
        return str(words.ACTS[Act(row.act)])

    @admin.display(description=_("berlaku sampai"), ordering="expires_at")
    def lapses_at(self, row: Approval) -> datetime:
        return row.expires_at

    @admin.display(description=_("diminta oleh"), ordering="asked_by__email")
    def asker(self, row: Approval) -> str:
        return row.asked_by.email

    @admin.display(description=_("petugas kedua"), ordering="second__email")
    def decider(self, row: Approval) -> str:
        return row.second.email if row.second else "–"

    @admin.display(description=_("alasan"), ordering="reason")
    def cause(self, row: Approval) -> str:
        return words.reason(row.reason)

    @admin.action(description=_("Setujui"), permissions=["view"])
    def grant(self, request: HttpRequest, queryset: QuerySet[Approval]) -> HttpResponse | None:
        """Asks for the second factor again where it is older than minutes; then goes on."""
        if (first := fresh_factor_asked(request)) is not None:
            return first
        self._decide(request, queryset, approvals.grant)
        return None

    @admin.action(description=_("Tolak"), permissions=["view"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Approval]) -> None:
        self._decide(request, queryset, approvals.decline)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Approval], decide: Any) -> None:
        now = timezone.now()
        self.act_on_each(
            request,
            queryset,
            lambda row: decide(
                approval=row,
                second=request.user,
                used_second_factor=second_factor_used(request),
                now=now,
                why=request.POST.get("why", ""),
            ),
        )
