"""What was done to the caller's account, and objecting to it, over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel.strict import StrictSerializer, TextField
from paspor.kernel.strict_view import StrictView
from queueing.integrity import case_words
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.rules.cases import MOST_TEXT
from queueing.integrity.selectors import appeals as selectors
from queueing.integrity.selectors.appeals import Matter
from queueing.integrity.services import appeals
from queueing.integrity.services.appeals import Objection

ABOUT = ("restriction", "booking")
APPEAL = {
    "code": "QFXHBBV2",
    "state": "RECEIVED",
    "filed_at": "2026-11-26T07:23:00+07:00",
    "due_at": "2026-12-04T00:00:00+07:00",
    "text": "Itu keluarga saya sendiri.",
    "answer": "",
}
MATTER = {
    "about": "restriction",
    "code": "K7QX4M2PRT",
    "kind": "SUSPENDED",
    "reason": "hoarding",
    "reason_text": "Pola pemesanan akun ini menahan banyak tempat sekaligus.",
    "since": "2026-11-26T07:20:00+07:00",
    "until": None,
    "is_over": False,
    "may_appeal": False,
    "appeals": [APPEAL],
}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Against a suspension",
            {"about": "restriction", "code": "K7QX4M2PRT", "text": "Itu keluarga saya sendiri."},
            request_only=True,
        )
    ]
)
class AppealInput(StrictSerializer):
    about = serializers.ChoiceField(choices=ABOUT, help_text="As the matter says it.")
    code = TextField(max_length=20, help_text="Of the matter.")
    text = TextField(max_length=MOST_TEXT)


@extend_schema_serializer(
    examples=[OpenApiExample("An appeal that waits", APPEAL, response_only=True)]
)
class AppealOutput(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=Appeal.State.choices)
    filed_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="The first moment that is too late.")
    text = serializers.CharField(help_text="The caller's own words, until they are forgotten.")
    answer = serializers.CharField(help_text="Empty until it is answered.")


class MatterOutput(serializers.Serializer):
    about = serializers.ChoiceField(choices=ABOUT)
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=("LIMITED", "SUSPENDED", "VOIDED"))
    reason = serializers.CharField(help_text="A code; new ones may come.")
    reason_text = serializers.CharField(help_text="The reason in the caller's language.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    is_over = serializers.BooleanField()
    may_appeal = serializers.BooleanField()
    appeals = AppealOutput(many=True)


@extend_schema_serializer(
    examples=[OpenApiExample("A suspended account", {"results": [MATTER]}, response_only=True)]
)
class MatterListOutput(serializers.Serializer):
    results = MatterOutput(many=True)


class AppealListView(StrictView):
    permission_classes = [IsAuthenticated]
    rate_groups = {"POST": "messages"}

    @extend_schema(
        tags=["appeals"],
        summary="What was done to my account, and my appeals",
        description="Restrictions of the account and bookings whose places were voided, the "
        "newest first, each with its appeals. Also for a suspended account.",
        operation_id="appeals_list",
        responses=MatterListOutput,
    )
    def get(self, request: Request) -> Response:
        now = timezone.now()
        found = [_matter_payload(matter) for matter in selectors.matters_of(request.user, now=now)]
        return Response(MatterListOutput({"results": found}).data)

    @extend_schema(
        tags=["appeals"],
        summary="Object to what was done",
        description="One appeal at a time about one matter: `appeal_stands` otherwise, also "
        "when the same request comes twice. Another officer answers by `due_at`.",
        request=AppealInput,
        responses={201: AppealOutput},
    )
    def post(self, request: Request) -> Response:
        objection = Objection(**self.body(AppealInput))
        made = appeals.file(account=request.user, objection=objection, now=timezone.now())
        return Response(AppealOutput(made).data, status=status.HTTP_201_CREATED)


def _matter_payload(matter: Matter) -> dict[str, Any]:
    row = matter.restriction
    return {
        "about": matter.about,
        "code": matter.code,
        "kind": row.kind if row else "VOIDED",
        "reason": matter.reason,
        "reason_text": case_words.reason_words(matter.reason),
        "since": matter.at,
        "until": row.until if row else None,
        "is_over": bool(row) and not row.is_live(timezone.now()),
        "may_appeal": matter.may_appeal,
        "appeals": matter.appeals,
    }
