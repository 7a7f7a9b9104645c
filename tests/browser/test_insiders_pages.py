"""The second officer's queue on a phone and on a desk, light and dark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from offices.models import Approval
from paspor.kernel import audit
from queueing.integrity.models.officers import OfficerScore
from tests.browser.officers import enter as enter
from tests.browser.officers import office as office
from tests.browser.visitor import IN_TURN
from tests.factories import ApprovalFactory, OfficerPostFactory, OfficerScoreFactory


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
        office=office, about={"day": "2030-01-08"}, reason="disaster", people=34,
        note="Banjir sampai lutut di depan kantor, listrik padam.", asked_by=asker,
        asked_at=now - timedelta(minutes=25),
    )  # fmt: skip


@pytest.fixture
def noticed(office) -> OfficerScore:
    """An officer with two signals and some acts behind them."""
    officer = OfficerPostFactory(office=office).user
    for act in ("book_for", "nik.read", "sign_in.new_device"):
        audit.record(act, actor_id=officer.pk, stream=office.code, reason="")
    return OfficerScoreFactory(officer=officer, office=office)


@pytest.mark.parametrize("first", IN_TURN)
def test_the_queue_is_read_and_decided_anywhere(enter, asked, noticed, first):
    paths = [
        reverse("insiders:approvals"),
        reverse("insiders:approval-decline", args=[asked.code]),
        reverse("insiders:approval-figures") + "?hari=90",
        reverse("admin:queueing_officerscore_changelist"),
        reverse("admin:queueing_officerscore_change", args=[noticed.pk]),
    ]

    enter().tour(paths, first=first)
