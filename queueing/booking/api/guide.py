"""What a case needs and costs, over HTTP: what the guided questions settle, in one answer."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from offices.models import PassportType
from paspor.kernel.conditional import cacheable
from paspor.kernel.public_view import SharedView
from paspor.kernel.schema import UNCHANGED
from paspor.kernel.strict import StrictSerializer, WholeField
from queueing.booking import documents, fees, prices, rules
from queueing.booking.api import answers
from queueing.booking.api.serializers import OLD_PASSPORT, PARENTS, DocumentOutput
from queueing.booking.errands import Errand
from queueing.booking.models import Place

KEPT_SECONDS = 300
OLDEST = 150


class GuideQuery(StrictSerializer):
    kind = serializers.ChoiceField(Place.Kind.choices)
    age = WholeField(
        min_value=0,
        max_value=OLDEST,
        required=False,
        help_text="On the day of the visit; an adult's documents and prices if left out.",
    )
    passport_type = serializers.ChoiceField(PassportType.choices, required=False)
    old_passport = serializers.ChoiceField(
        Place.OldPassport.choices, required=False, default="", help_text=OLD_PASSPORT
    )
    parents = serializers.ChoiceField(
        Place.Parents.choices, required=False, default="", help_text=PARENTS
    )


class PriceOutput(serializers.Serializer):
    passport_type = serializers.ChoiceField(PassportType.choices)
    years = serializers.IntegerField(help_text="For how long the passport is valid.")
    rupiah = serializers.IntegerField()
    total = serializers.IntegerField(help_text="With the surcharge.")
    source = serializers.CharField(
        allow_blank=True, help_text="The regulation; empty where a later order has set the price."
    )


class FreeOutput(serializers.Serializer):
    passport_type = serializers.ChoiceField(PassportType.choices)
    text = serializers.CharField()
    source = serializers.CharField(help_text="The regulation.")


class GuideOutput(serializers.Serializer):
    kind = serializers.ChoiceField(Place.Kind.choices)
    is_child = serializers.BooleanField()
    day = serializers.DateField(help_text="The prices are of this day.")
    documents = DocumentOutput(many=True)
    examination = serializers.ListField(
        child=serializers.CharField(),
        help_text="What comes before, in sentences; empty where nothing does.",
    )
    surcharge = serializers.IntegerField()
    same_day = serializers.IntegerField(
        help_text="What is added for a passport on the same day, at offices that offer it; 0 where "
        "it is not to be had for this kind. It cannot be booked here yet."
    )
    prices = PriceOutput(many=True)
    free_for = FreeOutput(many=True, help_text="Who pays nothing, with proof.")


EXAMPLE = {
    "kind": "DAMAGED",
    "is_child": False,
    "day": "2026-11-24",
    "documents": [
        {"text": "KTP elektronik asli", "source": "Permenkumham 8/2014 pasal 4"},
        {"text": "Paspor lama", "source": "Permenkumham 8/2014 pasal 4 dan 5"},
    ],
    "examination": ["Pada kunjungan pertama petugas bertanya bagaimana kejadiannya …"],
    "surcharge": 500000,
    "same_day": 0,
    "prices": [
        {
            "passport_type": "ELECTRONIC",
            "years": 5,
            "rupiah": 650000,
            "total": 1150000,
            "source": "PP 45/2024",
        }
    ],
    "free_for": [],
}


class GuideView(SharedView):
    query = None  # the serializer knows
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="guide",
        tags=["config"],
        summary="What to bring, what comes before, and what it costs",
        description='For one person\'s case. Where more is told of it, no item says "what if".',
        parameters=[GuideQuery],
        responses={
            200: GuideOutput,
            304: UNCHANGED,
        },
        examples=[OpenApiExample("A damaged passport", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> HttpResponseBase:
        told = answer(self.query_of(GuideQuery), timezone.localdate())
        return cacheable(request, told, seconds=KEPT_SECONDS)


def answer(asked: dict[str, Any], today: date) -> dict[str, Any]:
    age = asked.get("age")
    is_child = age is not None and age < documents.ADULT_FROM_YEARS
    errand = Errand(asked["kind"], asked["old_passport"], asked["parents"])
    rules.check_errand(errand, is_child=is_child)
    extra = prices.surcharge(errand, day=today)
    items = documents.for_errand(errand, is_child=is_child)
    types = [asked["passport_type"]] if "passport_type" in asked else PassportType.values
    return {
        "kind": errand.kind,
        "is_child": is_child,
        "day": today.isoformat(),
        "documents": answers.papers(items),
        "examination": [_(sentence) for sentence in documents.examination(errand.kind)],
        "surcharge": extra,
        "same_day": prices.same_day(errand, day=today),
        "prices": [
            {
                "passport_type": fee.passport_type,
                "years": fee.years,
                "rupiah": fee.rupiah,
                "total": fee.rupiah + extra,
                "source": fee.law,
            }
            for value in types
            for fee in prices.fees_of(value, day=today, age=age, is_married=errand.is_married)
        ],
        "free_for": [
            {"passport_type": row.passport_type, "text": _(row.who), "source": _(row.source)}
            for value in types
            for row in fees.free(value, day=today)
        ],
    }
