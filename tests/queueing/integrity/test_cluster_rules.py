"""Which accounts become one row, and which never do."""

from dataclasses import replace

import pytest

from queueing.integrity.rules import bridges, clusters
from queueing.integrity.rules.clusters import Heat, Hub, HubKind, components, keep_codes

HEAT = Heat(percent=50, address_most=50, bridge_least=5, unrelated_most=10)


def hub(kind, value, showing, honest=0):
    showing = frozenset(showing)
    return Hub(HubKind(kind), str(value), len(showing) + honest, showing)


def found(*hubs):
    return [set(one.accounts) for one in components(hubs, HEAT)]


def one_hand(first, count, devices, addresses):
    """Accounts of one hand: each uses one of its devices and one of its addresses."""
    mine = range(first, first + count)
    return [
        *(hub("DEVICE", f"{first}-{n}", mine[n::devices]) for n in range(devices)),
        *(hub("ADDRESS", f"{first}-{n}", mine[n::addresses]) for n in range(addresses)),
    ]


def test_200_accounts_of_one_hand_are_one_row():
    hubs = one_hand(1000, 200, devices=3, addresses=40)
    assert found(*hubs) == [set(range(1000, 1200))]


def test_two_hands_stay_two_rows():
    hubs = one_hand(1000, 200, 3, 40) + one_hand(5000, 60, 2, 11)
    assert found(*hubs) == [set(range(1000, 1200)), set(range(5000, 5060))]


@pytest.mark.parametrize("kind", ["ADDRESS", "DEVICE"])
def test_a_cafe_with_three_bad_guests_joins_nobody(kind):
    assert found(hub(kind, "warnet", [1, 2, 3], honest=150)) == []


@pytest.mark.parametrize(("kind", "count"), [("ADDRESS", 50), ("ADDRESS", 51), ("BURST", 12)])
def test_a_kampung_joins_nobody_even_if_all_of_it_looks_bad(kind, count):
    """One address, or one mail domain on one morning, is what strangers share."""
    assert found(hub(kind, "x.test 2026-11-25", range(count))) == []


def test_a_place_and_a_time_join_together():
    """Accounts of a script that throws its cookies away: one address, signed up in a row."""
    address, burst = hub("ADDRESS", "a", range(40)), hub("BURST", "a 10:00", range(30))

    assert found(address, burst) == [set(range(30))]
    assert found(hub("ADDRESS", "a", range(40), honest=11), burst) == []


def test_what_a_place_says_is_cut_to_those_of_the_row():
    here, cafe = hub("DEVICE", "d", [1, 2, 3]), hub("ADDRESS", "warnet", [2, 3, 80, 90])
    [one] = components([here, cafe], HEAT)

    assert [(link.kind, link.showing) for link in one.hubs] == [
        ("DEVICE", {1, 2, 3}),
        ("ADDRESS", {2, 3}),
    ]


def test_two_crowds_that_meet_at_two_places_are_one_hand():
    here, there = hub("DEVICE", "d", range(10)), hub("DEVICE", "e", range(20, 30))
    first = hub("ADDRESS", "a", [1, 2, 21])

    assert len(found(here, there, first)) == 2
    assert len(found(here, there, first, hub("ADDRESS", "b", [3, 22]))) == 1
    assert len(found(here, there, first, hub("BURST", "x.test 10:00", [3, 22]))) == 1
    mornings = [hub("BURST", f"x.test 1{n}:00", [n, 20 + n]) for n in range(5)]
    assert len(found(here, there, *mornings)) == 2
    # One account that was seen at home and in the café is no crowd's doing.
    assert len(found(here, there, hub("ADDRESS", "a", [1, 21]), hub("ADDRESS", "b", [1, 22]))) == 2


@pytest.mark.parametrize(("others", "rows"), [(8, 1), (9, 11)])
def test_a_place_that_many_unrelated_ones_use_says_nothing(others, rows):
    hands = [hub("DEVICE", f"d{n}", range(n * 10, n * 10 + 5)) for n in range(others + 2)]
    everybody = [one for hand in hands for one in sorted(hand.showing)[:2]]
    places = [hub("ADDRESS", "a", everybody[::2]), hub("ADDRESS", "b", everybody[1::2])]

    assert len(found(*hands, *places)) == rows


def test_a_family_on_one_kk_joins_nobody():
    assert found(hub("KK", "keluarga", [], honest=4)) == []
    assert found(hub("KK", "keluarga", [1], honest=3)) == []


def test_two_attackers_in_one_cafe_stay_two_rows_unless_they_share_more():
    here, there = one_hand(100, 20, 1, 4), one_hand(500, 20, 1, 4)
    cafe = hub("ADDRESS", "warnet", {*range(100, 110), *range(500, 510)}, honest=28)

    assert found(*here, *there, cafe) == [set(range(100, 120)), set(range(500, 520))]
    phone = hub("PHONE", "satu", [100, 500])
    assert found(*here, *there, cafe, phone) == [{*range(100, 120), *range(500, 520)}]


def crowds(*bridges):
    """Two machines of twenty accounts each, and who used both."""
    first, second = set(range(100, 120)), set(range(500, 520))
    return hub("DEVICE", "d", first | set(bridges)), hub("DEVICE", "e", second | set(bridges))


def test_one_account_does_not_make_two_crowds_one_hand():
    larger = hub("DEVICE", "f", range(700, 730))

    assert [len(one) for one in found(*crowds(9))] == [21, 20]
    assert [len(one) for one in found(*crowds(9, 10))] == [42]
    assert {9, *range(700, 730)} in found(*crowds(9), replace(larger, showing={9} | larger.showing))


def test_a_bridge_is_none_where_the_crowds_share_something_else():
    phone = hub("PHONE", "p", [100, 500])

    for bridge in (9, 300, 900):
        groups = [one.showing for one in (*crowds(bridge), phone)]
        assert bridges.cut(groups, least=5) == groups
        assert [len(one) for one in found(*crowds(bridge), phone)] == [41]


def test_a_bridge_keeps_what_is_its_own():
    [one, _other] = found(*crowds(9), hub("PHONE", "p", [9, 10]))

    assert {9, 10} < one


def test_one_account_joins_a_few_others_to_a_crowd():
    few = hub("KK", "k", [9, 1, 2])

    assert [len(one) for one in found(crowds(9)[0], few)] == [23]


def test_a_chain_of_bridges_falls_into_its_crowds():
    groups = [frozenset(range(n * 30, n * 30 + 31)) for n in range(4)]

    assert sum(len(group) for group in bridges.cut(groups, least=5)) == 4 * 31 - 3
    assert bridges.cut(groups, least=31) == groups


@pytest.mark.parametrize(("honest", "is_hot"), [(0, True), (2, True), (3, False)])
def test_a_hub_is_hot_while_those_who_show_something_are_half_of_it(honest, is_hot):
    assert clusters.is_hot(hub("DEVICE", "x", [1, 2], honest=honest), HEAT) is is_hot


def test_links_of_a_row_are_its_hot_hubs_largest_first():
    small, large = hub("PHONE", "p", [3, 4]), hub("DEVICE", "d", [1, 2, 3])
    [one] = components([small, large, hub("KK", "k", [1, 9], honest=90)], HEAT)
    assert one.hubs == (large, small)
    assert one.accounts == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("points", "score"),
    [([50], 50), ([15, 25], 30), ([20] * 8, 50), ([20] * 200, 90), ([60] * 64, 100)],
)
def test_a_cluster_weighs_more_the_larger_it_is(points, score):
    assert clusters.score(points, doubling=10) == score


def test_codes_go_with_the_largest_overlap():
    kept = keep_codes({"A": {1, 2, 3}, "B": {7, 8}}, [{7, 8, 9}, {1, 2}])
    assert kept.codes == ("B", "A")
    assert kept.merged == {}


def test_a_new_row_has_no_code_yet_and_a_vanished_one_no_row():
    kept = keep_codes({"A": {1, 2}}, [{7, 8}])
    assert kept.codes == (None,)
    assert kept.merged == {}


def test_two_rows_that_became_one_keep_the_code_of_the_larger():
    kept = keep_codes({"A": {1, 2}, "B": {3, 4, 5}}, [{1, 2, 3, 4, 5}])
    assert kept.codes == ("B",)
    assert kept.merged == {"A": 0}


def test_a_row_that_split_keeps_its_code_for_the_larger_part():
    kept = keep_codes({"A": {1, 2, 3, 4, 5}}, [{1, 2}, {3, 4, 5}])
    assert kept.codes == (None, "A")
