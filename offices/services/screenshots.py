"""The screenshot of a report: taken in clean, and looked at by whoever may read the report."""

from datetime import datetime
from typing import IO

from django.db import transaction

from accounts.models import User
from offices.errors import ReportInvalid
from offices.models import Report, ReportScreenshot
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit, pictures
from paspor.kernel.errors import NotFound
from paspor.kernel.pictures import Picture, PictureRefused

SEEN = "see_screenshot"


def taken(file: IO[bytes] | None) -> Picture | None:
    """What was sent with a report, written anew. Raises ReportInvalid."""
    if file is None:
        return None
    try:
        return pictures.read(file)
    except PictureRefused as refusal:
        raise ReportInvalid(fields={"screenshot": [refusal.message]}) from refusal


@transaction.atomic
def look(*, officer: User, report: Report, now: datetime) -> bytes:
    """The picture, and the log's entry of who looked. Raises NotAllowed, NotFound."""
    office = None if report.goes_past_office else report.office
    authority.require(officer=officer, act=Act.REPORT, office=office, now=now)
    found = ReportScreenshot.objects.filter(report=report).first()
    if found is None:
        raise NotFound
    audit.record(
        SEEN,
        actor_id=officer.pk,
        subject=f"report:{report.code}",
        stream=authority.stream_of(office),
        detail={"kind": report.kind},
    )
    return bytes(found.image)
