"""What the list of offices is asked with, and how an office is shown."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from offices import selectors, words
from offices.api import examples
from offices.models import Announcement, Incident, IncidentUpdate, Office, PassportType
from offices.models.incidents import Part
from offices.selectors import Wanted
from paspor.kernel.strict import StrictSerializer, TextField


class Point(TextField):
    """ "latitude,longitude" in degrees, as a pair of numbers."""

    default_error_messages = {"point": _("Isi dengan lintang,bujur; misalnya -6.2,106.8.")}

    def to_internal_value(self, data: Any) -> tuple[float, float]:
        try:
            latitude, longitude = (
                float(part) for part in super().to_internal_value(data).split(",")
            )
        except ValueError:
            self.fail("point")
        on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
        if not (isfinite(latitude) and isfinite(longitude) and on_earth):
            self.fail("point")
        return latitude, longitude


class OfficeQuery(StrictSerializer):
    province = TextField(required=False, max_length=60, help_text="Its full name.")
    kind = serializers.ChoiceField(choices=Office.Kind.choices, required=False)
    q = TextField(
        required=False, max_length=100, help_text="Words of the name, regency, province or code."
    )
    passport_type = serializers.ChoiceField(choices=PassportType.choices, required=False)
    near = Point(
        required=False, max_length=60, help_text="`latitude,longitude`: sorts by distance."
    )

    def validate_province(self, value: str) -> str:
        if value.casefold() not in {name.casefold() for name in selectors.provinces()}:
            raise serializers.ValidationError(_("Provinsi ini tidak dikenal."))
        return value


def wanted(asked: Mapping[str, str]) -> Wanted:
    """Of ``OfficeQuery``."""
    return Wanted(
        text=asked.get("q", ""),
        province=asked.get("province", ""),
        kind=asked.get("kind", ""),
        passport_type=asked.get("passport_type", ""),
    )


class OfficeFactsOutput(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=Office.Kind.choices)
    name = serializers.CharField()
    grade = serializers.CharField(help_text="The class of a kanim; else empty.")
    parent = serializers.CharField(
        source="parent.code", allow_null=True, default=None, help_text="The kanim's code."
    )
    regency = serializers.CharField()
    province = serializers.CharField()
    timezone = serializers.CharField()
    zone_name = serializers.CharField(help_text="WIB, WITA or WIT.")
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    address = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    passport_types = serializers.ListField(
        child=serializers.ChoiceField(choices=PassportType.choices)
    )
    needs_referral = serializers.BooleanField(
        help_text="Serves only people with a referral code of the manpower office."
    )
    distance_km = serializers.FloatField(
        required=False, help_text="In a straight line; only where `near` was asked for."
    )


class HoursOutput(serializers.Serializer):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    opens = serializers.TimeField()
    closes = serializers.TimeField()
    break_starts = serializers.TimeField(allow_null=True)
    break_ends = serializers.TimeField(allow_null=True)


class InOwnLanguage(serializers.Serializer):
    text = serializers.SerializerMethodField(help_text="In the language that was asked for.")

    def get_text(self, row: Announcement | Incident | IncidentUpdate) -> str:
        return words.in_language(row.text_id, row.text_en)


class AnnouncementOutput(InOwnLanguage):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=Announcement.Kind.choices)
    first_day = serializers.DateField()
    last_day = serializers.DateField(help_text="Told until it is over at the office.")


@extend_schema_serializer(examples=examples.answers("An office", examples.OFFICE_DETAIL))
class OfficeDetailOutput(OfficeFactsOutput):
    opening_hours = HoursOutput(
        many=True, source="opening_hours_now", help_text="The usual week, in its own zone."
    )
    announcements = AnnouncementOutput(
        many=True, source="announcements_now", help_text="What the office tells beforehand."
    )


@extend_schema_serializer(examples=examples.answers("Near a point", examples.PAGE))
class OfficePageOutput(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OfficeFactsOutput(many=True)


class IncidentUpdateOutput(InOwnLanguage):
    at = serializers.DateTimeField()


class IncidentOutput(InOwnLanguage):
    code = serializers.CharField()
    part = serializers.ChoiceField(choices=Part.choices)
    office = serializers.CharField(
        source="office.code", allow_null=True, default=None, help_text="None: in the whole nation."
    )
    started_at = serializers.DateTimeField()
    expected_end = serializers.DateTimeField(allow_null=True)
    opens_walk_in = serializers.BooleanField(help_text="People may come without a booking.")
    excuses_visits = serializers.BooleanField(
        help_text="Nobody is marked absent there, and moving a visit is free."
    )
    updates = IncidentUpdateOutput(many=True)


@extend_schema_serializer(
    examples=examples.answers("What is broken", {"results": [examples.INCIDENT]})
)
class IncidentsOutput(serializers.Serializer):
    results = IncidentOutput(many=True)
