"""This app's part in export, erasure and the lock on a booked name (accounts.ports)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Applicant, User
from paspor.kernel.models import Note
from queueing.booking.models import Booking, BookingEvent, Place


class BookingData:
    """What queueing knows of an account: its bookings, their places, their history."""

    def export(self, user: User) -> dict[str, Any]:
        bookings = (
            Booking.objects.filter(account=user)
            .select_related("slot__office")
            .prefetch_related("places__applicant")
            .order_by("created_at")
        )
        return {"bookings": [_booking(booking) for booking in bookings]}

    def erase(self, user: User, now: datetime) -> None:
        """Erase the free text beside the history; ids and codes stay, so the chain holds.

        The caller has asked ``blocks_erasure`` and holds the account's row.
        """
        events = BookingEvent.objects.filter(
            booking_id__in=Booking.objects.filter(account=user).values("pk"), note_id__isnull=False
        )
        Note.objects.filter(pk__in=list(events.values_list("note_id", flat=True))).delete()

    def blocks_edit(self, applicant: Applicant) -> bool:
        """Name and NIK keep still while a place is live. The caller has locked the row."""
        return Place.objects.filter(applicant=applicant, state__in=Place.LIVE).exists()

    def blocks_erasure(self, user: User) -> str | None:
        if Place.objects.filter(booking__account=user, state__in=Place.LIVE).exists():
            return _("Akun ini masih mempunyai janji temu. Batalkan dahulu, atau tunggu selesai.")
        return None


def _booking(booking: Booking) -> dict[str, Any]:
    events = BookingEvent.objects.filter(booking_id=booking.pk).order_by("id")
    return {
        "code": booking.code,
        "office": booking.slot.office.code,
        "day": booking.slot.day.isoformat(),
        "starts_at": booking.slot.starts_at.isoformat(),
        "channel": booking.channel,
        "created_at": booking.created_at.isoformat(),
        "places": [
            {
                "applicant": place.applicant.code,
                "name": place.applicant.name,
                "state": place.state,
                "kind": place.kind,
                "passport_type": place.passport_type,
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
