"""Public figures and the log's heads over HTTP: for everyone, unsigned, cacheable."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from offices import selectors as offices
from paspor.kernel import heads
from paspor.kernel.conditional import cacheable
from paspor.kernel.heads import Day
from paspor.kernel.pagination import PageNumber
from paspor.kernel.public_view import SharedView
from paspor.kernel.schema import CONDITIONAL, UNCHANGED, page_parameters
from paspor.kernel.strict_view import PAGING
from queueing.integrity import words
from queueing.integrity.api import serializers
from queueing.integrity.rules import figures as rules
from queueing.integrity.selectors import figures

HEADS_SECONDS = 300


class DaysOfHeads(PageNumber):
    """Each holds a line for every office."""

    page_size = 7
    max_page_size = 31


class OfficeFiguresView(SharedView):
    query = None  # the serializer knows
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="office_figures",
        tags=["offices"],
        summary="What became of an office's quota, by day",
        parameters=[serializers.FiguresQuery, *CONDITIONAL],
        responses={200: serializers.FiguresOutput, 304: UNCHANGED},
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        now = timezone.now()
        asked = self.query_of(serializers.FiguresQuery)
        office = offices.office_by_code(code)
        span = rules.span_asked(asked.get("from"), asked.get("to"), office.today(now))
        days = figures.of_office(office, span, now)
        answer = {
            "office": office.code,
            "timezone": office.timezone,
            "zone_name": office.zone_name,
            "as_of": now.astimezone(office.zone).isoformat(),
            "definitions": {name: str(word.definition) for name, word in words.FIGURES.items()},
            "days": [
                {"day": day.day.isoformat(), "is_over": day.is_over, **asdict(day.figures)}
                for day in days
            ],
        }
        return cacheable(request, answer, seconds=figures.KEPT_SECONDS)


class LedgerHeadsView(SharedView):
    query = None  # the serializer knows
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="ledger_heads",
        tags=["ledger"],
        summary="The log's heads by day, to keep and to verify with",
        parameters=[
            serializers.HeadsQuery,
            *page_parameters(DaysOfHeads.max_page_size),
            *CONDITIONAL,
        ],
        responses={200: serializers.HeadsPageOutput, 304: UNCHANGED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = self.query_of(serializers.HeadsQuery, but=PAGING)
        days = heads.days()
        if "day" in asked:
            days = days.filter(day=asked["day"])
        pages = DaysOfHeads()
        page: list[date] = pages.paginate_queryset(days, request, view=self)
        answer = pages.get_paginated_response(
            [day_payload(day) for day in heads.heads_of_days(page)]
        ).data
        return cacheable(request, answer, seconds=HEADS_SECONDS)


def day_payload(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "taken_at": timezone.localtime(day.taken_at).isoformat(),
        "digest": day.digest,
        "heads": [asdict(head) for head in day.heads],
    }
