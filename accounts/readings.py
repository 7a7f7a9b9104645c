"""Who read an account's data in clear: whose data, why, and from which office; and what became of
the account's second step.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts import ports, selectors
from accounts.models import Applicant, User
from paspor.kernel.masking import mask_name
from paspor.kernel.models import AuditEvent, Note


@dataclass(frozen=True)
class Reading:
    """One time that data of this account was read in clear.

    ``applicant`` is empty where the account itself was opened. ``office`` is empty for
    headquarters. ``reason``, in the officer's own words, is empty once it has been
    forgotten, and where a case forbids telling it.
    """

    at: datetime
    act: str
    by_owner: bool
    stream: str
    office: str
    applicant: str
    # Both masked, as wherever a person is told of.
    name: str
    nik: str
    reason: str


def readings_of(user: User) -> list[Reading]:
    """Newest first."""
    people = {selectors.subject_of(row): row for row in Applicant.objects.filter(account=user)}
    subjects = [*people, f"account:{user.code}"]
    events = AuditEvent.objects.filter(act__in=selectors.READING_ACTS, subject__in=subjects)
    rows = list(events.order_by("-at")[:200])
    offices = ports.office_names({row.stream for row in rows})
    notes = Note.objects.in_bulk({row.note_id for row in rows if _is_told(row)})
    return [
        Reading(
            at=row.at,
            act=row.act,
            by_owner=row.actor_id == user.pk,
            stream=row.stream,
            office=offices.get(row.stream, ""),
            applicant=whose.code if whose else "",
            name=mask_name(whose.name) if whose else "",
            nik=whose.masked_nik if whose and whose.nik_last4 else "",
            reason=notes[row.note_id].text if row.note_id in notes else "",
        )
        for row in rows
        for whose in [people.get(row.subject)]
    ]


def events_of(user: User) -> list[AuditEvent]:
    """What concerned the account's second step, newest first."""
    rows = AuditEvent.objects.filter(act__in=selectors.STEP_ACTS, subject=f"account:{user.code}")
    return list(rows.order_by("-at", "-pk")[:50])


def _is_told(row: AuditEvent) -> bool:
    """Not for a case's evidence: that would warn whom the police ask about."""
    return row.note_id is not None and "case" not in row.detail
