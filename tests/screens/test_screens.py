"""Every page of the portal is in the lists, and docs/screens.md shows each of them."""

import pytest
from django.urls import get_resolver

from tests.paspor.routes import routes
from tests.screens import gallery
from tests.screens.lists import GROUPS
from tests.screens.routes import WITHOUT, looked_at, needs_a_page, plain
from tests.screens.webp import without_profile

PAGES = [page for group in GROUPS for page in group.pages]
EXCUSED = {route for routes in WITHOUT.values() for route in routes}
# Of the gallery, for each of its pictures.
MOST_BYTES = 16_000


@pytest.fixture
def demonstration(settings) -> set[str]:
    """The routes of the portal that is photographed."""
    settings.ROOT_URLCONF = "tests.screens.urls"
    return {
        plain(route) for route, _view in routes(get_resolver("tests.screens.urls").url_patterns)
    }


def test_every_page_is_looked_at(demonstration):
    """A new one joins a list of tests/screens/lists, or its reason stands in routes.py."""
    wanted = {route for route in demonstration if needs_a_page(route)}

    assert wanted - looked_at() - EXCUSED == set()


def test_no_excuse_outlives_its_route_or_its_need(demonstration):
    assert EXCUSED - demonstration == set()
    assert EXCUSED & looked_at() == set()


def test_no_two_pages_share_a_picture():
    names = [page.name for page in PAGES]

    assert sorted(names) == sorted(set(names))


def test_the_gallery_shows_each_page_and_no_other():
    kept = {path.stem: path.read_bytes() for path in gallery.PICTURES.glob("*.webp")}

    assert gallery.BOOK.read_text() == gallery.book(GROUPS)
    assert set(kept) == {page.name for page in PAGES}
    assert all(picture[:4] + picture[8:12] == b"RIFFWEBP" for picture in kept.values())
    assert all(picture == without_profile(picture) for picture in kept.values())
    assert sum(map(len, kept.values())) < MOST_BYTES * len(kept)
