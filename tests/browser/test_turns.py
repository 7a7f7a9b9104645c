"""The waiting page leads back by itself, with JavaScript and without."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from queueing.admission import rules
from queueing.admission.services import turns
from tests.browser.visitor import IN_TURN
from tests.factories import ApplicantFactory
from tests.queueing.admission.lining import seen_by, share
from tests.queueing.pages.visitors import near_hour


@pytest.fixture
def crowded(portal):
    """One pass, which somebody else has; and the form that I want to open."""
    slot, me = near_hour(), ApplicantFactory()
    with seen_by(portal):
        share(passes=1, waves=(rules.wave_of(timezone.now()) - 5,))
        turns.take("SOMEBODY", now=timezone.now())
        yield me.account, f"/pesan/{slot.code.lower()}/?orang=1"


def let_in():
    turns.leave("SOMEBODY", now=timezone.now())


def test_without_javascript_the_form_opens_when_the_turn_has_come(visit, crowded):
    account, form = crowded
    visitor = visit(width=320, javascript=False, user=account)
    page = visitor.page
    page.goto(form)
    expect(page.get_by_role("heading", name="Anda dalam antrean")).to_be_visible()
    visitor.check()
    let_in()
    # Nothing is pressed: the page tells the browser when to look again, and where.
    told = page.locator("meta[http-equiv=refresh]").get_attribute("content")
    seconds, there = re.fullmatch(r"(\d+);url=(/\S+)", told).groups()
    assert 1 <= int(seconds) <= 10
    page.goto(there)
    assert page.url.endswith(form)
    visitor.check()


@pytest.mark.parametrize("look", IN_TURN)
def test_with_javascript_the_place_is_told_live_and_the_form_opens(visit, crowded, look):
    account, form = crowded
    visitor = visit(user=account)
    visitor.take(look)
    page = visitor.page
    page.clock.install()
    turns.take("BEFORE-ME", now=timezone.now())
    page.goto(form)
    place = page.locator(".turn__number")
    expect(place).to_contain_text("2")
    visitor.check()
    turns.leave("BEFORE-ME", now=timezone.now())
    page.clock.run_for(31_000)
    expect(place).to_contain_text("1")
    visitor.check()
    let_in()
    page.clock.run_for(31_000)
    page.wait_for_url(re.compile(r"/pesan/"))
