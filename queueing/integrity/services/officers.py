"""Counting what is noticed about officers anew, and keeping a note of who looks at it."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import product

from django.db import transaction

from accounts.models import User
from offices.models import Office
from offices.selectors import Reach
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.errors import NotAllowed
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.policies import insiders
from queueing.integrity.rules import officers as rules
from queueing.integrity.rules.signal import Signal, score_of
from queueing.integrity.selectors import approvals
from queueing.integrity.selectors import officers as selectors

LOOKED = "officer.look"


def refresh(*, now: datetime) -> int:
    """Write a row for every officer with a signal, remove the others'; how many rows.

    Two at once write the same rows; the later one's stand.
    """
    found = _signals(now)
    rows = [
        OfficerScore(
            officer_id=officer,
            office_id=office,
            score=score_of(signals),
            signals=[asdict(signal) for signal in signals],
            counted_at=now,
        )
        for (officer, office), signals in sorted(found.items(), key=lambda item: str(item[0]))
    ]
    with transaction.atomic():
        OfficerScore.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["officer", "office"],
            update_fields=["score", "signals", "counted_at"],
        )
        OfficerScore.objects.filter(counted_at__lt=now).delete()
    return len(rows)


def _signals(now: datetime) -> dict[tuple[int, int | None], list[Signal]]:
    limits, days = insiders.limits(now), insiders.WINDOW_DAYS.at(now=now)
    offices = dict(Office.objects.values_list("code", "pk"))
    found: dict[tuple[int, int | None], list[Signal]] = defaultdict(list)
    known = set(User.objects.filter(posts__isnull=False).values_list("pk", flat=True))
    for (officer, stream), counts in selectors.counts(now).items():
        if officer in known and (signals := rules.signals(counts, limits, days)):
            found[officer, offices.get(stream)] += signals
    since = now - timedelta(days=max(approvals.SPANS))
    decided = approvals.asked_since(Reach(is_national=True), since)
    for row in approvals.pair_rows(decided, now):
        if row.signal is not None:
            # Both of them: who asks unread yeses, and who gives them.
            for officer, office in product((row.asker_id, row.second_id), row.offices):
                found[officer, office].append(row.signal)
    return found


def look(*, row: OfficerScore, viewer: User, now: datetime) -> None:
    """Log that somebody opened an officer's page. Raises NotAllowed for one's own."""
    authority.require(officer=viewer, act=approvals.WATCHING, office=row.office, now=now)
    if row.officer_id == viewer.pk:
        raise NotAllowed
    audit.record(
        LOOKED,
        actor_id=viewer.pk,
        subject=f"user:{row.officer.code}",
        stream=authority.stream_of(row.office),
        detail={"score": row.score},
    )


def forget(*, officer: User) -> None:
    """Remove what was noticed about somebody whose account is erased."""
    OfficerScore.objects.filter(officer=officer).delete()
