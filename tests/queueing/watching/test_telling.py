"""Who waits is told once, of what everybody can see, some at a time."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from offices.models import Office
from paspor.kernel import sharing
from queueing.quota.models import Seat
from queueing.quota.policies import BOOK_CUTOFF_MINUTES
from queueing.watching.models import Watch
from queueing.watching.policies import TOLD_PER_SEAT
from queueing.watching.services import telling
from tests.cache_prefix import new_cache_prefix
from tests.factories import UserFactory, WatchFactory
from tests.paspor.proving import set_figure
from tests.queueing.pages.visitors import near_day, near_hour, working_office

pytestmark = pytest.mark.django_db


def today_at(hour, minute=0):
    """By the clock of Jakarta; whether there is room goes by the database's clock."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time(hour, minute)))


def tell(now=None):
    sharing.forget()
    new_cache_prefix()
    return telling.tell(now or today_at(10))


def seats_come(office, **fields):
    return near_hour(office, days=3, **({"capacity": 5} | fields))


def test_who_waits_is_told_once():
    watch = WatchFactory(office=working_office(), people=2, account__language="en")
    assert tell() == 0
    slot = seats_come(watch.office)

    assert [tell(), tell()] == [1, 0]

    letter = Message.objects.get()
    assert (letter.to, letter.about) == (watch.account.email, f"watch:{watch.code}")
    assert "This letter holds no seat." in letter.text
    asked = f"orang=2&paspor=REGULAR&sebelum={watch.until}&jenis="
    assert f"/kantor/{watch.office.code}/{slot.day}/?{asked}\n" in letter.text
    assert today_at(10) <= letter.not_before <= today_at(10) + telling.JITTER
    assert letter.not_after <= slot.starts_at
    watch.refresh_from_db()
    told = (watch.told_at, watch.told_office, watch.told_day)
    assert told == (today_at(10), watch.office, slot.day)


def test_a_family_is_told_of_two_neighbouring_hours_and_that_they_are_two():
    watch = WatchFactory(office=working_office(), people=5, passport_type="ELECTRONIC")
    first = seats_come(watch.office, hour=9, capacity=3)
    seats_come(watch.office, hour=10, capacity=2)

    assert tell() == 1

    letter = Message.objects.get()
    assert "dalam dua jam berurutan" in letter.text
    assert "elektronik" in letter.text
    closes_at = first.starts_at - timedelta(minutes=BOOK_CUTOFF_MINUTES.default)
    assert letter.not_after <= closes_at


def test_a_letter_too_late_to_book_by_is_not_written_and_uses_nothing_up():
    watch = WatchFactory(office=working_office())
    closes_at = seats_come(watch.office, hour=10).starts_at - timedelta(
        minutes=BOOK_CUTOFF_MINUTES.default
    )

    assert tell(closes_at) == 0
    assert Watch.objects.get().told_at is None
    assert tell(closes_at - telling.JITTER) == 1
    assert Message.objects.get().not_after == closes_at


def test_nobody_is_told_of_a_seat_before_others_can_see_it():
    watch = WatchFactory(office=working_office())
    slot = seats_come(watch.office)
    Seat.objects.filter(slot=slot).update(visible_at=timezone.now() + timedelta(minutes=5))
    assert tell() == 0

    Seat.objects.filter(slot=slot).update(visible_at=timezone.now() - timedelta(minutes=1))

    assert tell() == 1


@pytest.mark.parametrize(
    "fields",
    [
        lambda: {"people": 5},
        lambda: {"passport_type": "POLYCARBONATE"},
        lambda: {"until": near_day(2)},
        lambda: {"account__suspended_at": today_at(10)},
        lambda: {"account__is_active": False},
        lambda: {"told_at": today_at(10)},
    ],
)
def test_who_would_not_be_helped_by_it_is_not_told(fields):
    office = working_office(passport_types=["REGULAR"])
    seats_come(office, capacity=4)
    WatchFactory(office=office, **fields())

    assert tell() == 0


def test_around_a_place_the_soonest_office_within_the_radius_is_told_of():
    here, near = working_office(latitude="-6.2"), working_office(latitude="-6.5", name="B Dekat")
    far = working_office(latitude="-8.0", name="C Jauh")
    for office in (near, far):
        seats_come(office)
    WatchFactory(office=here)
    around = [WatchFactory(office=here, radius_km=km) for km in (25, 50, 500)]

    assert tell() == 2

    told = set(Message.objects.values_list("about", flat=True))
    assert told == {f"watch:{watch.code}" for watch in around[1:]}
    assert set(Watch.objects.values_list("told_office__name", flat=True)) == {None, "B Dekat"}
    assert (
        f"dekat={here.code}&radius=50&jenis="
        in Message.objects.get(about=f"watch:{around[1].code}").text
    )
    assert all("B Dekat" in letter.subject for letter in Message.objects.all())


def test_an_office_by_referral_is_nobody_s_news():
    parent = working_office()
    ltsp = working_office(kind="LTSP", parent=parent, needs_referral=True)
    seats_come(ltsp)
    WatchFactory(office=ltsp)

    assert tell() == 0


def test_no_more_are_told_than_the_seats_are_worth_and_the_rest_at_the_next_round():
    set_figure(TOLD_PER_SEAT, 2)
    office = working_office()
    seats_come(office, capacity=2)
    WatchFactory.create_batch(4, office=office)
    WatchFactory.create_batch(2, office=office, people=2)
    WatchFactory.create_batch(2, office=office, radius_km=25)

    rounds = [tell() for _number in range(5)]

    assert sum(rounds) == 8
    # Four people a round; a pair that begins before they are used up is told whole.
    assert all(told <= 4 for told in rounds)


def test_the_order_is_that_of_the_lots_and_not_of_asking():
    set_figure(TOLD_PER_SEAT, 1)
    office = working_office()
    seats_come(office, capacity=1)
    first = WatchFactory(office=office, lot=9)
    second = WatchFactory(office=office, lot=4)

    assert tell() == 1

    assert Watch.objects.get(told_at=None) == first
    assert Message.objects.get().to == second.account.email


def test_nobody_is_told_at_night_by_the_clock_of_the_place():
    watch = WatchFactory(office=working_office())
    seats_come(watch.office)

    assert tell(today_at(23, 30)) == 0
    # 21.00 is quiet: a letter that leaves some minutes later must not come then.
    assert tell(today_at(20, 58)) == 0
    Office.objects.update(timezone="Asia/Jayapura")
    assert tell(today_at(19)) == 0
    assert tell(today_at(18, 55)) == 1


def test_a_round_measures_each_way_once(monkeypatch):
    for _number in range(3):
        seats_come(working_office())
    measured = []
    km = telling.offices.distance_km
    monkeypatch.setattr(
        telling.offices, "distance_km", lambda *points: measured.append(1) or km(*points)
    )

    tell()

    assert len(measured) == 3 * 2


def test_a_round_asks_a_bounded_number_of_questions(django_assert_max_num_queries):
    offices = [working_office() for _number in range(6)]
    for office in offices:
        seats_come(office)
    account = UserFactory()
    WatchFactory.create_batch(8, office=offices[0], account=account, told_at=today_at(10))
    tell()

    of_sizes, offices_and_policies = 2 * 5, 3
    with django_assert_max_num_queries(of_sizes + offices_and_policies):
        assert tell() == 0
