"""What a passport costs and what to bring. No database but for what policy sets."""

import datetime as dt

import pytest

from offices.models import PassportType
from paspor.kernel.models import PolicyValue
from queueing.booking import documents, fees, policies, prices
from queueing.booking.errands import Errand
from queueing.booking.models import Place

NOW = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("passport_type", "day", "age", "rupiah"),
    [
        ("REGULAR", NOW, 30, [350_000, 650_000]),
        ("ELECTRONIC", NOW, 30, [650_000, 950_000]),
        ("POLYCARBONATE", NOW, 30, [650_000, 950_000]),
        ("REGULAR", NOW, 16, [350_000]),
        ("REGULAR", NOW, 17, [350_000, 650_000]),
        ("REGULAR", NOW, None, [350_000, 650_000]),
        ("REGULAR", dt.date(2024, 12, 16), 30, [350_000]),
        ("REGULAR", dt.date(2024, 12, 17), 30, [350_000, 650_000]),
        ("REGULAR", dt.date(2019, 4, 30), 30, []),
    ],
)
def test_fees_in_force_on_a_day(passport_type, day, age, rupiah):
    assert [fee.rupiah for fee in fees.fees(passport_type, day=day, age=age)] == rupiah


def test_ten_years_are_for_those_of_17_and_for_the_married():
    young = fees.fees("REGULAR", day=NOW, age=16, is_married=True)
    assert [fee.years for fee in young] == [5, 10]


@pytest.mark.parametrize(
    ("kind", "rupiah"), [("LOST", 1_000_000), ("DAMAGED", 500_000), ("NEW", 0)]
)
def test_surcharges(kind, rupiah):
    assert fees.surcharge(kind, day=NOW) == rupiah


@pytest.mark.parametrize(
    ("kind", "day", "rupiah"),
    [
        ("NEW", NOW, 1_000_000),
        ("REPLACEMENT", NOW, 1_000_000),
        ("LOST", NOW, 0),
        ("DATA_CHANGE", NOW, 0),
        ("NEW", dt.date(2019, 4, 30), 0),
    ],
)
def test_the_same_day_is_for_new_ones_and_replacements(kind, day, rupiah):
    assert fees.same_day(kind, day=day) == rupiah


@pytest.mark.parametrize(
    ("passport_type", "day", "count"),
    [
        ("REGULAR", NOW, 3),
        ("ELECTRONIC", NOW, 0),
        ("POLYCARBONATE", NOW, 0),
        ("REGULAR", dt.date(2024, 12, 16), 0),
    ],
)
def test_free_is_the_plain_passport_alone_and_since_the_law(passport_type, day, count):
    assert len(fees.free(passport_type, day=day)) == count


@pytest.mark.parametrize("passport_type", PassportType.values)
def test_every_passport_type_has_a_price_today(passport_type):
    assert fees.fees(passport_type, day=NOW, age=40)


@pytest.mark.parametrize("kind", Place.Kind.values)
@pytest.mark.parametrize("is_child", [True, False])
def test_every_kind_has_a_list(kind, is_child):
    assert documents.to_bring(kind, is_child=is_child)


def test_renewal_asks_for_the_old_passport_and_lost_for_the_report():
    assert documents.OLD_PASSPORT in documents.to_bring("REPLACEMENT", is_child=False)
    assert documents.POLICE_REPORT in documents.to_bring("LOST", is_child=False)
    assert documents.POLICE_REPORT in documents.to_bring("LOST", is_child=True)


@pytest.mark.parametrize(
    ("people", "each", "minutes"), [(1, 15, 45), (2, 15, 60), (5, 12, 105), (3, 20, 90)]
)
def test_visit_is_told_up_to_the_next_quarter(people, each, minutes):
    assert documents.visit_minutes(people, each) == minutes


def test_the_figures_begin_as_the_law_of_today():
    in_force = {
        (fee.passport_type, fee.years): fee.rupiah for fee in fees.FEES if fee.valid_to is None
    }
    assert {key: figure.default for key, figure in policies.FEE_OF.items()} == in_force
    assert {kind: figure.default for kind, figure in policies.SURCHARGE_OF.items()} == {
        row.kind: row.rupiah for row in fees.SURCHARGES
    }
    assert [policies.SAME_DAY_FEE.default] == [row.rupiah for row in fees.SAME_DAY]


@pytest.mark.django_db
def test_an_order_changes_a_price_from_its_day_on():
    morning = dt.datetime(2027, 1, 1, 8, tzinfo=prices.ZONE)
    for key, value in (("fee_regular_5", 400_000), ("surcharge_lost", 0)):
        PolicyValue.objects.create(key=key, value=value, valid_from=morning, why="percobaan")

    def of(day):
        (short, long) = prices.fees_of("REGULAR", day=day, age=40)
        return short.rupiah, short.law, long.rupiah, prices.surcharge(Errand("LOST"), day=day)

    assert of(dt.date(2026, 12, 31)) == (350_000, "PP 45/2024", 650_000, 1_000_000)
    assert of(dt.date(2027, 1, 1)) == (400_000, "", 650_000, 0)
    assert prices.fees_of("REGULAR", day=dt.date(2024, 12, 16), age=40)[0].rupiah == 350_000
