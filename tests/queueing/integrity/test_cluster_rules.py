"""Which accounts become one row, and which never do."""

import pytest

from queueing.integrity.rules import clusters
from queueing.integrity.rules.clusters import Heat, Hub, HubKind, components, keep_codes

HEAT = Heat(percent=50, address_most=50)


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


def test_a_kampung_behind_one_address_joins_nobody_even_if_all_of_it_looks_bad():
    assert found(hub("ADDRESS", "operator", range(51))) == []
    assert found(hub("ADDRESS", "rumah", range(50))) == [set(range(50))]


def test_a_family_on_one_kk_joins_nobody():
    assert found(hub("KK", "keluarga", [], honest=4)) == []
    assert found(hub("KK", "keluarga", [1], honest=3)) == []


def test_two_attackers_in_one_cafe_stay_two_rows_unless_they_share_more():
    here, there = one_hand(100, 20, 1, 4), one_hand(500, 20, 1, 4)
    cafe = hub("ADDRESS", "warnet", {*range(100, 110), *range(500, 510)}, honest=28)

    assert found(*here, *there, cafe) == [set(range(100, 120)), set(range(500, 520))]
    phone = hub("PHONE", "satu", [100, 500])
    assert found(*here, *there, cafe, phone) == [{*range(100, 120), *range(500, 520)}]


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
