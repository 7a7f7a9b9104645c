"""The two pictures of a cluster: within the frame, few accounts one by one, many as groups."""

from datetime import date, timedelta

import pytest

from queueing.integrity import drawing
from queueing.integrity.drawing import HUBS_SHOWN, WIDTH, Link

DAYS = [date(2026, 10, 1) + timedelta(days=n) for n in range(60)]


def links(accounts, devices, addresses):
    """As of one hand: each account on one device and behind one address."""
    return [
        *(Link("Perangkat", f"D{n}", frozenset(accounts[n::devices])) for n in range(devices)),
        *(Link("Alamat", f"A{n}", frozenset(accounts[n::addresses])) for n in range(addresses)),
    ]


def drawn(count, devices=3, addresses=40):
    accounts = list(range(count))
    names = {account: f"KODE{account}" for account in accounts}
    return drawing.web(links(accounts, devices, addresses), names)


def test_five_accounts_are_drawn_one_by_one():
    web = drawn(5, devices=1, addresses=2)
    assert sorted(dot.name for dot in web.dots) == [f"KODE{n}" for n in range(5)]
    assert len(web.boxes) == 3
    assert len(web.edges) == 10
    assert (web.hidden_links, web.hidden_accounts) == (0, 0)


def test_200_accounts_are_drawn_as_groups_and_none_is_lost():
    web = drawn(200)
    assert len(web.boxes) == HUBS_SHOWN
    assert sum(dot.count for dot in web.dots) + web.hidden_accounts == 200
    assert web.hidden_links == 43 - HUBS_SHOWN
    assert len(web.dots) <= drawing.GROUPS_SHOWN


@pytest.mark.parametrize("count", [2, 5, 24, 25, 200, 5000])
def test_everything_stands_within_the_frame(count):
    web = drawn(count)
    for mark in (*(box.middle for box in web.boxes), *(dot.y for dot in web.dots)):
        assert 10 < mark < web.height - 10
    middles = sorted(dot.y for dot in web.dots)
    assert all(b - a >= drawing.BOX for a, b in zip(middles, middles[1:], strict=False))


def test_the_same_cluster_is_drawn_the_same_way():
    some = links(list(range(50)), 3, 9)
    names = {account: str(account) for account in range(50)}
    assert drawing.web(some, names) == drawing.web(list(reversed(some)), names)


def test_a_day_with_the_most_is_the_highest_and_one_act_is_still_seen():
    counts = {"holds": {DAYS[0]: 1, DAYS[59]: 4000}, "voids": {}}
    timeline = drawing.timeline(DAYS, counts)
    holds, voids = timeline.rows
    assert [bar.height for bar in holds.bars] == [2.0, drawing.BARS]
    assert holds.bars[1].x + holds.bars[1].width <= WIDTH
    assert (holds.most, holds.total, voids.most, voids.bars) == (4000, 4001, 0, ())
    assert [tick.day for tick in timeline.ticks] == [DAYS[0], DAYS[30], DAYS[59]]
