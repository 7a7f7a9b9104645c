"""A page to be looked at: its address, who opens it, and what it is for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.browser.visitor import Visitor

Act = Callable[[Visitor], None]


@dataclass(frozen=True)
class Page:
    """``path`` names what is on the stage in braces: /kantor/{office}/.

    ``who`` is a name on the stage, empty for a stranger. Before the page is opened its
    ``scene`` is set up and ``enter`` is done; ``act`` is done on it, which may lead to
    ``ends``, before anybody looks. One whose scene changes what others show comes ``last``.
    axe leaves out what is ``foreign``, drawn by somebody else's script.
    """

    name: str
    path: str
    title: str
    why: str
    who: str = ""
    status: int = 200
    scene: str = ""
    enter: Act | None = None
    act: Act | None = None
    ends: str = ""
    last: bool = False
    foreign: str = ""

    @property
    def shown_at(self) -> str:
        return self.ends or self.path


@dataclass(frozen=True)
class Group:
    """Pages of one kind of reader, photographed as wide as their screens usually are."""

    title: str
    text: str
    width: int
    pages: Sequence[Page]
