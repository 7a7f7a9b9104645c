"""What the claims API takes and gives. Shape only."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from offices.models import PassportType
from paspor.kernel.strict import StrictSerializer, TextField
from queueing.booking.models import Place
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.selectors import claims as selectors

FURTHER = "Asked of the civil registry, sealed until answered. All three, or none."


class ClaimInput(StrictSerializer):
    applicant = TextField(max_length=20, help_text="An applicant's code, from /applicants.")
    kind = serializers.ChoiceField(Place.Kind.choices)
    passport_type = serializers.ChoiceField(PassportType.choices)
    kk = TextField(max_length=30, required=False, allow_blank=True, default="", help_text=FURTHER)
    mother_name = TextField(
        max_length=120, required=False, allow_blank=True, default="", help_text=FURTHER
    )
    birth_place = TextField(
        max_length=120, required=False, allow_blank=True, default="", help_text=FURTHER
    )


class ClaimOutput(serializers.Serializer):
    code = serializers.CharField(help_text="The number to name at a counter.")
    applicant = serializers.CharField(source="applicant.code")
    state = serializers.ChoiceField(IdentityClaim.State.choices)
    state_label = serializers.CharField(source="get_state_display")
    booking = serializers.CharField(
        source="booking.code", default="", help_text="The visit that was won, or empty."
    )
    held_until = serializers.SerializerMethodField(
        help_text="Until when that visit is held and can be booked with `/confirm`."
    )
    created_at = serializers.DateTimeField()
    open_until = serializers.SerializerMethodField(
        help_text="When it ends by itself, unless a counter has seen the KTP by then."
    )
    settled_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_held_until(self, claim: IdentityClaim) -> Any:
        return _utc_text(selectors.held_until(claim, now=self.context["now"]))

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_open_until(self, claim: IdentityClaim) -> Any:
        return _utc_text(selectors.open_until(claim, now=self.context["now"]))


def _utc_text(at: datetime | None) -> Any:
    return serializers.DateTimeField().to_representation(at) if at else None


class ClaimPageOutput(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ClaimOutput(many=True)
