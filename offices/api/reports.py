"""Trouble reports over HTTP: filed and followed without signing in."""

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from offices import selectors
from offices.models import Report
from offices.services import reports, screenshots
from offices.services.reports import ReportWish
from paspor.kernel import idempotency, once_api, once_door, ratelimit
from paspor.kernel.codes import grouped, normalized
from paspor.kernel.schema import REPLAYED, key
from paspor.kernel.strict import BoundedJSONParser, StrictSerializer, TextField, UploadField
from paspor.kernel.strict_view import StrictView


class ReportInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    text = TextField(max_length=4000, help_text="No NIK, password or code, please.")
    office = TextField(required=False, max_length=40, help_text="The code of an office.")
    name = TextField(required=False, max_length=120)
    email = serializers.EmailField(required=False, help_text="Each change is told there.")


class ReportUpload(ReportInput):
    """A report sent as a form, with a screenshot."""

    screenshot = UploadField(
        required=False, help_text="PNG, JPEG or WebP of at most 5 MB; written anew by us."
    )


class FollowInput(StrictSerializer):
    code = TextField(max_length=20)
    secret = TextField(max_length=20)


class ReplyInput(FollowInput):
    text = TextField(max_length=4000, help_text="No NIK, password or code, please.")


class FiledOutput(serializers.Serializer):
    code = serializers.CharField(help_text="The report's number.")
    secret = serializers.CharField(help_text="Shown this once; follows the report.")


class StepOutput(serializers.Serializer):
    state = serializers.ChoiceField(choices=Report.State.choices)
    at = serializers.DateTimeField()
    note = serializers.CharField(help_text="Words for the reporter; may be empty.")


class ReportOutput(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    state = serializers.ChoiceField(choices=Report.State.choices)
    office = serializers.CharField(source="office.code", allow_null=True, default=None)
    steps = StepOutput(many=True)


FILED = {"code": "K7QX-4M2P", "secret": "TT7H-29QD"}
STATE = {
    "code": "K7QX4M2P",
    "kind": "VERIFICATION",
    "state": "OFFICE",
    "office": "KANIM-DENPASAR",
    "steps": [{"state": "RECEIVED", "at": "2026-11-23T02:00:00Z", "note": ""}],
}


class ReportView(StrictView):
    permission_classes = [AllowAny]
    parser_classes = [BoundedJSONParser, MultiPartParser]
    rate_group = "messages"

    @extend_schema(
        operation_id="reports_create",
        tags=["reports"],
        summary="Report trouble",
        parameters=[key(required=False), REPLAYED],
        request={"application/json": ReportInput, "multipart/form-data": ReportUpload},
        responses={201: FiledOutput},
        examples=[OpenApiExample("A report's number", FILED, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        is_form = request.content_type.startswith("multipart/")
        said = self.body(ReportUpload if is_form else ReportInput)
        office = selectors.office_by_code(said["office"]) if said.get("office") else None
        account = request.user if request.user.is_authenticated else None
        token = request.headers.get(idempotency.HEADER) or once_door.new_token()
        screenshot = screenshots.taken(said.get("screenshot"))
        made = {"office": office, "token": token, "screenshot": screenshot}
        wish = ReportWish(**(said | made), account=account, language=get_language())

        def work() -> tuple[int, dict[str, str]]:
            return 201, {"code": reports.file(wish=wish, now=timezone.now()).report.code}

        response = once_api.once(request, work)
        code = response.data["code"]
        secret = reports.secret_of(code, token)
        response.data = {"code": grouped(code), "secret": grouped(secret)}
        return response


class ReportFollowView(StrictView):
    permission_classes = [AllowAny]
    rate_group = "public"

    @extend_schema(
        operation_id="reports_follow",
        tags=["reports"],
        summary="Where a report is, by its number and secret",
        request=FollowInput,
        responses={200: ReportOutput},
        examples=[OpenApiExample("A report", STATE, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        said = self.body(FollowInput)
        ratelimit.check(request, "lookup", person=normalized(said["code"]))
        return Response(ReportOutput(reports.followed(**said)).data)


class ReportReplyView(StrictView):
    permission_classes = [AllowAny]
    rate_group = "messages"

    @extend_schema(
        operation_id="reports_reply",
        tags=["reports"],
        summary="Answer what the reporter was asked",
        description="While the report's state is WAITING; then whoever asked goes on.",
        request=ReplyInput,
        responses={200: ReportOutput},
        examples=[OpenApiExample("A report", STATE, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        said = self.body(ReplyInput)
        ratelimit.check(request, "lookup", person=normalized(said["code"]))
        reports.reply(**said, now=timezone.now())
        return Response(ReportOutput(reports.followed(said["code"], said["secret"])).data)
