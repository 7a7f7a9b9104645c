"""Each worker starts to import at another place, and leaves out nothing."""

from tests.importing import own_part_first

NAMES = ["a", "b", "c", "d", "e", "f", "g"]


def test_each_of_three_workers_imports_all_and_begins_with_a_part_of_its_own():
    orders = [own_part_first(NAMES, worker, 3) for worker in range(3)]

    assert [order[0] for order in orders] == ["a", "c", "e"]
    assert all(sorted(order) == NAMES for order in orders)


def test_one_worker_alone_imports_in_order():
    assert own_part_first(NAMES, 0, 1) == NAMES
    assert own_part_first([], 0, 1) == []
