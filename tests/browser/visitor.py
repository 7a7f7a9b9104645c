"""Somebody with a phone: opens pages, and notices what is wrong with them."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator

from accounts.models import User
from tests.browser.phones import Phones
from tests.offices.conftest import pass_second_factor

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong leaves the browser, with its markup: axe tells a thousand things that are
# right, and takes long to say where each thing is. What is foreign, somebody else's script draws.
VIOLATIONS = """([rules, foreign]) => axe
    .run(
      foreign ? {exclude: [foreign]} : document,
      {runOnly: rules, resultTypes: ["violations"], selectors: false},
    )
    .then(found => found.violations.map(rule => [rule.id, rule.nodes[0].html]))"""
# The portal of a test serves it (tests.live_settings): asked for as a file, the browser keeps what
# it has compiled, where its text would be sent and compiled again for each page.
AXE_OF_PORTAL = """async (origin) => {
    if ("axe" in window) return true;
    if (!navigator.onLine || location.origin !== origin) return false;
    const script = document.createElement("script");
    script.src = "/static/axe.min.js";
    const came = new Promise(done => {
        script.onload = () => done(true);
        script.onerror = () => done(false);
    });
    document.head.append(script);
    return came.finally(() => script.remove());
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A form that is sent back carries 422, which Chromium reports as a failed load.
LOOKS = ((320, "light"), (1280, "dark"))
# Each page is seen once, in turn on a small phone by day and on a desk by night; `make test
# ARGS="-m matrix"` sees each in the other look.
IN_TURN = [
    pytest.param(0, id="in turn"),
    pytest.param(1, id="the other way", marks=pytest.mark.matrix),
]
ANSWERED = "Failed to load resource: the server responded with a status of 4"


class Visitor:
    """Use ``page`` to act, ``check`` on each page that matters; ``troubles`` must stay empty."""

    def __init__(
        self,
        phones: Phones,
        url: str,
        *,
        width: int = 360,
        javascript: bool = True,
        user: User | None = None,
        officer: User | None = None,
    ) -> None:
        self.phones = phones
        self.url = url
        self.javascript = javascript
        self.officer = officer
        self.troubles: list[str] = []
        self.looks = count()
        self.page = phones.take(url, javascript=javascript)
        self.page.set_viewport_size({"width": width, "height": 740})
        self.context = self.page.context
        if user is not None:
            self.sign_in(user)
        if officer is not None:
            self.sign_in(officer, second_factor=True)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("response", lambda answer: self._answered(answer.url, answer.status))

    def sign_in(self, user: User, *, second_factor: bool = False) -> None:
        browser = Client()
        browser.force_login(user)
        if second_factor:
            session = browser.session
            pass_second_factor(session, user)
            session.save()
        cookie = {"name": "sessionid", "value": browser.session.session_key, "url": self.url}
        self.context.add_cookies([cookie])

    def press(self, button: Locator) -> None:
        """Click what leads to another page, and wait until that one has come."""
        with self.page.expect_navigation():
            button.click()

    def check(self) -> None:
        """The page as it stands: no barrier, nothing sideways, nothing heard."""
        self.inspect()
        assert self.troubles == [], self.troubles

    def inspect(self, *, rules: Sequence[str] = RULES, foreign: str = "") -> None:
        """Note what is wrong; ``foreign`` is what somebody else's script draws."""
        # A page that a click has led to may have its address, and nothing else of it yet.
        self.page.wait_for_load_state()
        if self.javascript:
            if not self.page.evaluate(AXE_OF_PORTAL, self.url):
                self.page.evaluate(AXE)  # without the network, or a page that is a file
            found = self.page.evaluate(VIOLATIONS, [rules, foreign])
            self.troubles += [f"{self.page.url} {rule}: {html[:200]}" for rule, html in found]
        pixels = self.page.evaluate(SIDEWAYS)
        if pixels > 0:
            self.troubles.append(f"{self.page.url} is {pixels} px too wide")

    def tour(self, paths: Sequence[str], *, first: int, may_miss: bool = False) -> None:
        """Open each and check it, the looks in turn."""
        for look, path in zip(count(first), paths, strict=False):
            self.take(look)
            answer = self.page.goto(path)
            assert may_miss or answer.status == 200, path
            self.check()

    def take(self, look: int) -> None:
        width, scheme = LOOKS[look % len(LOOKS)]
        self.page.set_viewport_size({"width": width, "height": 740})
        # Reduced motion makes every change of colour a short transition, level after level
        # of inheritance; axe would measure its middle.
        self.page.emulate_media(color_scheme=scheme, reduced_motion="no-preference")

    def close(self) -> None:
        self.phones.give_back(self.context, self.url, javascript=self.javascript)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(ANSWERED):
            self.troubles.append(f"{self.page.url} console: {message.text}")

    def _answered(self, url: str, status: int) -> None:
        if status >= 500:
            self.troubles.append(f"{url} answered {status}")
