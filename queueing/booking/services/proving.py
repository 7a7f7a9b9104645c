"""The mailed code that, with a wait, takes the place of a proof of work."""

from datetime import UTC, datetime

from django.db import transaction

from accounts.models import User
from paspor.kernel import waiting
from paspor.kernel.waiting import Wait
from queueing.booking import notices


@transaction.atomic
def mail_code(*, account: User, wait: Wait, now: datetime) -> Wait:
    """Mail a code to the account's address; the wait needs it from now on."""
    coded, code = waiting.with_code(wait)
    until = datetime.fromtimestamp(coded.expires(now), tz=UTC)
    notices.hold_code(account, code, once=coded.code, until=until, now=now)
    return coded
