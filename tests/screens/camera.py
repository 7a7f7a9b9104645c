"""Opens a page in every look, says what is wrong with it, and keeps the pictures."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Response
from playwright.sync_api import Error as BrowserError

from tests.browser.phones import Phones
from tests.browser.visitor import RULES, Visitor
from tests.screens.page import Page
from tests.screens.stage import Stage
from tests.screens.webp import without_profile

WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
LEAST, MOST = 740, 1600  # pixels of a picture's height
QUALITY = 40
# The gallery's pictures lie in git: a desk's are made smaller, and each is cut.
SHRUNK, CUT = 0.6, 1000
# A colour on its way to another is neither. What turns for ever has no end.
SETTLED = """document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity)
    .forEach(one => one.finish())"""


@dataclass(frozen=True)
class Look:
    width: int
    scheme: str
    javascript: bool

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}{'' if self.javascript else '-plain'}"


@dataclass(frozen=True)
class Album:
    """Where pictures go: all of them, and the one of each page that the gallery shows."""

    everything: Path
    gallery: Path


def matrix(javascript: bool) -> Iterator[Look]:
    for width, scheme in product(WIDTHS, SCHEMES):
        yield Look(width, scheme, javascript)


def photograph(
    phones: Phones, stage: Stage, page: Page, album: Album, *, shown: Look, looks: Sequence[Look]
) -> list[str]:
    """What is wrong with the page, one line each; the gallery keeps the look ``shown``."""
    javascript = looks[0].javascript
    visitor = _visitor(phones, stage, page, javascript)
    try:
        troubles = _open(visitor, stage, page)
        wire = visitor.context.new_cdp_session(visitor.page)
        for look in looks:
            _take_on(visitor, look)
            visitor.inspect(rules=_rules(look), foreign=page.foreign)
            troubles += [f"{page.name} {look}: {trouble}" for trouble in visitor.troubles]
            visitor.troubles.clear()
            picture = _picture(visitor, wire)
            (album.everything / f"{page.name}-{look}.webp").write_bytes(picture)
            if look == shown:
                (album.gallery / f"{page.name}.webp").write_bytes(_small(visitor, wire))
    except (BrowserError, AssertionError, KeyError) as broken:
        how = "with" if javascript else "without"
        return [f"{page.name} {how} JavaScript cannot be opened: {broken}"]
    else:
        return troubles
    finally:
        visitor.close()


def _rules(look: Look) -> Sequence[str]:
    """By night only the colours are others."""
    return RULES if look.scheme == SCHEMES[0] else ["color-contrast"]


def _visitor(phones: Phones, stage: Stage, page: Page, javascript: bool) -> Visitor:
    user = stage.users[page.who] if page.who else None
    as_whom = {"officer" if stage.is_officer(page.who) else "user": user}
    # By name, not by number: a security key is bound to a domain.
    url = stage.portal.url.replace("127.0.0.1", "localhost")
    return Visitor(phones, url, javascript=javascript, **as_whom)


def _open(visitor: Visitor, stage: Stage, page: Page) -> list[str]:
    if page.scene:
        stage.scenes[page.scene]()
    if page.enter:
        page.enter(visitor)
    path = page.path.format_map(stage.names)
    answer = visitor.page.goto(path)
    if page.act:
        page.act(visitor)
    if page.status >= 500:
        visitor.troubles.clear()  # it was asked for
    return [*_wrong_answer(page, answer), *_wrong_place(visitor, page, stage)]


def _wrong_answer(page: Page, answer: Response | None) -> list[str]:
    said = answer.status if answer else "nothing"
    return [] if said == page.status else [f"{page.name} answered {said}, not {page.status}"]


def _wrong_place(visitor: Visitor, page: Page, stage: Stage) -> list[str]:
    """Sent elsewhere, as whoever may not see a page is."""
    wanted = page.shown_at.format_map(stage.names).partition("?")[0]
    stands = urlsplit(visitor.page.url).path
    return [] if stands == wanted else [f"{page.name} stands at {stands}, not at {wanted}"]


def _take_on(visitor: Visitor, look: Look) -> None:
    visitor.page.set_viewport_size({"width": look.width, "height": LEAST})
    # As Visitor.take: with reduced motion axe would measure the middle of a transition.
    visitor.page.emulate_media(color_scheme=look.scheme, reduced_motion="no-preference")
    visitor.page.evaluate(SETTLED)


def _picture(visitor: Visitor, wire: CDPSession) -> bytes:
    """As tall as the page, so that what sticks to the lower edge lies there."""
    page = visitor.page
    tall = page.evaluate("document.documentElement.scrollHeight")
    size = {"width": page.viewport_size["width"], "height": min(MOST, max(LEAST, tall))}
    page.set_viewport_size(size)
    return _captured(wire)


def _small(visitor: Visitor, wire: CDPSession) -> bytes:
    size = visitor.page.viewport_size
    scale = SHRUNK if size["width"] > min(WIDTHS) else 1
    tall = min(size["height"], CUT)
    return _captured(wire, x=0, y=0, width=size["width"], height=tall, scale=scale)


def _captured(wire: CDPSession, **clip: float) -> bytes:
    how = {"format": "webp", "quality": QUALITY} | ({"clip": clip} if clip else {})
    return without_profile(base64.b64decode(wire.send("Page.captureScreenshot", how)["data"]))
