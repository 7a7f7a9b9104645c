"""Which mail domains are of mailboxes that are thrown away: by officers, and by a list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import rules
from accounts.errors import ReasonNeeded
from accounts.models import MailDomain, User
from paspor.kernel import audit

Source, Verdict = MailDomain.Source, MailDomain.Verdict


@dataclass(frozen=True)
class Refreshed:
    """How many domains of a file are new, were known, and were in the file before only."""

    added: int
    kept: int
    removed: int


@transaction.atomic
def decide(
    *, officer: User, domain: str, verdict: MailDomain.Verdict, reason: str, now: datetime
) -> MailDomain:
    """An officer's word on a domain, which wins over every list. Locks its row.

    Raises MailDomainInvalid, ReasonNeeded. Whether the officer may is the door's question.
    """
    name = rules.tidy_domain(domain)
    if not reason.strip():
        raise ReasonNeeded(fields={"reason": [ReasonNeeded.of_verdict]})
    row, _made = MailDomain.objects.select_for_update().update_or_create(
        domain=name,
        defaults={
            "verdict": verdict,
            "source": Source.OFFICER,
            "reason": reason.strip(),
            "decided_by": officer,
            "decided_at": now,
        },
    )
    audit.record(
        "decide_mail_domain",
        actor_id=officer.pk,
        subject=f"mail_domain:{row.pk}",
        detail={"verdict": verdict},
        note=f"{name}: {reason}",
    )
    return row


@transaction.atomic
def refresh(*, domains: Collection[str], now: datetime) -> Refreshed:
    """Let this list stand for the one before, and for the package's. Officers' words stay.

    All or nothing. Raises MailDomainInvalid for the first that is none.
    """
    wanted = {rules.tidy_domain(domain) for domain in domains}
    known = dict(MailDomain.objects.select_for_update().values_list("domain", "source"))
    listed = {domain for domain, source in known.items() if source == Source.LIST}
    gone = listed - wanted
    MailDomain.objects.filter(domain__in=gone).delete()
    new = sorted(wanted - known.keys())
    MailDomain.objects.bulk_create(
        MailDomain(domain=domain, verdict=Verdict.BLOCKED, source=Source.LIST, decided_at=now)
        for domain in new
    )
    told = Refreshed(added=len(new), kept=len(wanted) - len(new), removed=len(gone))
    audit.record(
        "refresh_mail_domains",
        actor_id=None,
        detail={"added": told.added, "kept": told.kept, "removed": told.removed},
    )
    return told
