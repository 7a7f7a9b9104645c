"""What accounts may not do at this moment, and whose mailbox is known. Nothing here writes."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts import selectors as people
from accounts.models import User
from paspor.kernel import cipher
from queueing.integrity.models.cases import Restriction

Kind = Restriction.Kind


def live(now: datetime) -> QuerySet[Restriction]:
    return Restriction.objects.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)


def is_limited(account_id: int, *, now: datetime) -> bool:
    """Whether the account is to prove work and go slower. One read by the index."""
    return limiting(now).filter(account=account_id).exists()


def limiting(now: datetime) -> QuerySet[Restriction]:
    return live(now).filter(kind=Kind.LIMITED)


def suspended_in(case_id: int, *, now: datetime) -> int:
    """How many accounts this case has suspended already."""
    return live(now).filter(case=case_id, kind=Kind.SUSPENDED).count()


def mailbox_digest(account: User) -> str:
    """What stands for an account's mailbox once its address is gone."""
    return _digests(account.mail_key)[0]


def _digests(mail_key: str) -> list[str]:
    """By the key in use first; while it is rotated, by the other as well."""
    return [cipher.person_digest(f"mailbox:{mail_key}", key=key) for key in people.digest_keys()]


def suspended_with_mailbox_of(accounts: Iterable[User], *, now: datetime) -> dict[int, Restriction]:
    """By account: the suspension that stands on another account of the same mailbox."""
    known = {digest: account for account in accounts for digest in _digests(account.mail_key)}
    found = live(now).filter(kind=Kind.SUSPENDED, mailbox__in=list(known)).select_related("case")
    return {known[row.mailbox].pk: row for row in found if known[row.mailbox].pk != row.account_id}
