"""What availability is asked with, and the shape of its answers (for the description:
the views build these answers themselves, a hot reader has no time for field objects)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from offices.models import PassportType
from paspor.kernel.strict import DayField, NumberField, StrictSerializer, TextField, WholeField
from queueing.quota import rules
from queueing.quota.api import examples
from queueing.quota.models import Channel
from queueing.quota.rules import DayState, WhyNowhere
from queueing.quota.search import Sort

# The officers' reserve is not for citizens, so it is not asked for here.
PUBLIC_CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.COUNTER]


class WhoComes(StrictSerializer):
    people = WholeField(
        min_value=1,
        max_value=rules.MAX_PEOPLE,
        default=1,
        help_text="How many come together in one hour.",
    )
    channel = serializers.ChoiceField(choices=PUBLIC_CHANNELS, default=Channel.ONLINE)
    passport_type = serializers.ChoiceField(
        choices=PassportType.choices, default=PassportType.REGULAR
    )


class AvailabilityQuery(WhoComes):
    to = DayField(
        required=False, help_text="The last day, at most 62 days in all; a month if left out."
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        # "from" is a word of Python's own.
        first = DayField(
            required=False, help_text="The first day, in the office's zone; today if left out."
        )
        return {"from": first, **super().get_fields()}


class NearestQuery(WhoComes):
    lat = NumberField(min_value=-90, max_value=90, required=False, help_text="With `lon`.")
    lon = NumberField(min_value=-180, max_value=180, required=False, help_text="With `lat`.")
    before = DayField(required=False, help_text="The last day that will do, at most 98 days ahead.")
    radius_km = WholeField(
        min_value=1, max_value=5000, required=False, help_text="No farther than this."
    )
    sort = serializers.ChoiceField(
        choices=[(sort.value, sort.value) for sort in Sort],
        default=Sort.DISTANCE.value,
        help_text="`day`: the soonest first, of one day the nearest.",
    )
    limit = WholeField(min_value=1, max_value=20, default=5)

    def get_fields(self) -> dict[str, serializers.Field]:
        office = TextField(
            required=False,
            max_length=40,
            help_text="An office's code, instead of `lat` and `lon`: others near that one.",
        )
        return {"from": office, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        point = [name for name in ("lat", "lon") if name in attrs]
        if "from" in attrs and point:
            raise serializers.ValidationError(
                {"from": [_("Pilih salah satu: from, atau lat dan lon.")]}
            )
        if "from" not in attrs and len(point) < 2:
            missing = [name for name in ("lat", "lon") if name not in attrs]
            raise serializers.ValidationError(
                {name: [_("Isi lat dan lon, atau from.")] for name in missing}
            )
        return attrs


class AsOf(serializers.DateTimeField):
    def __init__(self) -> None:
        super().__init__(
            help_text="When the free seats were counted. Booking decides, not this answer."
        )


class HourOutput(serializers.Serializer):
    slot = serializers.CharField(help_text="The code that a booking asks for.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    free = serializers.IntegerField()


class NeighboursOutput(serializers.Serializer):
    hours = HourOutput(many=True, help_text="Two: the second begins as the first ends.")
    free = serializers.IntegerField(help_text="In both together.")


class ClosedOutput(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    why = serializers.CharField(help_text="What the office tells the public, as it was written.")


class DayOutput(serializers.Serializer):
    day = serializers.DateField()
    state = serializers.ChoiceField(
        choices=[state.value for state in DayState],
        help_text="For as many as ask. `two_hours`: no hour holds them all, but two neighbouring "
        "ones do (`neighbours`); `availability/nearest` counts such a day too.",
    )
    why_code = serializers.CharField(help_text="Stable; empty for an open day.")
    why = serializers.CharField(help_text="The same as a sentence in the reader's language.")
    opens_at = serializers.DateTimeField(
        allow_null=True, help_text="When the day's quota opens, while it is `not_open`."
    )
    hours = HourOutput(many=True)
    neighbours = NeighboursOutput(
        many=True,
        help_text="Of a day that is `two_hours`: the pairs of hours that hold all who ask. They "
        "are booked together, all or nothing: `slots` of a booking.",
    )
    place = serializers.CharField(
        help_text="Where the day is held, if not at the office's address; mostly empty."
    )
    note = serializers.CharField(help_text="What the office tells of a special day; mostly empty.")
    holiday = serializers.CharField(
        help_text="The holiday on which the office opens all the same; mostly empty."
    )
    closed = ClosedOutput(
        many=True,
        help_text="Hours that the office closed of a day that serves otherwise; mostly empty. Of a "
        "day that is closed whole `why` tells.",
    )


@extend_schema_serializer(examples=examples.answers("A day", examples.AVAILABILITY))
class AvailabilityOutput(serializers.Serializer):
    office = serializers.CharField()
    timezone = serializers.CharField()
    zone_name = serializers.CharField()
    needs_referral = serializers.BooleanField()
    as_of = AsOf()
    days = DayOutput(many=True)


class NearestOfficeOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    regency = serializers.CharField()
    province = serializers.CharField()
    timezone = serializers.CharField()
    zone_name = serializers.CharField()


class NearestHourOutput(serializers.Serializer):
    office = NearestOfficeOutput()
    distance_km = serializers.FloatField()
    day = serializers.DateField()
    slot = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    free = serializers.IntegerField()
    beside = HourOutput(
        allow_null=True,
        help_text="Where no hour of that day holds all: the hour that follows `slot`, and both "
        "do. Give a booking both, as `slots`.",
    )


@extend_schema_serializer(examples=examples.answers("One office", examples.NEAREST))
class NearestOutput(serializers.Serializer):
    as_of = AsOf()
    results = NearestHourOutput(many=True)
    why_code = serializers.ChoiceField(
        choices=["", *(why.value for why in WhyNowhere)],
        help_text="Why there are no results; stable, and empty where there are some.",
    )
    why = serializers.CharField(help_text="The same as a sentence in the reader's language.")
    opens_at = serializers.DateTimeField(
        allow_null=True, help_text="The next opening within reach, where there are no results."
    )
    elsewhere = NearestHourOutput(
        allow_null=True, help_text="Without results: the nearest office that has room in time."
    )
    later = NearestHourOutput(
        allow_null=True, help_text="Without results: the first room within reach, after `before`."
    )
