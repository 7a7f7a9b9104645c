"""Bookings over HTTP: parse, find what this account may see, one service, one answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Consented
from paspor.kernel import origin, proof_door, ratelimit
from paspor.kernel.codes import normalized
from paspor.kernel.errors import DomainError
from paspor.kernel.idempotency import Answer, Keyed
from paspor.kernel.pagination import PageNumber
from paspor.kernel.proof import Purpose
from paspor.kernel.strict_view import PAGING, StrictView
from queueing.booking import errors, replacements, selectors, tickets
from queueing.booking.actors import Actor
from queueing.booking.api import answers, gate, schema, serializers, wishes
from queueing.booking.api.files import CalendarFile, IgnoreAccept
from queueing.booking.api.once import changed_once, once, once_ahead
from queueing.booking.models import Place
from queueing.booking.reads import AnyRead, BookingRead
from queueing.booking.services import changing, confirming, errands, first_rights
from queueing.booking.services.holding import Once
from queueing.booking.services.tickets import claim_ticket
from queueing.booking.timeline import timeline


def booking_payload(booking: BookingRead) -> dict[str, Any]:
    """A booking as its owner sees it at this moment, with its history."""
    view = selectors.view(booking, now=timezone.now())
    return answers.detail(view, timeline(booking), replacements.closed_before(booking))


def _made(visit: AnyRead) -> Answer:
    """A new visit, written or about to be, stands for no other that was closed."""
    view = selectors.view(visit, now=timezone.now())
    return 201, answers.detail(view, timeline(visit))


def _changed(booking: BookingRead) -> Answer:
    return 200, booking_payload(booking)


def ticketed(request: Request, code: str) -> BookingRead:
    """This account's booking while it has a ticket; NotConfirmed, then WrongState."""
    booking = selectors.booking_of(request.user, code)
    view = selectors.view(booking, now=timezone.now())
    if not view.has_ticket:
        raise _without_ticket(view)
    return booking


def _without_ticket(view: selectors.BookingView) -> DomainError:
    return errors.NotConfirmed() if view.state == Place.State.HELD else errors.WrongState()


class PlacesView(StrictView):
    # No docstring: the API's description would repeat it. Of a request whose ``places`` are
    # the people: what is wrong with one of them is named by their number there.

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, errors.PeopleRefused):
            exc = exc.named(lambda number, name: f"places.{number}.{name}")
        return super().handle_exception(exc)


class BookingListView(PlacesView):
    query = PAGING
    permission_classes = [IsAuthenticated, Consented]
    rate_groups = {"POST": "booking"}

    @schema.LIST
    def get(self, request: Request) -> Response:
        now = timezone.now()
        pages = PageNumber()
        bookings = selectors.upcoming_first(selectors.bookings_of(request.user), now=now)
        page = pages.paginate_queryset(bookings, request, view=self)
        views = [selectors.view(booking, now=now) for booking in selectors.reads(page)]
        return pages.get_paginated_response([answers.booking(view) for view in views])

    @schema.BOOK
    @gate.admitted
    def post(self, request: Request) -> Response:
        given = self.body(serializers.BookingInput)
        if wishes.is_one_statement(given):
            return once_ahead(request, lambda keyed: self._book_ahead(request, given, keyed))
        return once(request, lambda: self._book(request, given), required=True)

    def _book_ahead(self, request: Request, given: dict[str, Any], keyed: Keyed) -> None:
        """The answer is put together before, and written with the booking."""
        with self._wanted(request) as who:
            wishes.hold_once(given, once=Once(keyed, _made), **who)

    def _book(self, request: Request, given: dict[str, Any]) -> Answer:
        with self._wanted(request) as who:
            claimed = wishes.hold(given, **who)
            return _made(selectors.booking_by_id(claimed.booking_id))

    @contextmanager
    def _wanted(self, request: Request) -> Iterator[dict[str, Any]]:
        account, now = request.user, timezone.now()
        actor = Actor.citizen(account, origin.origin_of(request))
        about = {"purpose": Purpose.HOLD, "about": account.code}
        with proof_door.redeemed(request, **about, now=now) as proved:
            yield {"account": account, "actor": actor, "proved": proved, "now": now}


class BookingDetailView(StrictView):
    permission_classes = [IsAuthenticated]

    @schema.READ
    def get(self, request: Request, code: str) -> Response:
        return Response(booking_payload(selectors.booking_of(request.user, code)))


class ConfirmView(StrictView):
    permission_classes = [IsAuthenticated, Consented]
    rate_group = "booking"

    @schema.CONFIRM
    @gate.permitted
    def post(self, request: Request, code: str) -> Response:
        self.body(serializers.NothingInput)
        given = {"account": request.user, "code": code, "now": timezone.now()}
        return changed_once(
            request, lambda once: confirming.confirm(**given, once=once), told=_changed
        )


class CancelView(StrictView):
    permission_classes = [IsAuthenticated]
    rate_group = "give_back"

    @schema.CANCEL
    def post(self, request: Request, code: str) -> Response:
        given = self.body(serializers.ApplicantsInput)
        return once(request, lambda: self._cancel(request, code, given.get("applicants")))

    def _cancel(
        self, request: Request, code: str, applicants: list[str] | None
    ) -> tuple[int, dict[str, Any]]:
        left = changing.cancel(
            account=request.user,
            code=code,
            applicant_codes=applicants,
            now=timezone.now(),
            actor=Actor.citizen(request.user, origin.origin_of(request)),
        )
        return 200, booking_payload(left)


class RescheduleView(StrictView):
    permission_classes = [IsAuthenticated, Consented]
    rate_group = "change"

    @schema.RESCHEDULE
    @gate.admitted
    def post(self, request: Request, code: str) -> Response:
        given = self.body(serializers.RescheduleInput)
        return once(request, lambda: self._move(request, code, given), required=True)

    def _move(
        self, request: Request, code: str, given: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        made = changing.reschedule(
            account=request.user,
            code=code,
            slot_code=given["slot"],
            applicant_codes=given.get("applicants"),
            now=timezone.now(),
            actor=Actor.citizen(request.user, origin.origin_of(request)),
        )
        return 201, booking_payload(made)


class ErrandsView(PlacesView):
    permission_classes = [IsAuthenticated, Consented]
    rate_group = "change"

    @schema.ERRANDS
    def post(self, request: Request, code: str) -> Response:
        given = self.body(serializers.ErrandsInput)
        return once(request, lambda: self._change(request, code, given["places"]))

    def _change(
        self, request: Request, code: str, told: list[dict[str, Any]]
    ) -> tuple[int, dict[str, Any]]:
        changed = errands.change(
            account=request.user,
            code=code,
            told=wishes.errands(told),
            actor=Actor.citizen(request.user, origin.origin_of(request)),
            now=timezone.now(),
        )
        return 200, booking_payload(changed)


class DeclineView(StrictView):
    permission_classes = [IsAuthenticated]
    rate_group = "give_back"

    @schema.DECLINE
    def post(self, request: Request, code: str) -> Response:
        self.body(serializers.NothingInput)
        return once(request, lambda: self._decline(request, code))

    def _decline(self, request: Request, code: str) -> tuple[int, dict[str, Any]]:
        left = first_rights.decline_first_right(account=request.user, code=code, now=timezone.now())
        return 200, booking_payload(left)


class TicketView(StrictView):
    permission_classes = [IsAuthenticated]

    @schema.TICKET
    def get(self, request: Request, code: str) -> Response:
        return Response(serializers.TicketOutput(tickets.ticket(ticketed(request, code))).data)


class CalendarView(StrictView):
    permission_classes = [IsAuthenticated]
    renderer_classes = [CalendarFile]
    content_negotiation_class = IgnoreAccept

    @schema.CALENDAR
    def get(self, request: Request, code: str) -> Response:
        booking = selectors.booking_of(request.user, code)
        view = selectors.view(booking, now=timezone.now())
        if not view.has_calendar:
            raise _without_ticket(view)
        name = f'attachment; filename="{booking.code}.ics"'
        return Response(
            tickets.ics(selectors.visit_facts(booking)), headers={"Content-Disposition": name}
        )


class LookupView(StrictView):
    permission_classes = [AllowAny]
    rate_group = "public"

    @schema.LOOKUP
    def post(self, request: Request) -> Response:
        given = self.body(serializers.LookupInput)
        ratelimit.check(request, "lookup", person=normalized(given["code"]))
        view = selectors.view(selectors.lookup(**given), now=timezone.now(), masked=True)
        return Response(answers.booking(view))


class TicketClaimView(StrictView):
    permission_classes = [IsAuthenticated, Consented]
    rate_group = "change"

    @schema.CLAIM
    def post(self, request: Request) -> Response:
        given = self.body(serializers.LookupInput)
        ratelimit.check(request, "claim", person=normalized(given["code"]))
        return once(request, lambda: self._claim(request, given))

    def _claim(self, request: Request, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        claimed = claim_ticket(account=request.user, now=timezone.now(), **given)
        return 200, booking_payload(claimed)
