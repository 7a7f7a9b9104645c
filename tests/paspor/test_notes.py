"""Free words beside the log: kept for their days, never written over, gone with a person."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from offices import tasks as office_tasks
from offices.models import Approval
from offices.services import approvals
from paspor.celery import app
from paspor.kernel import audit, notes, policies, policy, tasks
from paspor.kernel.models import AuditEvent, Note, PolicyValue
from tests.factories import ApprovalFactory, PolicyValueFactory

pytestmark = pytest.mark.django_db
WORDS = "Ibu Sari menelepon."


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def keep_for(days: int) -> None:
    PolicyValueFactory(key=policies.KEEP_NOTES_DAYS.key, scope="NATIONAL", value=days)
    policy.forget()


def test_the_reason_of_a_reading_goes_after_its_days_and_the_event_stays():
    event = audit.record("nik.read", actor_id=7, subject="applicant:X", note=WORDS)

    assert notes.forget_old(in_days(89)) == 0
    assert notes.forget_old(in_days(91)) == 1

    assert AuditEvent.objects.get() == event
    assert event.note_digest


def test_a_lowered_figure_takes_what_is_far_older_too():
    """No run looks back over a window only: what is old is forgotten, however old."""
    audit.record("nik.read", actor_id=7, note=WORDS)
    keep_for(3650)
    assert notes.forget_old(in_days(3000)) == 0

    PolicyValue.objects.all().delete()
    keep_for(30)

    assert notes.forget_old(in_days(3000)) == 1


def test_why_a_figure_was_set_goes_and_the_figure_stays():
    row = PolicyValueFactory(why=WORDS)
    notes.forget_old(in_days(89))
    row.refresh_from_db()
    assert row.why == WORDS

    notes.forget_old(in_days(91))

    row.refresh_from_db()
    assert (row.why, row.value) == ("", 12)


def test_what_was_written_to_a_request_goes_after_its_days():
    row = ApprovalFactory(note=WORDS)
    assert approvals.forget_notes(in_days(89)) == 0
    assert approvals.forget_notes(in_days(91)) == 1
    assert Approval.objects.get(pk=row.pk).note == ""


def test_notes_about_one_subject_go_and_others_stay():
    audit.record("nik.read", actor_id=7, subject="applicant:X", note=WORDS)
    kept = audit.record("nik.read", actor_id=7, subject="applicant:Y", note=WORDS)

    assert notes.forget_about(["applicant:X"]) == 1

    assert Note.objects.get().pk == kept.note_id


def test_the_application_cannot_write_a_note_over():
    audit.record("nik.read", actor_id=7, note=WORDS)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Note.objects.update(text="Lain.")


def test_forgetting_runs_every_day():
    tasks.forget_notes()
    office_tasks.forget_notes()
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"kernel.forget_notes", "offices.forget_notes"} <= planned
