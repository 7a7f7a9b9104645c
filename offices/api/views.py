"""Offices over HTTP: for everyone, unsigned, cacheable for minutes."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from offices import selectors
from offices.api import serializers
from offices.models import Office
from offices.selectors import Wanted
from paspor.kernel.conditional import cacheable
from paspor.kernel.pagination import PageNumber
from paspor.kernel.strict_view import PAGING, StrictView

MAX_AGE_SECONDS = 300
INCIDENT_SECONDS = 15
PAGE = [
    OpenApiParameter("page", {"type": "integer", "minimum": 1}, description="From 1 on."),
    OpenApiParameter(
        "page_size", {"type": "integer", "minimum": 1, "maximum": PageNumber.max_page_size}
    ),
]
CONDITIONAL = [
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description="An ETag: 304 if nothing changed.",
    ),
    OpenApiParameter(
        "ETag", str, OpenApiParameter.HEADER, response=[200], description="For `If-None-Match`."
    ),
]
UNCHANGED = OpenApiResponse(description="Nothing has changed since that ETag.")


class Offices(StrictView):
    query = None  # the serializer knows
    authentication_classes = []
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="offices_list",
        tags=["offices"],
        summary="The offices, by name or by distance",
        parameters=[serializers.OfficeQuery, *PAGE, *CONDITIONAL],
        responses={200: serializers.OfficePageOutput, 304: UNCHANGED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = request.query_params.dict()
        query = serializers.OfficeQuery(
            data={name: value for name, value in asked.items() if name not in PAGING}
        )
        query.is_valid(raise_exception=True)
        found = matching(query.wanted(), query.validated_data.get("near"))
        pages = PageNumber()
        page = pages.paginate_queryset(found, request, view=self)
        results = serializers.OfficeFactsOutput(page, many=True).data
        found = pages.get_paginated_response(results).data
        return cacheable(request, found, seconds=MAX_AGE_SECONDS)


def matching(
    wanted: Wanted, near: tuple[float, float] | None
) -> QuerySet[Office] | Sequence[Office]:
    """The offices by name or, near a point, by distance, which each then carries along."""
    if near is None:
        return selectors.public_offices(wanted)
    offices = []
    for office, kilometres in selectors.nearest(*near, wanted):
        office.distance_km = round(kilometres, 1)
        offices.append(office)
    return offices


class OneOffice(StrictView):
    authentication_classes = []
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


class Incidents(StrictView):
    authentication_classes = []
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
