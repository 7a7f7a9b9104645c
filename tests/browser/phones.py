"""Phones that are used again: a new one costs Chromium more than most of what is tried on it."""

from collections import defaultdict
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

UNTOUCHED = "[Date, setTimeout, fetch].every(one => String(one).includes('[native code]'))"


@dataclass
class Phones:
    """One browser, and its phones that nobody holds."""

    browser: Browser
    resting: dict[tuple[str, bool], list[Page]] = field(default_factory=lambda: defaultdict(list))

    def take(self, url: str, *, javascript: bool) -> Page:
        """The only page of a phone that knows nobody."""
        if resting := self.resting[url, javascript]:
            return resting.pop()
        return self.browser.new_context(
            base_url=url,
            java_script_enabled=javascript,
            locale="id-ID",
            reduced_motion="reduce",
        ).new_page()

    def give_back(self, context: BrowserContext, url: str, *, javascript: bool) -> None:
        """Nothing is left of whoever had it: not their pages, cookies, tickets nor rights."""
        page = context.new_page()  # before the others go: with its last page a phone goes cold
        for used in context.pages[:-1]:
            used.close()
        if not page.evaluate(UNTOUCHED):  # its clock was turned, and cannot be turned back
            context.close()
            return
        context.set_offline(False)
        context.clear_cookies()
        context.clear_permissions()
        context.set_geolocation(None)
        wire = context.new_cdp_session(page)
        wire.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
        wire.send("Network.clearBrowserCache")
        wire.detach()
        self.resting[url, javascript].append(page)
