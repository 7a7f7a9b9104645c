"""Offices over HTTP: for everyone, unsigned, cacheable for minutes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from offices import selectors
from offices.api import serializers
from offices.models import Office
from offices.selectors import Directory, Wanted
from paspor.kernel.conditional import Freshness, cacheable
from paspor.kernel.pagination import PageNumber
from paspor.kernel.public_view import PublicView, SharedView
from paspor.kernel.schema import CONDITIONAL, PAGE, UNCHANGED
from paspor.kernel.strict_view import PAGING

MAX_AGE_SECONDS = 300
FRESH = Freshness(seconds=MAX_AGE_SECONDS, shared=60, stale=600)
INCIDENT_SECONDS = 15
AS_THEY_ARE = (
    *("code", "kind", "name", "grade", "regency", "province", "timezone", "zone_name"),
    *("address", "phone", "email", "passport_types", "needs_referral"),
)


class OfficeListView(PublicView):
    permission_classes = [AllowAny]
    fresh = FRESH

    @staticmethod
    def source(asked: Mapping[str, str]) -> Directory:
        return selectors.directory()

    @extend_schema(
        operation_id="offices_list",
        tags=["offices"],
        summary="The offices, by name or by distance",
        parameters=[serializers.OfficeQuery, *PAGE, *CONDITIONAL],
        responses={200: serializers.OfficePageOutput, 304: UNCHANGED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = self.query_of(serializers.OfficeQuery, but=PAGING)
        found = matching(serializers.wanted(asked), asked.get("near"))
        pages = PageNumber()
        page = pages.paginate_queryset(found, request, view=self)
        results = [office_payload(office, kilometres) for office, kilometres in page]
        return self.say(request, pages.get_paginated_response(results).data)


def matching(
    wanted: Wanted, near: tuple[float, float] | None
) -> Sequence[tuple[Office, float | None]]:
    """The offices by name or, near a point, by their distance in km."""
    if near is None:
        return [(office, None) for office in selectors.listed(wanted)]
    return selectors.nearest(*near, wanted)


def office_payload(office: Office, kilometres: float | None = None) -> dict[str, Any]:
    """What OfficeFactsOutput describes, without building its field objects."""
    said = {name: getattr(office, name) for name in AS_THEY_ARE}
    said |= {
        "parent": office.parent.code if office.parent else None,
        "latitude": float(office.latitude),
        "longitude": float(office.longitude),
    }
    return said if kilometres is None else said | {"distance_km": round(kilometres, 1)}


class OfficeDetailView(SharedView):
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="offices_retrieve",
        tags=["offices"],
        summary="One office with its usual hours",
        parameters=CONDITIONAL,
        responses={200: serializers.OfficeDetailOutput, 304: UNCHANGED},
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        office = selectors.office_by_code(code)
        now = timezone.now()
        office.opening_hours_now = selectors.usual_week(office, office.today(now))
        office.announcements_now = selectors.announcements_of(office, now=now)
        facts = serializers.OfficeDetailOutput(office).data
        return cacheable(request, facts, seconds=MAX_AGE_SECONDS)


class IncidentListView(SharedView):
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="incidents_list",
        tags=["offices"],
        summary="What is broken now, in the nation and at offices",
        parameters=CONDITIONAL,
        responses={200: serializers.IncidentsOutput, 304: UNCHANGED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        found = serializers.IncidentOutput(selectors.live_incidents(), many=True).data
        return cacheable(request, {"results": found}, seconds=INCIDENT_SECONDS)
