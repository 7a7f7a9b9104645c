"""Forgetting free words beside old history; ids and codes stay, so the log holds."""

from datetime import datetime, timedelta

from paspor.kernel.models import Note
from queueing.booking import policies
from queueing.booking.models import BookingEvent

# A daily run needs a day; the rest makes good a month of missed runs without reading
# the whole history.
LOOK_BACK = timedelta(days=31)


def forget_notes(now: datetime) -> int:
    """Erase the words of events older than KEEP_NOTES_DAYS; how many."""
    before = now - timedelta(days=policies.KEEP_NOTES_DAYS.at(now=now))
    old = BookingEvent.objects.filter(
        at__lt=before, at__gte=before - LOOK_BACK, note_id__isnull=False
    )
    erased, _by_model = Note.objects.filter(
        pk__in=list(old.values_list("note_id", flat=True))
    ).delete()
    return erased
