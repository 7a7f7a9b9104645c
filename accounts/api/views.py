"""The account over HTTP: parse, find what is the caller's, one service, one answer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import policies, selectors
from accounts.api import examples, serializers
from accounts.api.permissions import Consented, SignedInRecently
from accounts.models import Applicant, LostStep
from accounts.services import (
    address_proofs,
    applicants,
    lost_steps,
    personal_data,
    registration,
)
from paspor.kernel.errors import NotFound
from paspor.kernel.pagination import PageNumber
from paspor.kernel.schema import DONE, PAGE
from paspor.kernel.strict_view import PAGING, StrictView


def mine(request: Request, code: str) -> Applicant:
    """The caller's own applicant; somebody else's is not there."""
    applicant = selectors.applicant_of(request.user, code)
    if applicant is None:
        raise NotFound
    return applicant


class MeView(StrictView):
    def get_permissions(self) -> list[Any]:
        needed = [IsAuthenticated(), Consented()]
        return [*needed, SignedInRecently()] if self.request.method == "DELETE" else needed

    @extend_schema(tags=["me"], summary="My account", responses=serializers.MeOutput)
    def get(self, request: Request) -> Response:
        return Response(serializers.MeOutput(request.user).data)

    @extend_schema(
        tags=["me"],
        summary="Change language or phone",
        request=serializers.MeInput,
        responses=serializers.MeOutput,
    )
    def patch(self, request: Request) -> Response:
        given = self.body(serializers.MeInput, partial=True)
        user = registration.change_account(user=request.user, **given)
        return Response(serializers.MeOutput(user).data)

    @extend_schema(
        tags=["me"],
        summary="Erase my account",
        description="Erase the account and its people. Needs a sign-in of the last minutes. One "
        "last letter tells the address of it.",
        responses=DONE,
    )
    def delete(self, request: Request) -> Response:
        personal_data.erase(user=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ConsentView(StrictView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["me"],
        summary="Agree to the privacy notice",
        description="Agree to the notice in force, after it was shown. Another version is "
        "refused with `notice_outdated`.",
        request=serializers.ConsentInput,
        responses=serializers.MeOutput,
    )
    def post(self, request: Request) -> Response:
        given = self.body(serializers.ConsentInput)
        registration.give_consent(user=request.user, now=timezone.now(), **given)
        return Response(serializers.MeOutput(request.user).data)


class AddressCodeView(StrictView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["me"],
        summary="Have a code sent to my suppressed address",
        description="Once a minute; where nothing is wrong with the address, `address_well`.",
        request=None,
        responses=DONE,
    )
    def post(self, request: Request) -> Response:
        address_proofs.ask(user=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class AddressConfirmView(StrictView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["me"],
        summary="Give the code back",
        description="Mail is sent to the address again. A code is good for five tries in a "
        "quarter of an hour (`address_code_wrong`).",
        request=serializers.AddressProofInput,
        responses=serializers.MeOutput,
    )
    def post(self, request: Request) -> Response:
        given = self.body(serializers.AddressProofInput)
        address_proofs.prove(user=request.user, now=timezone.now(), **given)
        return Response(serializers.MeOutput(request.user).data)


class SecondStepKeepView(StrictView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["me"],
        summary="Keep my second step",
        description="Stop what was asked for while `second_step_until` says so: it was not me, or "
        "the step is found. Then change the password.",
        request=None,
        responses=DONE,
    )
    def post(self, request: Request) -> Response:
        lost_steps.keep(user=request.user, end=LostStep.End.DEVICE, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportView(StrictView):
    permission_classes = [IsAuthenticated, SignedInRecently]
    rate_group = "export"

    @extend_schema(
        tags=["me"],
        summary="Everything that is held about me",
        description="All that is held about the caller, NIKs in clear. Needs a sign-in of the "
        "last minutes; logged as a reading.",
        responses={200: OpenApiTypes.OBJECT},
        examples=examples.answers("In short", examples.HELD),
    )
    def get(self, request: Request) -> Response:
        held = personal_data.export(user=request.user, now=timezone.now())
        return Response(held, headers={"Cache-Control": "no-store"})


class ApplicantListView(StrictView):
    permission_classes = [IsAuthenticated, Consented]
    rate_groups = {"POST": "applicants"}

    @extend_schema(
        tags=["applicants"],
        summary="My people",
        operation_id="applicants_list",
        responses=serializers.ApplicantListOutput,
    )
    def get(self, request: Request) -> Response:
        people = [
            serializers.applicant_payload(row) for row in selectors.applicants_of(request.user)
        ]
        limit = policies.MAX_APPLICANTS.at(now=timezone.now())
        return Response({"limit": limit, "results": people})

    @extend_schema(
        tags=["applicants"],
        summary="Add a person",
        request=serializers.ApplicantInput,
        responses={201: serializers.ApplicantOutput},
    )
    def post(self, request: Request) -> Response:
        given = self.body(serializers.ApplicantInput)
        made = applicants.add_applicant(account=request.user, now=timezone.now(), **given)
        return Response(serializers.applicant_payload(made), status=status.HTTP_201_CREATED)


class ApplicantDetailView(StrictView):
    permission_classes = [IsAuthenticated, Consented]
    rate_groups = {"PATCH": "applicants", "DELETE": "applicants"}

    @extend_schema(tags=["applicants"], summary="One person", responses=serializers.ApplicantOutput)
    def get(self, request: Request, code: str) -> Response:
        return Response(serializers.applicant_payload(mine(request, code)))

    @extend_schema(
        tags=["applicants"],
        summary="Change a person",
        description="Name, NIK, birth date and sex stand while the person has a place "
        "(`applicant_locked`) and once they had one (`applicant_has_visits`: remove the person "
        "and add them anew).",
        request=serializers.ApplicantInput,
        responses=serializers.ApplicantOutput,
    )
    def patch(self, request: Request, code: str) -> Response:
        given = self.body(serializers.ApplicantInput, partial=True)
        changed = applicants.change_applicant(
            applicant=mine(request, code), now=timezone.now(), **given
        )
        return Response(serializers.applicant_payload(changed))

    @extend_schema(tags=["applicants"], summary="Remove a person", responses=DONE)
    def delete(self, request: Request, code: str) -> Response:
        applicants.remove_applicant(applicant=mine(request, code), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class MessageListView(StrictView):
    query = PAGING
    permission_classes = [IsAuthenticated]

    @extend_schema(
        tags=["messages"],
        summary="My e-mails and where they are",
        description="E-mails to the caller, newest first, and where each of them is.",
        parameters=PAGE,
        responses=serializers.MessagePageOutput,
    )
    def get(self, request: Request) -> Response:
        pages = PageNumber()
        page = pages.paginate_queryset(selectors.messages_of(request.user), request, view=self)
        return pages.get_paginated_response(serializers.MessageOutput(page, many=True).data)
