"""What the portal's own views are measured against: the same server, and next to no work."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from queueing.booking.api.serializers import BookingInput
from queueing.booking.models import new_booking_code

# What booking asks for, with the figures that hold by default.
BOOK = """
SELECT outcome FROM queueing_book(
    p_code => %(code)s, p_account => %(account)s, p_slot => %(slot)s,
    p_channel => 'ONLINE', p_applicants => ARRAY[%(applicant)s]::bigint[],
    p_kinds => ARRAY['NEW'], p_types => ARRAY['REGULAR'], p_entitlements => ARRAY[''],
    p_old_passports => ARRAY[''], p_parents => ARRAY[''], p_confirm => true,
    p_hold_minutes => 10, p_return_minutes => 30, p_cutoff_minutes => 60, p_max_live => 5,
    p_actor_kind => 'CITIZEN', p_actor => %(account)s, p_reason => '',
    p_device => %(device)s, p_address => %(address)s::inet, p_checked => NULL, p_at => NULL)
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
        code = new_booking_code()
        with connection.cursor() as cursor:
            cursor.execute(BOOK, {"code": code} | asked)
            (outcome,) = cursor.fetchone()
        status = 201 if outcome == "BOOKED" else 409
        return Response({"code": code, "outcome": outcome}, status, headers={"Location": code})
