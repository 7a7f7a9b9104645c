"""Which officer sits at which counter today."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from offices.models import Office
from offices.rules import Act
from offices.services import authority
from paspor.kernel.database import violated
from queueing.desk import errors
from queueing.desk.models import QueueNumber, Sitting


@transaction.atomic
def sit(
    *, officer: User, office: Office, counter: int, now: datetime, take_over: bool = False
) -> Sitting:
    """Take a counter for the day; leaves the one the officer had, which must be empty.

    Raises CounterTaken where somebody else sits there, unless they are relieved
    (``take_over``): who is being served there goes on with whoever comes.
    """
    authority.require(officer=officer, act=Act.SERVE, office=office, now=now)
    day = office.today(now)
    mine = _open(day=day, officer=officer).select_for_update().first()
    if mine and (mine.office_id, mine.counter) == (office.pk, counter):
        return mine
    if mine:
        _check_empty(mine)
    there = _open(office=office, day=day, counter=counter).select_for_update(of=("self",)).first()
    if there and not take_over:
        raise errors.CounterTaken(counter=counter, officer=there.officer.email)
    for left in (mine, there):
        if left:
            left.until = now
            left.save(update_fields=["until"])
    return _create(Sitting(office=office, day=day, counter=counter, officer=officer, since=now))


def _create(sitting: Sitting) -> Sitting:
    """Or the one that the officer opened there in the same moment, by a second tap."""
    try:
        with transaction.atomic():
            sitting.save(force_insert=True)
    except IntegrityError as problem:
        if not violated(problem, "sitting_one_per_counter", "sitting_one_per_officer"):
            raise
        at = {"office": sitting.office, "day": sitting.day, "counter": sitting.counter}
        there = _open(**at).first()
        if there and there.officer_id == sitting.officer_id:
            return there
        by = there.officer.email if there else ""
        raise errors.CounterTaken(counter=sitting.counter, officer=by) from problem
    return sitting


@transaction.atomic
def leave(*, officer: User, office: Office, now: datetime) -> None:
    """Leave the counter; raises CounterBusy while a number is called or served there."""
    mine = _open(day=office.today(now), officer=officer, office=office).select_for_update().first()
    if mine:
        _check_empty(mine)
        mine.until = now
        mine.save(update_fields=["until"])


def counter_of(officer: User, office: Office, *, now: datetime) -> int:
    """Raises NoCounter where the officer has not sat down today."""
    mine = _open(day=office.today(now), officer=officer, office=office).first()
    if mine is None:
        raise errors.NoCounter
    return mine.counter


def empty_counter_of(officer: User, office: Office, *, now: datetime) -> int:
    """Lock the counter to call somebody to it: nobody else calls there until the commit.

    Who presses twice waits, and learns that the counter is busy: each press would lock a
    number, and the last of them would find nobody. Raises CounterBusy.
    """
    open_ = _open(day=office.today(now), officer=officer, office=office)
    mine = open_.select_for_update(no_key=True, of=("self",)).first()
    if mine is None:
        raise errors.NoCounter
    _check_empty(mine)
    return mine.counter


def _check_empty(sitting: Sitting) -> None:
    busy = QueueNumber.objects.filter(
        office=sitting.office_id,
        day=sitting.day,
        counter=sitting.counter,
        state__in=QueueNumber.AT_COUNTER,
    )
    if busy.exists():
        raise errors.CounterBusy


def _open(**of: object) -> QuerySet[Sitting]:
    return Sitting.objects.filter(until=None, **of).select_related("officer")
