"""The counter's office and hour, its addresses and its hand scanner."""

import time
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from offices.models import Office
from queueing.quota.models import Slot
from tests.factories import OfficeFactory, ReleaseFactory, SeatFactory, SlotFactory


@pytest.fixture
def office(portal) -> Office:
    name = "Kantor Imigrasi Kelas I Khusus TPI Uji Soekarno-Hatta"
    return OfficeFactory(code="KANIM-LOKET", name=name, needs_referral=True)


@pytest.fixture
def slot(office: Office) -> Slot:
    """An hour that runs now; just after midnight it has only begun."""
    now = timezone.now().astimezone(office.zone)
    starts_at = max(
        now - timedelta(minutes=10), datetime.combine(now, datetime.min.time(), now.tzinfo)
    )
    release = ReleaseFactory(office=office, first_day=now.date(), last_day=now.date())
    slot = SlotFactory(release=release, starts_at=starts_at)
    SeatFactory.create_batch(3, slot=slot, channel="COUNTER")
    return slot


def desk(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=["KANIM-LOKET", *args])


def scan(page: Page, text: str, gap: float = 0.005, *, is_clock_held: bool = False) -> None:
    """As a hand scanner types: so many seconds between two keys, however busy this machine is.

    Where the page's clock is held, its timers see the same seconds pass.
    """
    devtools = page.context.new_cdp_session(page)
    begun = time.time()
    for step, key in enumerate([*text, "Enter"]):
        typed = "\r" if key == "Enter" else key
        code = {"windowsVirtualKeyCode": 13} if key == "Enter" else {}
        told = {"key": key, "timestamp": begun + gap * step}
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": typed, **told, **code})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **told, **code})
        if is_clock_held and key != "Enter":
            page.clock.run_for(gap * 1000)
