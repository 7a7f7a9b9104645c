"""The second officer's queue on a phone and on a desk, light and dark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from offices.models import Approval
from tests.browser.test_officers_pages import check
from tests.browser.test_officers_pages import enter as enter
from tests.browser.test_officers_pages import office as office
from tests.factories import ApprovalFactory, OfficerPostFactory


@pytest.fixture
def asked(office) -> Approval:
    """One request that waits, and a pair of officers that always agrees."""
    now = timezone.now()
    asker, second = (OfficerPostFactory(office=office, role="PLANNER").user for _ in range(2))
    for _ in range(12):
        ApprovalFactory(
            office=office, asked_by=asker, second=second, state="USED", used_at=now,
            asked_at=now - timedelta(seconds=9), decided_at=now,
        )  # fmt: skip
    return ApprovalFactory(
        office=office, subject=f"{office.code}:2030-01-08", reason="disaster", people=34,
        note="Banjir sampai lutut di depan kantor, listrik padam.", asked_by=asker,
        asked_at=now - timedelta(minutes=25),
    )  # fmt: skip


@pytest.mark.parametrize("how", [{"width": 320}, {"width": 1280}, {"width": 360, "dark": True}])
def test_the_queue_is_read_and_decided_anywhere(enter, asked, how):
    paths = [
        reverse("insiders:approvals"),
        reverse("insiders:approval-decline", args=[asked.code]),
        reverse("insiders:approval-figures") + "?hari=90",
    ]

    check(enter(**how), paths)
