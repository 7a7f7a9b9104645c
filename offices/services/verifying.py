"""Verifying an account at a counter, where its mail does not arrive (docs/insiders.md)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import counter_codes
from accounts.services.counter_codes import Shown
from offices import notices, reasons
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit
from paspor.kernel.codes import normalized


@transaction.atomic
def verify_account(*, officer: User, office: Office, shown: Shown, why: Why, now: datetime) -> User:
    """Whose KTP was seen stands in the log, as a person; their account is told.

    Raises NotAllowed, ReasonNeeded, NeedsApproval, and what ``counter_codes.redeem`` raises.
    """
    authority.require(officer=officer, act=Act.VERIFY_ACCOUNT, office=office, now=now)
    reasons.check(Act.VERIFY_ACCOUNT, why)
    shown = Shown(code=normalized(shown.code), nik=shown.nik)
    used = counter_codes.redeem(shown=shown, where=office.code, now=now)
    user = used.account
    request = approvals.Request(Act.VERIFY_ACCOUNT, f"account:{user.code}", office)
    approvals.use_where_needed(request=request, extent=Extent(accounts=1), officer=officer, now=now)
    audit.record(
        Act.VERIFY_ACCOUNT,
        actor_id=officer.pk,
        subject=f"account:{user.code}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
        detail={"person": used.person_id},
    )
    notices.verified_at_counter(user, office, now=now)
    return user
