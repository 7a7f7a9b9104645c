"""What the lists of the officers' admin can be narrowed by, and the columns they count."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.timeline import WORDS, happened
from queueing.quota.models import WITHDRAWN, Seat, Slot

# From today, as the reader's country counts it: which dates, both ends included.
SPANS: dict[str, tuple[str | Promise, Callable[[date], tuple[date | None, date | None]]]] = {
    "hari-ini": (_("Hari ini"), lambda today: (today, today)),
    "besok": (_("Besok"), lambda today: (today + timedelta(days=1),) * 2),
    "pekan": (_("Tujuh hari ke depan"), lambda today: (today, today + timedelta(days=7))),
    "nanti": (_("Mulai hari ini"), lambda today: (today, None)),
    "lewat": (_("Sudah lewat"), lambda today: (None, today - timedelta(days=1))),
    "semua": (_("Semua"), lambda today: (None, None)),
}
COMING, OVER, WHOLE = "nanti", "lewat", "semua"


class Day(SimpleListFilter):
    title = _("hari")
    parameter_name = "hari"
    lookup = "slot__day"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, str | Promise]]:
        return [(name, label) for name, (label, _span) in SPANS.items()]

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        # What is looked for by its code may be long over.
        self.usual = WHOLE if request.GET.get(SEARCH_VAR) else COMING

    def value(self) -> str:
        asked = super().value()
        return asked if asked in SPANS else self.usual

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Without Django's own "all", which is one of the spans here."""
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        first, last = SPANS[self.value()][1](timezone.localdate())
        if first is not None:
            queryset = queryset.filter(**{f"{self.lookup}__gte": first})
        return queryset if last is None else queryset.filter(**{f"{self.lookup}__lte": last})


class SlotDay(Day):
    lookup = "day"


class State(SimpleListFilter):
    """Bookings with somebody in this state: the people of one booking may differ."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return list(Place.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in Place.State.values:
            return queryset
        return queryset.filter(
            Exists(Place.objects.filter(booking=OuterRef("pk"), state=self.value()))
        )


class What(SimpleListFilter):
    """Events of one kind. The kinds are known; the log is not searched for them."""

    title = _("peristiwa")
    parameter_name = "peristiwa"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [(what, happened(what)) for what, reason in WORDS if not reason]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(what=self.value()) if self.value() else queryset


def with_counts(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """With ``seats_taken`` and ``seats_free``, counted for the rows that are shown only."""
    return slots.annotate(
        seats_taken=_count(Q(taken=True)),
        seats_free=_count(Q(taken=False, visible_at__lt=WITHDRAWN)),
    )


def _count(which: Q) -> Subquery:
    seats = Seat.objects.filter(which, slot=OuterRef("pk")).order_by().values("slot")
    return Subquery(seats.annotate(count=Count("pk")).values("count"))


def with_booking_code(events: QuerySet[BookingEvent]) -> QuerySet[BookingEvent]:
    code = Booking.objects.filter(pk=OuterRef("booking_id")).values("code")
    return events.annotate(code_of_booking=Subquery(code))
