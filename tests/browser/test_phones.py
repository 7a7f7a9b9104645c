"""A phone that is used again remembers nobody; one whose clock was turned is thrown away."""

import pytest

from tests.browser.visitor import Visitor

KEEP = """async () => {
  localStorage.setItem("mine", "1");
  document.cookie = "mine=1";
  await caches.open("mine");
}"""
KEPT = "async () => [localStorage.length, document.cookie.includes('mine'), await caches.keys()]"


@pytest.fixture
def used(phones, portal) -> Visitor:
    """Somebody's, on a page, with something kept."""
    visitor = Visitor(phones, portal.url)
    visitor.page.goto("/cek/")
    visitor.page.evaluate(KEEP)
    return visitor


def test_whoever_has_it_next_finds_nothing(phones, used):
    assert used.page.evaluate(KEPT) == [1, True, ["mine"]]
    used.context.set_offline(True)
    used.close()

    later = Visitor(phones, used.url)

    assert (later.context, len(later.context.pages)) == (used.context, 1)
    later.page.goto("/cek/")
    assert later.page.evaluate(KEPT) == [0, False, []]
    later.close()


def test_one_whose_clock_was_turned_is_not_used_again(phones, used):
    used.page.clock.install()
    used.close()

    assert used.context not in phones.browser.contexts
