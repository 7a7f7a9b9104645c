"""Recognising who was suspended and comes back with the same mailbox (domain: 2018)."""

from datetime import datetime, timedelta

from accounts.models import User
from queueing.integrity.models.cases import Restriction
from queueing.integrity.policies import cases as policies
from queueing.integrity.selectors import restrictions as selectors
from queueing.integrity.services import restrictions
from queueing.integrity.services.restrictions import Terms

RETURNED = "returned"
# Longer than any sweep has ever been away.
NEWCOMERS = timedelta(days=7)


def recognise(now: datetime) -> int:
    """New accounts whose mailbox belongs to a suspended one start limited; how many.

    While the old account stands, booking refuses both anyway (queueing_book); the digest
    still tells when the old one has been erased.
    """
    newcomers = list(
        User.objects.filter(joined_at__gte=now - NEWCOMERS, erased_at=None, restrictions=None)
    )
    found = selectors.suspended_with_mailbox_of(newcomers, now=now)
    until = now + timedelta(days=policies.RETURN_LIMIT_DAYS.at(now=now))
    return sum(
        restrictions.impose(account_id=pk, terms=_terms(old, until), now=now) is not None
        for pk, old in sorted(found.items())
    )


def _terms(old: Restriction, until: datetime) -> Terms:
    return Terms(old.case, Restriction.Kind.LIMITED, RETURNED, until=until)
