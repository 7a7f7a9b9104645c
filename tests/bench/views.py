"""What the portal's own views are measured against: the same server, and next to no work."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from queueing.booking.api.serializers import BookingInput
from queueing.booking.models import new_booking_code

# As holding.claim asks it, with the figures that hold by default.
BOOK = """
SELECT outcome FROM queueing_book(
    %s, %s, %s, 'ONLINE', %s::bigint[], ARRAY['NEW'], ARRAY['REGULAR'], ARRAY[''],
    ARRAY[''], ARRAY[''], true, 10, 30, 60, 5, 'CITIZEN', %s, '', %s, %s::inet,
    NULL, NULL)
"""


def hello(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": "world"})


class Bare(APIView):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []


class Echo(Bare):
    def post(self, request: Request) -> Response:
        body = BookingInput(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(body.validated_data)


class Claim(Bare):
    """The claim function and its commit, and nothing else."""

    def post(self, request: Request) -> Response:
        asked = request.data
        code, account = new_booking_code(), asked["account"]
        with connection.cursor() as cursor:
            cursor.execute(
                BOOK,
                [code, account, asked["slot"], [asked["applicant"]], account]
                + [asked["device"], asked["address"]],
            )
            (outcome,) = cursor.fetchone()
        status = 201 if outcome == "BOOKED" else 409
        return Response({"code": code, "outcome": outcome}, status, headers={"Location": code})
