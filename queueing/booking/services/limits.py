"""What is bounded for everyone (docs/limits.md), counted before seats are claimed."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from accounts.models import User
from offices.models import Office
from queueing.booking import policies, rules


def check(
    *,
    account: User,
    applicant_ids: Collection[int],
    device: str,
    office: Office,
    now: datetime,
) -> None:
    """Raise BookingLimitReached where one more visit of these people would be too many.

    Locks the accounts of the mailbox, as the claim does that follows in the same
    transaction. Ages are told by the database's clock.
    """
    limits = policies.limits(now=now, scope=office.code)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, free_at FROM queueing_limits(%s, %s::bigint[], %s, %s, %s, %s)",
            [
                account.pk,
                list(applicant_ids),
                device,
                [limit.name for limit in limits],
                [limit.most for limit in limits],
                [limit.within for limit in limits],
            ],
        )
        free_at = dict(cursor.fetchall())
    figures = {limit.name: (limit.most, limit.span) for limit in limits}
    rules.check_limits(free_at, figures, zone=office.zone, now=now)
