"""The look keeps its promises: colours in one place, nothing inline, light enough for 3G."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
# Mail programs know no style sheets, so mails alone may carry styles of their own.
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if "email" not in path.relative_to(ROOT).parts
]
COLOUR = re.compile(r":[^;{}]*?(#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\()[^{}]*;")
# A block of JSON is data: no browser runs it, and the policy leaves it alone.
INLINE = re.compile(
    r"\sstyle\s*=\s*[\"']|<style\b|<script(?![^>]*\s(?:src=|type=\"application/json\"))|\son[a-z]+\s*=\s*[\"']|hx-on|[\"']js:"
)
ICON = re.compile(r"\bicon(?:_after)?=\"([a-z0-9-]+)\"|icon\.html\" with name=\"([a-z0-9-]+)\"")
FIRST_VISIT = [
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "img/icons.svg",
    "img/wordmark.svg",
    "img/favicon.svg",
    "js/once.js",
    "js/clock.js",
    "js/fresh.js",
    "js/copy-share.js",
    "vendor/htmx-2.0.11.min.js",
]


@pytest.mark.parametrize("path", sorted(CSS.rglob("*.css")), ids=lambda path: path.name)
def test_only_the_tokens_name_colours(path):
    if path.name == "tokens.css":
        assert COLOUR.search(path.read_text())
        return
    assert not COLOUR.findall(path.read_text())


def test_no_template_carries_inline_style_or_script():
    # The content security policy allows neither, so a browser would drop them silently.
    found = [
        (str(path.relative_to(ROOT)), match.group().strip())
        for path in TEMPLATES
        for match in INLINE.finditer(path.read_text())
    ]

    assert found == []


def test_every_icon_a_template_names_is_in_the_sprite():
    sprite = set(
        re.findall(r"<symbol id=\"([^\"]+)\"", (ROOT / "static/img/icons.svg").read_text())
    )
    named = {
        first or second for path in TEMPLATES for first, second in ICON.findall(path.read_text())
    }

    assert named
    assert named - sprite == set()


def test_first_visit_is_light():
    weight = sum(
        len(gzip.compress((ROOT / "static" / name).read_bytes(), 9)) for name in FIRST_VISIT
    )

    assert weight < 45 * 1024
