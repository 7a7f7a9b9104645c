"""The caller's turn, over HTTP (docs/admission.md)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from paspor.kernel.strict_view import StrictView
from queueing.admission import room, telling
from queueing.admission.api import schema
from queueing.admission.rules import State, Turn
from queueing.admission.services import turns

TURN = {
    "state": "waiting",
    "position": 1240,
    "ahead": 1239,
    "waiting": 5120,
    "wait_seconds": 250,
    "drawn_at": None,
    "ask_again": 24,
    "token": "WyI4S1EyTTdYUjRUIiwiIiwwXQ:1vOq2b:0m6v3aQm0mT4y8y1yq0s8o2m1b0",
}
DRAW = TURN | {
    "state": "early",
    "position": None,
    "ahead": None,
    "wait_seconds": None,
    "drawn_at": "2026-11-27T07:00:00+00:00",
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("In line", TURN, response_only=True),
        OpenApiExample("Before the draw of an opening", DRAW, response_only=True),
    ]
)
class TurnOutput(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=[state.value for state in State],
        help_text="`pass`: book now. `waiting`: in line. `early`: drawn at the opening. "
        "`none`: no turn, and none is needed unless a booking is refused with `in_line`.",
    )
    position = serializers.IntegerField(allow_null=True, help_text="1: the next.")
    ahead = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField(help_text="How many are in line in all.")
    wait_seconds = serializers.IntegerField(allow_null=True, help_text="An estimate.")
    drawn_at = serializers.DateTimeField(allow_null=True)
    ask_again = serializers.IntegerField(help_text="After so many seconds, not before.")
    token = serializers.CharField(help_text="To be sent again as X-Turn.")


def _turn_response(turn: Turn | None, request: Request) -> Response:
    now = timezone.now()
    told: dict[str, Any] = telling.turn_payload(turn, account=request.user.code, now=now)
    return Response(told)


class TurnView(StrictView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="turn",
        summary="My turn while there is a line",
        tags=["turn"],
        parameters=[schema.TURN],
        responses=TurnOutput,
    )
    def get(self, request: Request) -> Response:
        return _turn_response(turns.look(request.user.code, now=timezone.now()), request)

    @extend_schema(
        operation_id="take_turn",
        summary="Take a turn: in the draw of the next opening, or in line",
        description="One for each account, the same one however often it is asked for. Before "
        "an opening it takes part in its draw; without a line it is a pass at once.",
        tags=["turn"],
        request=None,
        responses=TurnOutput,
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        account = request.user.code
        coming = room.current().room.coming(now=now)
        if coming is None:
            return _turn_response(turns.take(account, now=now), request)
        return _turn_response(turns.take_early(account, wave=coming, now=now), request)

    @extend_schema(
        operation_id="leave_turn",
        summary="Give up my turn",
        tags=["turn"],
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        turns.leave(request.user.code, now=timezone.now())
        return Response(status=204)
