"""How requests for a second officer's yes are shown on the pages of every room."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from offices import selectors
from offices.models import Approval, Office
from paspor.kernel import formatting


def approval_status(approval: Approval, office: Office | None) -> dict[str, Any]:
    """How a request for a second officer's yes stands, for components/alert.html.

    Without an office it is the nation's, by the capital's clock.
    """
    tone, title = {
        Approval.State.ASKED: ("warning", _("Menunggu persetujuan petugas kedua")),
        Approval.State.GRANTED: ("success", _("Sudah disetujui petugas kedua")),
        Approval.State.DECLINED: ("error", _("Ditolak petugas kedua")),
    }[Approval.State(approval.state)]
    if approval.state == Approval.State.DECLINED:
        why = selectors.why_declined([approval]).get(approval.code, "")
        text = _("Permintaan %(code)s: “%(why)s”") if why else _("Permintaan %(code)s.")
        return {"tone": tone, "title": title, "text": text % {"code": approval.code, "why": why}}
    zone = office.zone if office else ZoneInfo(settings.TIME_ZONE)
    text = _("Permintaan %(code)s, berlaku sampai %(until)s.") % {
        "code": approval.code,
        "until": formatting.moment(approval.expires_at.astimezone(zone)),
    }
    return {"tone": tone, "title": title, "text": text}
