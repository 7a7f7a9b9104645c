"""A real Chromium, and what every page that it opens must keep: WCAG, 320 px, no errors."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.phones import Phones
from tests.browser.visitor import Visitor
from tests.live import Portal

# Pages of Chromium's own that it draws for each window, where nobody types an address.
NOT_SEEN = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"]
# Chromium obeys the last such list, so what Playwright does without is said again.
NOT_FOR_PLAYWRIGHT = [
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "AimEnabled"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
]
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second: to optimise its scripts costs more than it gains.
    "--js-flags=--no-opt --no-maglev",
    f"--disable-features={','.join(NOT_FOR_PLAYWRIGHT + NOT_SEEN)}",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def phones() -> Iterator[Phones]:
    """Of one Chromium for all tests of this process."""
    path = os.environ.get("CHROMIUM")
    if not path:
        pytest.skip("CHROMIUM is not set: the pages were NOT tried in a browser.")
    # Playwright runs a loop in this thread; Django would refuse its database beside one.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield Phones(browser)
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(phones: Phones, portal: Portal) -> Iterator[type[Visitor]]:
    """Opens a phone on the portal: ``visit(width=360, javascript=True, user=None)``."""
    opened: list[Visitor] = []

    def open_one(**how: object) -> Visitor:
        visitor = Visitor(phones, portal.url, **how)
        opened.append(visitor)
        return visitor

    yield open_one
    for visitor in opened:
        visitor.close()
