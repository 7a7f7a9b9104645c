"""docs/screens.md: what there is to see, one picture a page."""

from collections.abc import Sequence
from pathlib import Path

from tests.screens.page import Group, Page

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screens"
BOOK = ROOT / "docs" / "screens.md"
HEAD = """# Every page

Made by `make screens`, which opens each page at 360, 768 and 1280 px, light and dark, with
JavaScript and without; looks for barriers (axe), sideways scrolling and errors in the console;
and keeps one picture of each here. The people are invented. All the other pictures lie in
`.local/screens/`.
"""


def write(groups: Sequence[Group]) -> None:
    """The page, and away with pictures of what is no more."""
    BOOK.write_text(book(groups))
    names = {page.name for group in groups for page in group.pages}
    for picture in PICTURES.glob("*.webp"):
        if picture.stem not in names:
            picture.unlink()


def book(groups: Sequence[Group]) -> str:
    return "\n".join([HEAD, _contents(groups), *(_chapter(group) for group in groups)])


def _contents(groups: Sequence[Group]) -> str:
    lines = [f"- [{group.title}](#{_anchor(group.title)}): {group.text}" for group in groups]
    return "\n".join([*lines, ""])


def _anchor(title: str) -> str:
    return "".join(one for one in title.lower() if one.isalnum() or one in " -").replace(" ", "-")


def _chapter(group: Group) -> str:
    rows = [_row(page, group.width) for page in group.pages]
    return "\n".join([f"## {group.title}", "", "| | |", "|---|---|", *rows, ""])


def _row(page: Page, width: int) -> str:
    shown = 200 if width < 700 else 480
    picture = f'<img src="screens/{page.name}.webp" width="{shown}" alt="{page.title}">'
    return f"| {picture} | **{page.title}**<br>{page.why}<br>`{page.shown_at}` |"
