"""What the claims API takes and gives. Shape only."""

from rest_framework import serializers

from offices.models import PassportType
from paspor.kernel.strict import StrictSerializer, TextField
from queueing.booking.models import Place
from queueing.integrity.models.claims import IdentityClaim

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
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class ClaimPageOutput(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ClaimOutput(many=True)
