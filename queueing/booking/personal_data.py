"""This app's part in export, erasure and the lock on a booked name (accounts.ports)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from offices.rules import Act
from offices.services import approvals
from paspor.kernel import notes
from queueing.booking.models import Booking, BookingEvent, BookingOrigin, Place
from queueing.booking.services import first_rights


class BookingData:
    """What queueing knows of an account: its bookings, their places, their history."""

    def export(self, user: User) -> dict[str, Any]:
        bookings = list(
            Booking.objects.filter(account=user)
            .select_related("slot__office", "origin")
            .prefetch_related("places__applicant")
            .order_by("created_at")
        )
        history: dict[int, list[BookingEvent]] = {booking.pk: [] for booking in bookings}
        for event in BookingEvent.objects.filter(booking_id__in=list(history)).order_by("id"):
            history[event.booking_id].append(event)
        return {"bookings": [_booking(booking, history[booking.pk]) for booking in bookings]}

    def erase(self, user: User, now: datetime) -> None:
        """Erase where from it was booked, and the free text beside the history.

        Ids and codes stay, so the chain holds. Nobody is booked for this
        account any more: its first rights end here. The caller has asked ``blocks_erasure``
        and holds the account's row.
        """
        first_rights.end_of(account=user)
        codes = dict(Booking.objects.filter(account=user).values_list("pk", "code"))
        BookingOrigin.objects.filter(booking__account=user).delete()
        events = BookingEvent.objects.filter(booking_id__in=codes, note_id__isnull=False)
        notes.erase(events.values_list("note_id", flat=True))
        notes.forget_about(f"booking:{code}" for code in codes.values())
        approvals.forget_notes_about(f"{act}:{code}" for act in Act for code in codes.values())

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        """A place is live, or a closing owes one. The caller has locked the row."""
        counted_on = Q(state__in=Place.LIVE) | Q(first_right_until__isnull=False)
        is_counted_on = Place.objects.filter(counted_on, applicant=applicant).exists()
        return Lock.VISIT if is_counted_on else None

    def is_history(self, applicant: Applicant) -> bool:
        """Any place: who came, or was to come, stays who they were."""
        return Place.objects.filter(applicant=applicant).exists()

    def blocks_erasure(self, user: User) -> Obstacle | None:
        if Place.objects.filter(booking__account=user, state__in=Place.LIVE).exists():
            return Obstacle(
                _("Akun ini masih mempunyai janji temu. Batalkan dahulu, atau tunggu selesai."),
                "queueing:booking-list",
                _("Janji saya"),
            )
        return None


def _booking(booking: Booking, events: Iterable[BookingEvent]) -> dict[str, Any]:
    return {
        "code": booking.code,
        "office": booking.slot.office.code,
        "day": booking.slot.day.isoformat(),
        "starts_at": booking.slot.starts_at.isoformat(),
        "channel": booking.channel,
        "created_at": booking.created_at.isoformat(),
        "address": booking.origin.address if hasattr(booking, "origin") else None,
        "places": [
            {
                "applicant": place.applicant.code,
                "name": place.applicant.name,
                "state": place.state,
                "kind": place.kind,
                "passport_type": place.passport_type,
                "old_passport": place.old_passport,
                "parents": place.parents,
                "entitlement": place.entitlement,
                "ended_at": place.ended_at.isoformat() if place.ended_at else None,
            }
            for place in booking.places.all()
        ],
        "history": [
            {"at": event.at.isoformat(), "what": event.what, "reason": event.reason}
            for event in events
        ],
    }
