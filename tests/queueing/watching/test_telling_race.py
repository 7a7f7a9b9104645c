"""Two rounds in the same instant write each letter once; two wishes at once are counted."""

from functools import partial

import pytest
from django.db import connection

from accounts.models import Message
from queueing.watching.errors import TooManyWatches
from queueing.watching.policies import WATCHES_PER_ACCOUNT
from queueing.watching.services import telling
from tests.at_once import at_once
from tests.factories import UserFactory, WatchFactory
from tests.paspor.proving import set_figure
from tests.queueing.pages.visitors import near_hour, working_office
from tests.queueing.watching.watches import ask, this_morning

pytestmark = pytest.mark.usefixtures("committed_db")
WAITING = 12


def test_two_rounds_at_once_tell_each_once(monkeypatch):
    office = working_office()
    near_hour(office, capacity=WAITING)
    WatchFactory.create_batch(WAITING, office=office)
    monkeypatch.setattr(telling, "BATCH", 4)

    now = this_morning()
    told = at_once([partial(telling.tell, now), partial(telling.tell, now)])
    again = telling.tell(now)

    assert sum(told) + again == WAITING
    assert Message.objects.count() == WAITING
    assert Message.objects.values("about").distinct().count() == WAITING


def test_an_account_that_asks_twice_at_once_stays_within_its_limit():
    set_figure(WATCHES_PER_ACCOUNT, 1)
    account = UserFactory()
    asks = [partial(try_to_ask, working_office(), account) for _number in range(4)]

    assert sorted(at_once(asks)) == [False, False, False, True]


def try_to_ask(office, account):
    try:
        ask(office, account)
    except TooManyWatches:
        return False
    return True


def test_the_database_refuses_a_second_letter():
    watch = WatchFactory(office=working_office())
    near_hour(watch.office)
    telling.tell(this_morning())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE queueing_watch SET told_at = NULL, told_office_id = NULL, told_day = NULL"
        )

    telling.tell(this_morning())

    assert Message.objects.count() == 1
