"""Integrity's part in export and erasure (accounts.ports)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from paspor.kernel.codes import grouped
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import Restriction
from queueing.integrity.selectors import cases


class CaseData:
    """Restrictions and appeals of an account. The restriction outlives it, bound to a digest."""

    def export(self, user: User) -> dict[str, Any]:
        restrictions = Restriction.objects.filter(account=user).order_by("since", "pk")
        appeals = Appeal.objects.filter(account=user).order_by("filed_at", "pk")
        return {
            "restrictions": [
                {
                    "kind": row.kind,
                    "reason": row.reason,
                    "by": "officer" if row.by_id else "rule",
                    "since": row.since.isoformat(),
                    "until": row.until.isoformat() if row.until else None,
                    "lifted_at": row.lifted_at.isoformat() if row.lifted_at else None,
                }
                for row in restrictions
            ],
            "appeals": [
                {
                    "code": row.code,
                    "text": row.text,
                    "answer": row.answer,
                    "state": row.state,
                    "filed_at": row.filed_at.isoformat(),
                    "decided_at": row.decided_at.isoformat() if row.decided_at else None,
                }
                for row in appeals
            ],
        }

    def erase(self, user: User, now: datetime) -> None:
        """People's words go; codes, ids and the mailbox's digest stay."""
        Appeal.objects.filter(account=user).update(text="", answer="")

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        """An open case postpones erasure, and says so (UU PDP 27/2022)."""
        case = cases.open_cases_of(user).first()
        if case is None:
            return None
        why = _(
            "Akun ini sedang diperiksa dalam perkara %(code)s. Penghapusan dapat dilakukan "
            "setelah perkara itu ditutup; Anda dapat mengajukan keberatan."
        ) % {"code": grouped(case.code)}
        return Obstacle(why, "integrity:appeal", _("Keberatan"))
