"""Referral codes of LTSP offices: one prospective migrant worker, one visit."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from offices import reasons
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.codes import new_code, normalized
from queueing.booking import errors, policies, rules
from queueing.booking.models import Booking, Referral

CODE_LENGTH = 10


@transaction.atomic
def issue(*, officer: User, office: Office, why: Why, now: datetime) -> Referral:
    """A new code of this office; counted in its log. Raises NotAllowed, ReasonNeeded."""
    authority.require(officer=officer, act=Act.REFERRAL, office=office, now=now)
    if not office.needs_referral:
        raise errors.WrongOffice
    reasons.check(Act.REFERRAL, why)
    days = policies.REFERRAL_DAYS.at(now=now, scope=office.code)
    referral = Referral.objects.create(
        code=new_code(CODE_LENGTH),
        office=office,
        issued_by=officer,
        expires_at=now + timedelta(days=days),
    )
    audit.record(
        "issue_referral",
        actor_id=officer.pk,
        subject=f"referral:{referral.pk}",
        stream=office.code,
        reason=why.reason,
        note=why.note,
    )
    return referral


def use(*, booking_id: int, office_id: int, code: str, now: datetime) -> None:
    """Tie the code to the booking, inside the booking's own transaction.

    Locks the referral, last of all locks. A lapsed hold or a cancellation gives it back.
    """
    referral = Referral.objects.select_for_update().filter(code=normalized(code)).first()
    if referral is None:
        raise errors.ReferralInvalid(fields={"referral_code": [errors.ReferralInvalid.message]})
    rules.check_referral(
        same_office=referral.office_id == office_id,
        used=referral.booking_id is not None,
        expires_at=referral.expires_at,
        now=now,
    )
    referral.booking_id = booking_id
    referral.used_at = now
    referral.save(update_fields=["booking", "used_at"])


CARRY = """
UPDATE queueing_referral
SET booking_id = CASE WHEN office_id = %(office)s THEN %(new)s::bigint END,
    used_at = CASE WHEN office_id = %(office)s THEN used_at END
WHERE booking_id = %(old)s
"""


def carry(*, old: Booking, new: Booking) -> None:
    """A visit that moved within its LTSP keeps its referral; elsewhere it needs none."""
    with connection.cursor() as cursor:
        cursor.execute(CARRY, {"office": new.slot.office_id, "new": new.pk, "old": old.pk})
