"""What the API of watches takes and gives. Shape only."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from offices.models import PassportType
from paspor.kernel.strict import DayField, StrictSerializer, TextField, WholeField
from queueing.quota.api.serializers import NearestOfficeOutput
from queueing.quota.rules import MAX_PEOPLE
from queueing.watching import rules

WISH = {
    "office": "KANIM-DENPASAR",
    "radius_km": 100,
    "people": 4,
    "passport_type": "ELECTRONIC",
    "until": "2026-12-20",
}
WATCH = WISH | {
    "code": "8KQ2M7XR4T",
    "office": {
        "code": "KANIM-DENPASAR",
        "name": "Kantor Imigrasi Kelas I TPI Denpasar",
        "kind": "KANIM",
        "regency": "Kota Denpasar",
        "province": "Bali",
        "timezone": "Asia/Makassar",
        "zone_name": "WITA",
    },
    "state": "waiting",
    "created_at": "2026-11-26T10:15:02+07:00",
    "told_at": None,
    "told_office": None,
    "told_day": None,
}
TOLD = WATCH | {
    "state": "told",
    "told_at": "2026-11-27T08:20:11+07:00",
    "told_office": WATCH["office"],
    "told_day": "2026-12-02",
}


@extend_schema_serializer(examples=[OpenApiExample("Around an office", WISH, request_only=True)])
class WatchInput(StrictSerializer):
    office = TextField(
        max_length=40, help_text="An office's code: it alone, or the middle of a circle."
    )
    radius_km = serializers.ChoiceField(
        choices=[(km, str(km)) for km in rules.RADII],
        default=0,
        help_text="Offices around it too; 0 is the office alone.",
    )
    people = WholeField(min_value=1, max_value=MAX_PEOPLE, default=1)
    passport_type = serializers.ChoiceField(
        choices=PassportType.choices, default=PassportType.REGULAR
    )
    until = DayField(help_text="The last day that will do; the watch ends with it.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("One that waits", WATCH, response_only=True),
        OpenApiExample("One that was told", TOLD, response_only=True),
    ]
)
class WatchOutput(serializers.Serializer):
    code = serializers.CharField()
    office = NearestOfficeOutput()
    radius_km = serializers.IntegerField()
    people = serializers.IntegerField()
    passport_type = serializers.ChoiceField(choices=PassportType.choices)
    until = serializers.DateField()
    state = serializers.SerializerMethodField(
        help_text="`waiting`; `told`: the one letter was written; `over`: the last day is past."
    )
    created_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True)
    told_office = NearestOfficeOutput(
        allow_null=True, help_text="The office that had room: within a radius perhaps another."
    )
    told_day = serializers.DateField(
        allow_null=True, help_text="The first day there with room for all, when it was told."
    )

    @extend_schema_field(serializers.ChoiceField(choices=["waiting", "told", "over"]))
    def get_state(self, watch: Any) -> str:
        return self.context["state_of"](watch)


@extend_schema_serializer(
    examples=[OpenApiExample("One that waits", {"results": [WATCH]}, response_only=True)]
)
class WatchListOutput(serializers.Serializer):
    results = WatchOutput(many=True)
