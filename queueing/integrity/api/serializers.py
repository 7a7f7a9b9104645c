"""What the public figures are asked with, and the shape of their answers (for the
description: the views build these answers themselves)."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from paspor.kernel.strict import DayField, StrictSerializer
from queueing.integrity.api import examples
from queueing.integrity.rules.figures import AFTER, BEFORE, MOST_DAYS


class FiguresQuery(StrictSerializer):
    to = DayField(
        required=False,
        help_text=f"The last day, at most {MOST_DAYS} days in all; {AFTER} days from now if both"
        " are left out.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        # "from" is a word of Python's own.
        first = DayField(
            required=False,
            help_text=f"The first day, in the office's zone; {BEFORE} days ago if both are left"
            " out.",
        )
        return {"from": first, **super().get_fields()}


class DayFiguresOutput(serializers.Serializer):
    day = serializers.DateField(help_text="A service day, a date in the office's zone.")
    is_over = serializers.BooleanField(help_text="If not, the numbers still change.")
    released = serializers.IntegerField(help_text="Seats opened and not withdrawn.")
    free = serializers.IntegerField(help_text="Of these, held by nobody.")
    booked = serializers.IntegerField(
        help_text="Places confirmed for this day, whatever became of them."
    )
    attended = serializers.IntegerField(help_text="Of `booked`: received or served.")
    turned_away = serializers.IntegerField(help_text="Of `booked`: came, could not be served.")
    no_show = serializers.IntegerField(help_text="Of `booked`: did not come.")
    returned = serializers.IntegerField(
        help_text="Of `booked`: cancelled or moved by their owner, or voided."
    )
    voided = serializers.IntegerField(help_text="Of `returned`: ended as dishonest.")
    closed = serializers.IntegerField(help_text="Of `booked`: ended by a closing of the office.")
    officer_made = serializers.IntegerField(help_text="Of `booked`: made by an officer.")
    walk_in = serializers.IntegerField(
        help_text="Of `officer_made`: the applicant came to the office."
    )
    priority = serializers.IntegerField(help_text="Of `booked`: in the channel PRIORITY.")
    walk_in_offline = serializers.IntegerField(
        help_text="Beside `booked`: received without a booking while the portal was away."
    )


@extend_schema_serializer(examples=examples.answers("A day", examples.FIGURES))
class FiguresOutput(serializers.Serializer):
    office = serializers.CharField()
    timezone = serializers.CharField()
    zone_name = serializers.CharField()
    as_of = serializers.DateTimeField()
    definitions = serializers.DictField(
        child=serializers.CharField(),
        help_text="What each number counts, in the reader's language.",
    )
    days = DayFiguresOutput(many=True, help_text="In order; a day without quota is left out.")


class HeadOutput(serializers.Serializer):
    stream = serializers.CharField(help_text="An office's code, or NATIONAL.")
    seq = serializers.IntegerField(help_text="How many events the chain has.")
    digest = serializers.CharField(help_text="SHA-256 of the last link, in hexadecimal digits.")


class HeadsOfDayOutput(serializers.Serializer):
    day = serializers.DateField(help_text="In Jakarta.")
    taken_at = serializers.DateTimeField()
    digest = serializers.CharField(
        help_text="SHA-256 of the lines `day` and `stream:seq:digest`, sorted, each ended by \\n."
    )
    heads = HeadOutput(many=True)


@extend_schema_serializer(examples=examples.answers("A day's heads", examples.HEADS))
class HeadsPageOutput(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HeadsOfDayOutput(many=True)


class HeadsQuery(StrictSerializer):
    day = DayField(required=False, help_text="Only this day's.")
