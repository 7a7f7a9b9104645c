"""Claims on a NIK over HTTP: parse, one service or selector, one answer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Consented
from paspor.kernel.once_api import once
from paspor.kernel.pagination import PageNumber
from paspor.kernel.schema import PAGE, REPLAYED, key
from paspor.kernel.strict_view import PAGING, StrictView
from queueing.booking.api import schema
from queueing.integrity.api import claim_serializers as serializers
from queueing.integrity.selectors import claims as selectors
from queueing.integrity.services import claims

CLAIMS = ["identity claims"]
CLAIM = {
    "code": "H7RKQ2M4",
    "applicant": "4T7KQ2M8XR9B",
    "state": "ASKED",
    "state_label": "sedang diperiksa",
    "booking": "",
    "held_until": None,
    "created_at": "2026-11-24T10:15:02+07:00",
    "open_until": "2026-12-08T10:15:02+07:00",
    "settled_at": None,
}
PAGE_EXAMPLE = {"count": 1, "next": None, "previous": None, "results": [CLAIM]}
ASKS = {
    "applicant": "4T7KQ2M8XR9B",
    "kind": "NEW",
    "passport_type": "ELECTRONIC",
    "kk": "3171990101200011",
    "mother_name": "Ibu Pertiwi",
    "birth_place": "Jakarta",
}


class IdentityClaimListView(StrictView):
    query = PAGING
    permission_classes = [IsAuthenticated, Consented]
    rate_groups = {"POST": "claim"}

    @extend_schema(
        operation_id="identity_claims_list",
        tags=CLAIMS,
        summary="My claims on a NIK",
        parameters=PAGE,
        examples=[OpenApiExample("My claims", PAGE_EXAMPLE, response_only=True)],
        responses=serializers.ClaimPageOutput,
    )
    def get(self, request: Request) -> Response:
        pages = PageNumber()
        page = pages.paginate_queryset(selectors.claims_of(request.user), request, view=self)
        return pages.get_paginated_response(_claims_payload(page, many=True))

    @extend_schema(
        operation_id="identity_claims_create",
        tags=CLAIMS,
        summary="This NIK is mine",
        description=(
            "For one of one's own people whom `already_booked` names in `claimable`: another "
            "account has booked them. Nothing of the other visit is told. With all three further "
            "fields the civil registry is asked; without them, or where it does not settle the "
            "matter, the KTP is shown at any counter with the claim's code."
        ),
        parameters=[key(required=True), REPLAYED],
        request=serializers.ClaimInput,
        examples=[
            OpenApiExample("With further fields", ASKS, request_only=True),
            OpenApiExample("A claim", CLAIM, response_only=True, status_codes=["201"]),
        ],
        responses={201: OpenApiResponse(serializers.ClaimOutput)},
    )
    def post(self, request: Request) -> Response:
        given = self.body(serializers.ClaimInput)
        return once(
            request,
            lambda: self._open(request, given),
            required=True,
            found_at="api-identity-claim",
        )

    def _open(self, request: Request, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        wish = claims.ClaimWish(
            applicant_code=given["applicant"],
            kind=given["kind"],
            passport_type=given["passport_type"],
            further={name: given[name] for name in ("kk", "mother_name", "birth_place")},
        )
        made = claims.open_claim(account=request.user, wish=wish, now=timezone.now())
        return 201, _claims_payload(made)


class IdentityClaimDetailView(StrictView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="identity_claims_retrieve",
        tags=CLAIMS,
        summary="One claim on a NIK",
        parameters=[schema.CODE],
        examples=[OpenApiExample("A claim", CLAIM, response_only=True)],
        responses=serializers.ClaimOutput,
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(_claims_payload(selectors.claim_of(request.user, code)))


def _claims_payload(found: Any, *, many: bool = False) -> Any:
    """One claim or a page of them, as of this moment."""
    context = {"now": timezone.now()}
    return serializers.ClaimOutput(found, many=many, context=context).data
