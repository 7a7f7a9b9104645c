"""Wishes to be told when there is room, over HTTP."""

from functools import partial

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Consented
from paspor.kernel.codes import normalized
from paspor.kernel.schema import DONE
from paspor.kernel.strict_view import StrictView
from queueing.watching import selectors
from queueing.watching.api.serializers import WatchInput, WatchListOutput, WatchOutput
from queueing.watching.models import Watch
from queueing.watching.services import asking
from queueing.watching.services.asking import Wish


def watch_payloads(watches: list[Watch]) -> list[dict[str, object]]:
    state_of = partial(selectors.state, now=timezone.now())
    return WatchOutput(watches, many=True, context={"state_of": state_of}).data


class WatchListView(StrictView):
    permission_classes = [IsAuthenticated, Consented]
    rate_groups = {"POST": "watches"}

    @extend_schema(
        tags=["watches"],
        summary="What I wait to be told of",
        description="The newest first; also those that were told, and those that ended without "
        "a word, until two weeks after their last day.",
        operation_id="watches_list",
        responses=WatchListOutput,
    )
    def get(self, request: Request) -> Response:
        return Response({"results": watch_payloads(list(selectors.watches_of(request.user)))})

    @extend_schema(
        tags=["watches"],
        summary="Tell me once when there is room",
        description="One letter, when everybody can see the room too; it holds no seat. Those "
        "who wait for the same are told in drawn order, some at a time, and never at night by "
        "the office's clock. Where there is room already, `room_already`. The same again is "
        "the watch that waits, with its new `until`.",
        request=WatchInput,
        responses={201: WatchOutput},
    )
    def post(self, request: Request) -> Response:
        wish = Wish(**self.body(WatchInput))
        made = asking.ask(account=request.user, wish=wish, now=timezone.now())
        return Response(watch_payloads([made])[0], status=status.HTTP_201_CREATED)


class WatchDetailView(StrictView):
    permission_classes = [IsAuthenticated]
    rate_groups = {"DELETE": "give_back"}

    @extend_schema(
        tags=["watches"],
        summary="Stop waiting",
        description="It is forgotten.",
        operation_id="watches_delete",
        responses=DONE,
    )
    def delete(self, request: Request, code: str) -> Response:
        asking.stop(account=request.user, code=normalized(code))
        return Response(status=status.HTTP_204_NO_CONTENT)
