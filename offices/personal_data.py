"""This app's part in a person's own data: where an officer served, and when."""

from base64 import b64encode
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Applicant, User
from accounts.ports import Lock, Obstacle
from offices.models import Approval, OfficerPost, Report
from offices.services import reports
from offices.services.screenshots import SEEN
from paspor.kernel.models import AuditEvent
from paspor.kernel.pictures import MEDIA_TYPE


class OfficeData:
    """Posts belong to the record of an office and outlive the account that held them."""

    def export(self, user: User) -> dict[str, Any]:
        posts = OfficerPost.objects.filter(user=user).select_related("office").order_by("starts_at")
        filed = Report.objects.filter(account=user).select_related("screenshot")
        filed = filed.prefetch_related("steps").order_by("opened_at")
        asked = Approval.objects.filter(asked_by=user).order_by("asked_at")
        return {
            "posts": [
                {
                    "role": post.role,
                    "office": post.office.code if post.office else None,
                    "starts_at": post.starts_at.isoformat(),
                    "ends_at": post.ends_at.isoformat() if post.ends_at else None,
                }
                for post in posts
            ],
            "approvals_asked": [
                {"act": row.act, "subject": row.subject, "asked_at": row.asked_at.isoformat()}
                for row in asked
            ],
            "reports": [
                {
                    "code": row.code,
                    "kind": row.kind,
                    "state": row.state,
                    "text": row.text,
                    "screenshot": _screenshot(row),
                    "steps": [
                        {"state": step.state, "at": step.at.isoformat(), "note": step.note}
                        for step in row.steps.all()
                    ],
                }
                for row in filed
            ],
        }

    def erase(self, user: User, now: datetime) -> None:
        """Posts and approvals name the account by its id only; words of reports are dropped."""
        reports.erase_of(user)

    def blocks_edit(self, applicant: Applicant) -> Lock | None:
        return None

    def is_history(self, applicant: Applicant) -> bool:
        return False

    def blocks_erasure(self, user: User) -> Obstacle | None:
        not_ended = OfficerPost.objects.filter(user=user).exclude(ends_at__lte=timezone.now())
        if not_ended.exists():
            return Obstacle(
                _("Akun ini masih memegang penugasan petugas. Akhiri penugasannya dahulu.")
            )
        return None


def _screenshot(report: Report) -> dict[str, Any] | None:
    """The picture as it is kept, and when an officer looked at it."""
    if not hasattr(report, "screenshot"):
        return None
    looks = AuditEvent.objects.filter(act=SEEN, subject=f"report:{report.code}").order_by("at")
    return {
        "media_type": MEDIA_TYPE,
        "base64": b64encode(report.screenshot.image).decode(),
        "seen_at": [at.isoformat() for at in looks.values_list("at", flat=True)],
    }
