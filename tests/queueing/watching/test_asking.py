"""Asking to be told: what is refused, what is one wish, and that it goes with the account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import personal_data
from queueing.booking.errors import AccountSuspended
from queueing.quota.errors import DayPast, DayTooFar
from queueing.quota.models import Seat
from queueing.watching import selectors
from queueing.watching.errors import NothingToWatch, RoomAlready, TooManyWatches, WatchUnknown
from queueing.watching.models import Watch
from queueing.watching.personal_data import WatchData
from queueing.watching.policies import WATCHES_PER_ACCOUNT
from queueing.watching.services import asking
from queueing.watching.services.asking import Wish
from tests.factories import OfficeFactory, UserFactory, WatchFactory
from tests.paspor.proving import set_figure
from tests.queueing.pages.visitors import near_day, near_hour

pytestmark = pytest.mark.django_db


def ask(office, account=None, **fields):
    usual = {"radius_km": 0, "people": 1, "passport_type": "REGULAR", "until": near_day(20)}
    wish = Wish(office=office.code, **usual | fields)
    return asking.ask(account=account or UserFactory(), wish=wish, now=timezone.now())


def test_the_same_again_is_one_watch_with_its_new_day():
    account, office = UserFactory(), OfficeFactory()
    first = ask(office, account)

    again = ask(office, account, until=near_day(9))

    assert (again, Watch.objects.get().until) == (first, near_day(9))


def test_one_account_waits_for_so_many():
    set_figure(WATCHES_PER_ACCOUNT, 2)
    account = UserFactory()
    WatchFactory(account=account, told_at=timezone.now())
    WatchFactory(account=account, until=near_day(-1))
    ask(OfficeFactory(), account)
    ask(OfficeFactory(), account)

    with pytest.raises(TooManyWatches):
        ask(OfficeFactory(), account)


def test_what_can_be_booked_now_is_not_waited_for():
    slot = near_hour(capacity=2, days=5)

    with pytest.raises(RoomAlready):
        ask(slot.office)
    assert ask(slot.office, people=3)
    assert ask(slot.office, until=near_day(4))
    Seat.objects.update(taken=True)


def test_where_nobody_issues_it_there_is_nothing_to_wait_for():
    ltsp = OfficeFactory(kind="LTSP", parent=OfficeFactory(), needs_referral=True)
    plain = OfficeFactory(passport_types=["REGULAR"])

    for office, fields in ((ltsp, {}), (plain, {"passport_type": "ELECTRONIC"})):
        with pytest.raises(NothingToWatch):
            ask(office, **fields)
    assert ask(ltsp, radius_km=25)  # its parent stands at the same place
    with pytest.raises(NothingToWatch):
        ask(plain, radius_km=7)


@pytest.mark.parametrize(("days", "error"), [(-1, DayPast), (100, DayTooFar)])
def test_the_last_day_lies_ahead_and_not_too_far(days, error):
    with pytest.raises(error):
        ask(OfficeFactory(), until=near_day(days))


def test_a_suspended_account_waits_for_nothing_new():
    with pytest.raises(AccountSuspended):
        ask(OfficeFactory(), UserFactory(suspended_at=timezone.now()))


def test_only_the_owner_stops_a_watch():
    watch = WatchFactory()
    with pytest.raises(WatchUnknown):
        asking.stop(account=UserFactory(), code=watch.code)

    asking.stop(account=watch.account, code=watch.code)

    assert not Watch.objects.exists()


def test_what_has_ended_is_read_for_two_weeks_and_forgotten_then():
    now = timezone.now()
    ended = WatchFactory(until=now.date() - timedelta(days=14))
    WatchFactory(until=now.date() - timedelta(days=15))
    WatchFactory(until=now.date() - timedelta(days=15), told_at=now)

    assert asking.forget_over(now) == 2
    assert Watch.objects.get() == ended
    assert selectors.state(ended, now) == "over"


def test_watches_are_exported_and_erased_with_their_account():
    mine, others = WatchFactory(people=3), WatchFactory()
    near = OfficeFactory()
    told_of = {"told_at": timezone.now(), "told_office": near, "told_day": near_day(3)}
    Watch.objects.filter(pk=mine.pk).update(**told_of)

    [told] = WatchData().export(mine.account)["watches"]
    personal_data.erase(user=mine.account, now=timezone.now())

    assert (told["code"], told["people"]) == (mine.code, 3)
    assert (told["told_office"], told["told_day"]) == (near.code, str(near_day(3)))
    assert Watch.objects.get() == others
