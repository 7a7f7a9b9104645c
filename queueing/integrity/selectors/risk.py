"""What speaks against an account, as the guard of bookings asks."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from paspor.kernel.prepared.reading import Prepared
from queueing.integrity.models.scores import AccountScore
from queueing.integrity.selectors import restrictions


def is_limited(account: User, *, now: datetime) -> bool:
    """Whether a restriction slows the account down."""
    return restrictions.is_limited(account.pk, now=now)


def limited_and_score(found: Sequence[tuple[bool, int]]) -> tuple[bool, int]:
    """Of what AGAINST gave: whether the account is limited, and its score, 0 to 100; 0 for one
    that shows nothing.
    """
    return next(iter(found), (False, 0))


def _against(account_id: int, now: datetime) -> QuerySet[User]:
    limited = restrictions.limiting(now).filter(account=OuterRef("pk"))
    score = AccountScore.objects.filter(pk=OuterRef("pk")).values("score")
    known = User.objects.filter(pk=account_id).order_by()
    return known.values_list(Exists(limited), Coalesce(Subquery(score), 0))


# Of an account at a moment.
AGAINST: Prepared[tuple[bool, int]] = Prepared(_against)
