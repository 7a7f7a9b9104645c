"""Forgetting what people typed beside the log; ids, codes and digests stay (docs/log.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from paspor.kernel import batches, policies
from paspor.kernel.models import AuditEvent, Note, PolicyValue


def oldest_kept(now: datetime) -> datetime:
    """Free words from before this moment have had their days."""
    return now - timedelta(days=policies.KEEP_NOTES_DAYS.at(now=now))


def forget_old(now: datetime) -> int:
    """Erase every note past its days, whatever event it stands beside; how many.

    All that are older, however old: so nothing is left behind when the figure is lowered
    or runs were missed. Why a figure was set goes as well, being the same words.
    """
    before = oldest_kept(now)
    PolicyValue.objects.filter(created_at__lt=before).exclude(why="").update(why="")
    return batches.delete(Note.objects.filter(created_at__lt=before))


def forget_about(subjects: Iterable[str]) -> int:
    """Erase the notes of audit events about these subjects ("applicant:…"); how many."""
    events = AuditEvent.objects.filter(subject__in=list(subjects), note_id__isnull=False)
    return erase(events.values_list("note_id", flat=True))


def erase(note_ids: Iterable[int]) -> int:
    """Erase these notes; their events keep the digests."""
    erased, _by_model = Note.objects.filter(pk__in=list(note_ids)).delete()
    return erased
