"""Who waits, who is called where, and who sits at which counter; all of one day at an office."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from paspor.kernel import policy
from queueing.booking.models import Booking, Place
from queueing.desk import errors, policies, rules
from queueing.desk.models import Letter, QueueNumber, Sitting, WaitingScreen
from queueing.desk.rules import Called, Patience, Waiting, Weave

State = QueueNumber.State
LABEL = re.compile(r"([A-Z])(\d{1,5})")
ENDED_AT_COUNTER = (Place.State.SERVED, Place.State.TURNED_AWAY)
# As far back as the weaving of the letters looks.
LATELY = 60
# What the officer still sees of numbers that are done.
MOST_DONE = 5


def next_ones(office: Office, *, now: datetime) -> list[Waiting]:
    """Everybody who waits, in the order of calling; two queries."""
    today = QueueNumber.objects.filter(office=office, day=office.today(now))
    rows = today.filter(state=State.WAITING).values_list("pk", "letter", "due_at", "arrived_at")
    called = today.filter(called_at__isnull=False).order_by("-called_at", "-pk")
    return rules.call_order(
        (Waiting(*row) for row in rows),
        lately=[Called(*row) for row in called.values_list("letter", "called_at")[:LATELY]],
        weave=weave_of(office, now),
        now=now,
    )


def patience_at(office: Office, *, now: datetime) -> Patience:
    return Patience(
        calls=policies.CALLS_BEFORE_GONE.at(now=now, scope=office.code),
        after=policy.minutes(policies.GONE_AFTER_MINUTES, now=now, scope=office.code),
    )


def weave_of(office: Office, now: datetime) -> Weave:
    return Weave(
        policies.BOOKED_PER_PRIORITY.at(now=now, scope=office.code),
        policies.BOOKED_PER_WALK_IN.at(now=now, scope=office.code),
    )


def is_label(text: str) -> bool:
    """Whether this is written as a queue number is."""
    return LABEL.fullmatch(text.strip().upper()) is not None


def number_of(office: Office, label: str, *, now: datetime) -> QueueNumber:
    """Today's number as people say it (A012); raises NumberUnknown."""
    told = LABEL.fullmatch(label.strip().upper())
    if told is None:
        raise errors.NumberUnknown
    queued = (
        QueueNumber.objects.filter(
            office=office, day=office.today(now), letter=told[1], number=int(told[2])
        )
        .select_related("booking__slot__office", "office")
        .first()
    )
    if queued is None:
        raise errors.NumberUnknown
    return queued


def open_number_of(booking: Booking) -> QueueNumber | None:
    found = QueueNumber.objects.filter(booking=booking, state__in=QueueNumber.OPEN)
    return found.select_related("office", "officer").first()


def ahead_of(queued: QueueNumber, *, now: datetime) -> int | None:
    """How many are called before this number; None where it does not wait."""
    if queued.state != State.WAITING:
        return None
    order = [one.key for one in next_ones(queued.office, now=now)]
    return order.index(queued.pk) if queued.pk in order else None


def may_be_called(queued: QueueNumber) -> bool:
    return queued.state in (State.WAITING, State.HELD)


def counter_at(office: Office, officer: User, *, now: datetime) -> int | None:
    """Where the officer sits today."""
    mine = Sitting.objects.filter(officer=officer, office=office, day=office.today(now), until=None)
    return mine.values_list("counter", flat=True).first()


def other_counter(queued: QueueNumber | None, officer: User, *, now: datetime) -> int | None:
    """The counter, not the officer's own, that has called the number or serves it."""
    if queued is None or queued.state not in QueueNumber.AT_COUNTER:
        return None
    mine = counter_at(queued.office, officer, now=now)
    return None if queued.counter == mine else queued.counter


def may_be_let_forward(queued: QueueNumber) -> bool:
    return queued.letter != Letter.PRIORITY and may_be_called(queued)


def numbers_of(office: Office, day: date) -> dict[str, QueueNumber]:
    """The latest number of each booking of a day, by its code; one query."""
    found = (
        QueueNumber.objects.filter(office=office, day=day).order_by("pk").select_related("booking")
    )
    return {queued.booking.code: queued for queued in found}


def people_of(numbers: Sequence[QueueNumber]) -> dict[int, list[Place]]:
    """Whom each of these numbers is or was for, by its key and by name; one query.

    While it is open that is whoever of its booking is there; afterwards, those who were
    checked in under it and not under a later one; of a number given up, who has not come, or
    came again under a later one.
    """
    under = QueueNumber.objects.filter(
        booking=OuterRef("booking"), arrived_at__lte=OuterRef("checked_in_at")
    )
    found = (
        Place.objects.filter(booking__in={queued.booking_id for queued in numbers})
        .annotate(number=Subquery(under.order_by("-pk").values("pk")[:1]))
        .select_related("applicant")
        .order_by("applicant__name", "pk")
    )
    of_booking: dict[int, list[Place]] = defaultdict(list)
    for place in found:
        of_booking[place.booking_id].append(place)
    return {
        queued.pk: [place for place in of_booking[queued.booking_id] if _is_of(queued, place)]
        for queued in numbers
    }


def _is_of(queued: QueueNumber, place: Place) -> bool:
    if queued.state in QueueNumber.OPEN:
        return place.state == Place.State.CHECKED_IN
    if queued.state == State.GONE:
        came_again = place.number is not None and place.number > queued.pk
        return came_again or place.state in (Place.State.BOOKED, Place.State.NO_SHOW)
    return place.number == queued.pk and place.state in ENDED_AT_COUNTER


def ended_last(booking: Booking) -> list[str]:
    """The people whom the booking's last act served or turned away; else CannotUndo."""
    ended = booking.places.exclude(ended_at=None).order_by("-ended_at")
    latest = ended.first()
    if latest is None or latest.state not in ENDED_AT_COUNTER:
        raise errors.CannotUndo
    together = ended.filter(ended_at=latest.ended_at, state=latest.state)
    return list(together.values_list("applicant__code", flat=True))


@dataclass(frozen=True)
class QueueOfDay:
    """The queue of today as one counter sees it. ``waiting`` is in the order of calling."""

    counter: int | None
    mine: QueueNumber | None
    waiting: tuple[QueueNumber, ...]
    held: tuple[QueueNumber, ...]
    elsewhere: tuple[QueueNumber, ...]
    done: tuple[QueueNumber, ...]
    # By its booking, the newest number that each has.
    newest: Mapping[int, QueueNumber]


def queue_of(office: Office, officer: User, *, now: datetime) -> QueueOfDay:
    """Four queries, however long the queue is."""
    day = office.today(now)
    counter = counter_at(office, officer, now=now)
    found = QueueNumber.objects.filter(office=office, day=day).select_related("booking__slot")
    numbers = {queued.pk: queued for queued in found}
    order = _woven(numbers.values(), office, now)
    at_counters = [queued for queued in numbers.values() if queued.state in QueueNumber.AT_COUNTER]
    ended = [queued for queued in numbers.values() if queued.ended_at and queued.calls]
    newest = {queued.booking_id: queued for _pk, queued in sorted(numbers.items())}
    return QueueOfDay(
        counter=counter,
        mine=next((queued for queued in at_counters if queued.counter == counter), None),
        waiting=tuple(numbers[one.key] for one in order),
        held=tuple(
            sorted(
                (queued for queued in numbers.values() if queued.state == State.HELD),
                key=lambda queued: queued.arrived_at,
            )
        ),
        elsewhere=tuple(
            sorted(
                (queued for queued in at_counters if queued.counter != counter),
                key=lambda queued: queued.counter or 0,
            )
        ),
        done=tuple(
            sorted(
                (queued for queued in ended if counter is not None and queued.counter == counter),
                key=lambda queued: queued.ended_at or now,
                reverse=True,
            )[:MOST_DONE]
        ),
        newest=newest,
    )


def _woven(numbers: Iterable[QueueNumber], office: Office, now: datetime) -> list[Waiting]:
    """Who is called next, from rows that are read already."""
    known = list(numbers)
    called = sorted(
        (
            (queued.called_at, queued.pk, queued.letter)
            for queued in known
            if queued.called_at is not None
        ),
        reverse=True,
    )
    return rules.call_order(
        (
            Waiting(queued.pk, queued.letter, queued.due_at, queued.arrived_at)
            for queued in known
            if queued.state == State.WAITING
        ),
        lately=[Called(letter, at) for at, _pk, letter in called[:LATELY]],
        weave=weave_of(office, now),
        now=now,
    )


def sitting_now(office: Office, *, now: datetime) -> dict[int, str]:
    """Who sits at which counter, by their address; left_behind are those no longer there."""
    return _by_counter(_sittings(office, now=now))


def left_behind(office: Office, *, now: datetime) -> dict[int, str]:
    """The counters whose officer may serve here no more, by that officer's address; one query.

    A post that ends leaves the number where it is, until somebody takes the counter over.
    """
    serving = offices.holders(Act.SERVE, office, now)
    return _by_counter(_sittings(office, now=now).exclude(officer__in=serving))


def stuck(office: Office, numbers: Iterable[QueueNumber], *, now: datetime) -> list[QueueNumber]:
    """Those of these numbers that are at such a counter; no query where none is at any."""
    there = [queued for queued in numbers if queued.state in QueueNumber.AT_COUNTER]
    left = left_behind(office, now=now) if there else {}
    return [queued for queued in there if queued.counter in left]


def _sittings(office: Office, *, now: datetime) -> QuerySet[Sitting]:
    return Sitting.objects.filter(office=office, day=office.today(now), until=None)


def _by_counter(sittings: QuerySet[Sitting]) -> dict[int, str]:
    return dict(sittings.order_by("counter").values_list("counter", "officer__email"))


def at_counters(office: Office, *, now: datetime) -> list[QueueNumber]:
    """The number at each counter, the newest call first; who is done or gone is none; one query.

    As many as the office has counters in use, since a counter has one number at a time.
    """
    there = QueueNumber.objects.filter(
        office=office, day=office.today(now), state__in=QueueNumber.AT_COUNTER
    )
    return list(there.order_by("-last_called_at", "-pk"))


def screens_of(office: Office) -> list[WaitingScreen]:
    """The screens that are not revoked, the newest first."""
    open_ones = WaitingScreen.objects.filter(office=office, revoked_at=None)
    return list(open_ones.select_related("made_by").order_by("-pk"))
