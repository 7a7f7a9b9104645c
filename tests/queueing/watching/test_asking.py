"""Asking to be told: what is refused, what is one wish, and that it goes with the account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import personal_data
from paspor.kernel import problems
from queueing.booking.errors import AccountSuspended
from queueing.quota.errors import DayPast, DayTooFar
from queueing.quota.models import Seat
from queueing.watching import selectors
from queueing.watching.errors import (
    NothingServed,
    NothingToWatch,
    RoomAlready,
    TooManyWatches,
    WatchUnknown,
)
from queueing.watching.models import Watch
from queueing.watching.personal_data import WatchData
from queueing.watching.policies import WATCHES_PER_ACCOUNT
from queueing.watching.services import asking
from tests.factories import (
    OfficeFactory,
    OpeningHoursFactory,
    SpecialDayFactory,
    UserFactory,
    WatchFactory,
)
from tests.paspor.proving import set_figure
from tests.queueing.pages.visitors import near_day, near_hour, working_office
from tests.queueing.watching.watches import ask

pytestmark = pytest.mark.django_db


def test_the_same_again_is_one_watch_with_its_new_day():
    account, office = UserFactory(), working_office()
    first = ask(office, account)

    again = ask(office, account, until=near_day(9))

    assert (again, Watch.objects.get().until) == (first, near_day(9))


def test_one_account_waits_for_so_many():
    set_figure(WATCHES_PER_ACCOUNT, 2)
    account = UserFactory()
    WatchFactory(account=account, told_at=timezone.now())
    WatchFactory(account=account, until=near_day(-1))
    ask(working_office(), account)
    ask(working_office(), account)

    with pytest.raises(TooManyWatches):
        ask(working_office(), account)


def test_what_can_be_booked_now_is_not_waited_for():
    slot = near_hour(capacity=2, days=5)

    with pytest.raises(RoomAlready):
        ask(slot.office)
    assert ask(slot.office, people=3)
    assert ask(slot.office, until=near_day(4))
    Seat.objects.update(taken=True)


def test_where_nobody_issues_it_there_is_nothing_to_wait_for():
    ltsp = working_office(kind="LTSP", parent=working_office(), needs_referral=True)
    plain = working_office(passport_types=["REGULAR"])

    for office, fields in ((ltsp, {}), (plain, {"passport_type": "ELECTRONIC"})):
        with pytest.raises(NothingToWatch):
            ask(office, **fields)
    assert ask(ltsp, radius_km=25)  # its parent stands at the same place
    with pytest.raises(NothingToWatch):
        ask(plain, radius_km=7)


def opened_from(days, **fields):
    """An office whose first hours are so many days away."""
    office = OfficeFactory(**fields)
    for weekday in range(7):
        OpeningHoursFactory(office=office, weekday=weekday, valid_from=near_day(days))
    return office


def test_a_span_without_a_day_of_service_is_refused_with_why_and_the_first_that_serves():
    office = opened_from(3)

    with pytest.raises(NothingServed) as refused:
        ask(office, until=near_day(2))

    assert refused.value.extras == {"office": office.code, "day": str(near_day(3))}
    told = problems.sentence(refused.value)
    assert told.count("Kantor tidak melayani pada hari itu.") == 3
    assert told.endswith(f"{near_day(3).year}.")
    assert ask(office, until=near_day(3))


def test_around_a_place_one_office_that_serves_is_enough():
    office = opened_from(9, latitude="-6.2", longitude="106.8")
    near = opened_from(5, latitude="-6.3", longitude="106.8")
    opened_from(1, latitude="-8.0", longitude="106.8")

    with pytest.raises(NothingServed) as refused:
        ask(office, radius_km=25, until=near_day(4))

    assert refused.value.extras == {"office": near.code, "day": str(near_day(5))}
    told = problems.sentence(refused.value)
    assert f"di {office.name} dan sampai 25 km darinya" in told
    assert told.endswith(f"di {near.name}.")
    assert ask(office, radius_km=25, until=near_day(5))
    assert ask(office, radius_km=500, until=near_day(2))


def test_a_day_that_is_full_or_not_open_yet_is_waited_for_and_a_closed_one_is_not():
    full = near_hour(days=1).office
    SpecialDayFactory(office=full, day=near_day(0))
    Seat.objects.update(taken=True)
    closed = working_office()
    for days in range(3):
        SpecialDayFactory(office=closed, day=near_day(days))

    assert ask(full, until=near_day(1))
    assert ask(closed, until=near_day(3))
    with pytest.raises(NothingServed):
        ask(closed, until=near_day(2))


@pytest.mark.parametrize(("days", "error"), [(-1, DayPast), (100, DayTooFar)])
def test_the_last_day_lies_ahead_and_not_too_far(days, error):
    with pytest.raises(error):
        ask(working_office(), until=near_day(days))


def test_a_suspended_account_waits_for_nothing_new():
    with pytest.raises(AccountSuspended):
        ask(working_office(), UserFactory(suspended_at=timezone.now()))


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
    near = working_office()
    told_of = {"told_at": timezone.now(), "told_office": near, "told_day": near_day(3)}
    Watch.objects.filter(pk=mine.pk).update(**told_of)

    [told] = WatchData().export(mine.account)["watches"]
    personal_data.erase(user=mine.account, now=timezone.now())

    assert (told["code"], told["people"]) == (mine.code, 3)
    assert (told["told_office"], told["told_day"]) == (near.code, str(near_day(3)))
    assert Watch.objects.get() == others
