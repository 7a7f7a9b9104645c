"""At a counter: call, call again, put aside, serve, send away, give up, take back."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from offices.errors import ReasonNeeded
from offices.models import Approval
from offices.services import approvals
from paspor.kernel.errors import NeedsApproval, NotAllowed
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services import events
from queueing.booking.services.events import Why
from queueing.desk import errors, queue_selectors
from queueing.desk.models import QueueNumber, Sitting
from queueing.desk.services import attendance, calling, sittings
from queueing.desk.services.attendance import Visit
from tests.factories import (
    LONG_AGO,
    BookingFactory,
    OfficerPostFactory,
    PlaceFactory,
    PolicyValueFactory,
    QueueNumberFactory,
)
from tests.queueing.desk.conftest import NOW, START

pytestmark = pytest.mark.django_db
# As long as somebody who was called at NOW is given to come.
AWHILE = NOW + timedelta(minutes=2)


@pytest.fixture
def sari(office):
    return OfficerPostFactory(office=office, user__email="sari@contoh.test").user


@pytest.fixture
def budi(office):
    return OfficerPostFactory(office=office, user__email="budi@contoh.test").user


@pytest.fixture
def at_one(office, sari):
    sittings.sit(officer=sari, office=office, counter=1, now=NOW)
    return {"officer": sari, "office": office, "now": NOW}


@pytest.fixture
def at_two(office, budi):
    sittings.sit(officer=budi, office=office, counter=2, now=NOW)
    return {"officer": budi, "office": office, "now": NOW}


@pytest.fixture
def wait(slot):
    """Somebody waits; the later the call, the later they came."""
    came = iter(range(1000))

    def wait(people: int = 1, **fields) -> QueueNumber:
        booking = BookingFactory(slot=slot)
        PlaceFactory.create_batch(people, booking=booking, state="CHECKED_IN")
        at = START + timedelta(seconds=next(came))
        return QueueNumberFactory(booking=booking, arrived_at=at, due_at=START, **fields)

    return wait


def state(queued: QueueNumber) -> tuple[str, int | None]:
    queued.refresh_from_db()
    return queued.state, queued.counter


def told(queued: QueueNumber) -> list[str]:
    events = BookingEvent.objects.filter(booking_id=queued.booking_id).order_by("id")
    return list(events.values_list("what", flat=True))


def test_counters_call_one_after_the_other(wait, at_one, at_two):
    first, second = wait(), wait()
    assert calling.call_next(**at_one) == first
    assert calling.call_next(**at_two) == second
    assert (state(first), state(second)) == (("CALLED", 1), ("CALLED", 2))
    assert first.called_at == NOW


def test_a_counter_has_one_number_at_a_time(wait, at_one):
    wait(), wait()
    calling.call_next(**at_one)
    with pytest.raises(errors.CounterBusy):
        calling.call_next(**at_one)


def test_nobody_waits(at_one):
    with pytest.raises(errors.NobodyWaits):
        calling.call_next(**at_one)


def test_without_a_counter_nobody_is_called(wait, office, sari):
    wait()
    with pytest.raises(errors.NoCounter):
        calling.call_next(officer=sari, office=office, now=NOW)


def test_who_does_not_work_there_calls_nobody(wait, office, at_one):
    stranger = OfficerPostFactory().user
    with pytest.raises(NotAllowed):
        calling.call_next(**at_one | {"officer": stranger})
    with pytest.raises(NotAllowed):
        sittings.sit(officer=stranger, office=office, counter=7, now=NOW)


def test_the_whole_way_is_in_the_log(wait, at_one):
    queued = wait(people=2)
    calling.call_next(**at_one)
    calling.call_again(**at_one, label=queued.label)
    calling.start(**at_one, label=queued.label)
    calling.finish(**at_one, label=queued.label)
    assert state(queued) == ("DONE", 1)
    assert told(queued) == ["CALLED", "CALLED", "AT_COUNTER", "SERVED", "SERVED"]
    assert set(Place.objects.values_list("state", flat=True)) == {"SERVED"}
    last_call = BookingEvent.objects.filter(what="CALLED").latest("id")
    assert last_call.detail == {"number": queued.label, "counter": 1, "calls": 2}
    assert last_call.actor_id == at_one["officer"].pk


def test_a_number_is_called_out_of_turn_for_a_reason_that_is_kept(wait, at_one, at_two):
    first, second = wait(), wait()
    for why in (Why(), Why("elderly"), Why("other", " ")):
        with pytest.raises(ReasonNeeded):
            calling.call_chosen(**at_one, label=second.label, why=why)
    calling.call_chosen(**at_one, label=second.label, why=Why("unwell"))
    assert (state(first), state(second)) == (("WAITING", None), ("CALLED", 1))
    event = BookingEvent.objects.get(what="CALLED")
    assert (event.reason, event.detail["out_of_turn"]) == ("unwell", True)
    with pytest.raises(errors.NumberMoved):
        calling.call_chosen(**at_two, label=second.label, why=Why("unwell"))


def test_a_number_put_aside_is_called_by_any_counter(wait, at_one, at_two):
    queued = wait()
    calling.call_next(**at_one)
    calling.hold(**at_one, label=queued.label)
    assert state(queued) == ("HELD", None)
    calling.call_held(**at_two, label=queued.label)
    assert (state(queued), queued.calls, queued.called_at) == (("CALLED", 2), 2, NOW)


def test_a_number_put_back_is_the_next_one(wait, at_one):
    first, _second = wait(), wait()
    calling.call_next(**at_one)
    calling.put_back(**at_one, label=first.label)
    assert state(first) == ("WAITING", None)
    assert calling.call_next(**at_one) == first


@pytest.mark.parametrize(
    "act", [calling.call_again, calling.start, calling.hold, calling.put_back, calling.finish]
)
def test_nobody_touches_the_number_of_another_counter(wait, at_one, at_two, act):
    queued = wait()
    calling.call_next(**at_one)
    with pytest.raises(errors.NumberMoved):
        act(**at_two, label=queued.label)
    assert state(queued) == ("CALLED", 1)


def test_whoever_cannot_be_served_leaves_with_a_reason(wait, at_one):
    queued = wait()
    calling.call_next(**at_one)
    with pytest.raises(errors.TurnAwayNeedsReason):
        calling.turn_away(**at_one, label=queued.label, why=Why())
    calling.turn_away(**at_one, label=queued.label, why=Why("documents_missing"))
    assert state(queued) == ("DONE", 1)
    assert Place.objects.get().state == "TURNED_AWAY"


def test_who_never_answers_may_still_come_back_today(wait, at_one, office, sari):
    queued = wait()
    calling.call_next(**at_one)
    with pytest.raises(errors.CallAgainFirst):
        calling.gone(**at_one, label=queued.label)
    calling.call_again(**at_one, label=queued.label)
    calling.call_again(**at_one, label=queued.label)
    with pytest.raises(errors.GoneTooSoon):
        calling.gone(**at_one | {"now": AWHILE - timedelta(seconds=1)}, label=queued.label)
    assert state(queued) == ("CALLED", 1)
    calling.gone(**at_one | {"now": AWHILE}, label=queued.label)
    assert state(queued) == ("GONE", 1)
    # Not absent yet: that is for the closing of the day, by the rules of absence.
    assert Place.objects.get().state == "BOOKED"
    visit = attendance.Visit(office, queued.booking.code)
    attendance.check_in(officer=sari, visit=visit, now=NOW)
    assert QueueNumber.objects.filter(state="WAITING").count() == 1


@pytest.mark.parametrize(
    ("leave", "call"),
    [(calling.put_back, calling.call_next), (calling.hold, calling.call_held)],
    ids=["back", "aside"],
)
def test_patience_begins_anew_for_who_was_put_back_or_aside(wait, at_one, leave, call):
    queued = wait()
    calling.call_next(**at_one)
    for _time in range(2):
        calling.call_again(**at_one, label=queued.label)
    leave(**at_one, label=queued.label)
    later = at_one | {"now": AWHILE}
    call(**later, **({} if call is calling.call_next else {"label": queued.label}))
    with pytest.raises(errors.CallAgainFirst) as refused:
        calling.gone(**later, label=queued.label)
    assert refused.value.params == {"calls": 1, "needed": 3}
    for _time in range(2):
        calling.call_again(**later, label=queued.label)
    with pytest.raises(errors.GoneTooSoon):
        calling.gone(**later, label=queued.label)
    calling.gone(**at_one | {"now": AWHILE + (AWHILE - NOW)}, label=queued.label)
    queued.refresh_from_db()
    assert (queued.state, queued.calls, queued.called_at) == ("GONE", 6, NOW)


def test_how_often_somebody_is_called_is_the_offices_to_say(wait, at_one, office):
    PolicyValueFactory(key="calls_before_gone", scope=office.code, value=1)
    PolicyValueFactory(key="gone_after_minutes", scope=office.code, value=0)
    queued = wait()
    calling.call_next(**at_one)
    assert calling.gone(**at_one, label=queued.label).state == "GONE"


def test_a_service_taken_back_returns_to_the_counter(wait, at_one):
    queued = wait()
    calling.call_next(**at_one)
    calling.finish(**at_one, label=queued.label)
    calling.take_back(**at_one, label=queued.label)
    assert state(queued) == ("SERVING", 1)
    assert Place.objects.get().state == "CHECKED_IN"


def test_it_waits_aside_where_the_counter_has_another(wait, at_one):
    queued, _next = wait(), wait()
    calling.call_next(**at_one)
    calling.finish(**at_one, label=queued.label)
    calling.call_next(**at_one)
    calling.take_back(**at_one, label=queued.label)
    assert state(queued) == ("HELD", None)


def test_taking_back_touches_nobody_who_was_served_before(wait, at_one, office, sari):
    queued = wait(people=2)
    one, other = queued.booking.places.order_by("pk")
    attendance.serve(
        officer=sari,
        visit=attendance.Visit(office, queued.booking.code, [one.applicant.code]),
        now=NOW,
    )
    # The database's clock stands still within the test's one transaction.
    Place.objects.filter(pk=one.pk).update(ended_at=LONG_AGO)
    calling.call_next(**at_one)
    calling.finish(**at_one, label=queued.label)
    calling.take_back(**at_one, label=queued.label)
    one.refresh_from_db(), other.refresh_from_db()
    assert (one.state, other.state) == ("SERVED", "CHECKED_IN")


def test_an_absence_taken_back_receives_only_those_who_had_come(wait, at_one, office):
    PolicyValueFactory(key="calls_before_gone", scope=office.code, value=1)
    queued = wait()
    absent = PlaceFactory(booking=queued.booking)
    calling.call_next(**at_one)
    calling.gone(**at_one | {"now": AWHILE}, label=queued.label)
    calling.take_back(**at_one, label=queued.label)
    absent.refresh_from_db()
    assert (state(queued), absent.state) == (("CALLED", 1), "BOOKED")
    assert queued.booking.places.get(state="CHECKED_IN").checked_in_at == queued.arrived_at


def missed(wait, at_one, office) -> QueueNumber:
    """Called, and gone without an answer."""
    PolicyValueFactory(key="calls_before_gone", scope=office.code, value=1)
    queued = wait()
    calling.call_next(**at_one)
    calling.gone(**at_one | {"now": AWHILE}, label=queued.label)
    return queued


def test_whom_to_receive_again_is_no_matter_of_the_log(wait, at_one, office, monkeypatch):
    def renamed(booking, what: str, **columns: object) -> BookingEvent:
        return events.record(booking, what, **columns | {"detail": {}})

    monkeypatch.setattr(calling, "events", SimpleNamespace(record=renamed))
    queued = missed(wait, at_one, office)
    calling.take_back(**at_one, label=queued.label)
    assert state(queued) == ("CALLED", 1)
    assert queued.booking.places.get().state == "CHECKED_IN"


def test_whom_to_receive_again_is_carried_over_from_the_log(wait, at_one, office):
    """By the migration."""
    queued = missed(wait, at_one, office)
    people = QueueNumber.objects.get(pk=queued.pk).left_people
    QueueNumber.objects.update(left_people=None)
    with pytest.raises(errors.CannotUndo):
        calling.take_back(**at_one, label=queued.label)

    with connection.cursor() as cursor:
        cursor.execute(
            import_module("queueing.migrations.0047_fill_state_beside_the_log").FILL_LEFT
        )

    assert QueueNumber.objects.get(pk=queued.pk).left_people == people
    calling.take_back(**at_one, label=queued.label)
    assert state(queued) == ("CALLED", 1)


def test_who_was_turned_away_comes_back_to_the_counter(wait, at_one):
    queued = wait()
    Place.objects.update(checked_in_at=NOW)
    calling.call_next(**at_one)
    calling.turn_away(**at_one, label=queued.label, why=Why("other", "Sakit."))
    calling.take_back(**at_one, label=queued.label)
    assert state(queued) == ("SERVING", 1)
    assert Place.objects.get().state == "CHECKED_IN"


def test_one_of_a_family_is_turned_away_and_the_others_stay(wait, at_one):
    queued = wait(people=3)
    one = Place.objects.first()
    calling.call_next(**at_one)
    why = Why("documents_missing")
    calling.turn_away(**at_one, label=queued.label, why=why, people=[one.applicant.code])
    assert state(queued) == ("CALLED", 1)
    assert sorted(Place.objects.values_list("state", flat=True)) == [
        "CHECKED_IN",
        "CHECKED_IN",
        "TURNED_AWAY",
    ]


def at_counter(wait, at_one, people: int) -> tuple[QueueNumber, list[Place]]:
    queued = wait(people=people)
    calling.call_next(**at_one)
    calling.start(**at_one, label=queued.label)
    return queued, list(Place.objects.order_by("pk"))


def test_one_of_a_family_is_served_and_the_others_stay(wait, at_one):
    queued, (one, *_others) = at_counter(wait, at_one, people=2)
    calling.finish(**at_one, label=queued.label, people=[one.applicant.code])
    assert state(queued) == ("SERVING", 1)
    assert list(Place.objects.order_by("pk").values_list("state", flat=True)) == [
        "SERVED",
        "CHECKED_IN",
    ]
    calling.finish(**at_one, label=queued.label)
    assert state(queued) == ("DONE", 1)


def test_one_of_a_family_who_is_not_there_may_still_come(wait, at_one, office, sari):
    queued, (one, *_others) = at_counter(wait, at_one, people=2)
    codes = [one.applicant.code]
    calling.gone(**at_one, label=queued.label, people=codes)
    one.refresh_from_db()
    assert (one.state, one.checked_in_at) == ("BOOKED", None)
    assert state(queued) == ("SERVING", 1)
    left = BookingEvent.objects.get(what="LEFT_QUEUE")
    assert left.detail["people"] == codes
    back = attendance.Visit(office, queued.booking.code, codes)
    attendance.check_in(officer=sari, visit=back, now=NOW)
    assert QueueNumber.objects.count() == 1


def test_who_is_left_alone_is_called_as_often_as_anybody(wait, at_one):
    """Not there while others are is one thing; that all of them left is another."""
    queued, people = at_counter(wait, at_one, people=2)
    everybody = [place.applicant.code for place in people]
    with pytest.raises(errors.CallAgainFirst):
        calling.gone(**at_one, label=queued.label, people=everybody)


def test_nobody_is_missed_of_a_number_that_was_only_called(wait, at_one):
    queued = wait(people=2)
    calling.call_next(**at_one)
    code = Place.objects.first().applicant.code
    with pytest.raises(errors.CallAgainFirst):
        calling.gone(**at_one, label=queued.label, people=[code])


def test_whoever_was_served_is_not_missed(wait, at_one):
    """That would take their service back."""
    queued, (one, *_others) = at_counter(wait, at_one, people=3)
    codes = [one.applicant.code]
    calling.finish(**at_one, label=queued.label, people=codes)
    with pytest.raises(errors.NumberMoved):
        calling.gone(**at_one, label=queued.label, people=codes)
    one.refresh_from_db()
    assert one.state == "SERVED"


def test_priority_is_given_with_a_reason_and_a_number_of_its_own(wait, at_one):
    wait(), wait()
    queued = wait()
    before = queued.label
    why = Why("pregnant")
    given = calling.give_priority(**at_one, label=queued.label, why=why, has_proof=True)
    assert given.label == "P001"
    assert calling.call_next(**at_one) == queued
    event = BookingEvent.objects.get(what="PRIORITISED")
    assert (event.reason, event.detail["before"]) == ("pregnant", before)


def test_priority_without_proof_takes_a_second_officer(wait, at_one, office):
    queued = wait()
    ask = {**at_one, "label": queued.label, "why": Why("elderly"), "has_proof": False}
    with pytest.raises(NeedsApproval) as refused:
        calling.give_priority(**ask)
    asked = refused.value.request
    yes = approvals.ask(request=asked, officer=at_one["officer"], reason="elderly", now=NOW)
    head = OfficerPostFactory(office=office, role="HEAD").user
    approvals.grant(approval=yes, second=head, used_second_factor=True, now=NOW)
    assert calling.give_priority(**ask).letter == "P"
    assert Approval.objects.get().state == "USED"


def test_a_counter_in_use_is_told_and_taken_over_only_on_purpose(office, at_one, budi):
    with pytest.raises(errors.CounterTaken) as refused:
        sittings.sit(officer=budi, office=office, counter=1, now=NOW)
    assert refused.value.params["officer"] == "sari@contoh.test"
    sittings.sit(officer=budi, office=office, counter=1, now=NOW, take_over=True)
    assert queue_selectors.sitting_now(office, now=NOW) == {1: "budi@contoh.test"}
    with pytest.raises(errors.NoCounter):
        calling.call_next(**at_one)


def test_a_counter_is_remembered_for_the_day_only(office, at_one, sari):
    tomorrow = NOW + timedelta(days=1)
    assert sittings.counter_of(sari, office, now=NOW) == 1
    with pytest.raises(errors.NoCounter):
        sittings.counter_of(sari, office, now=tomorrow)
    sittings.sit(officer=sari, office=office, counter=4, now=tomorrow)
    assert sittings.counter_of(sari, office, now=tomorrow) == 4


def test_nobody_leaves_a_counter_with_a_number_at_it(wait, office, at_one, sari):
    wait()
    calling.call_next(**at_one)
    with pytest.raises(errors.CounterBusy):
        sittings.leave(officer=sari, office=office, now=NOW)
    with pytest.raises(errors.CounterBusy):
        sittings.sit(officer=sari, office=office, counter=9, now=NOW)
    assert Sitting.objects.get(until=None).counter == 1


def test_the_queue_as_a_counter_sees_it(wait, office, at_one, at_two, django_assert_num_queries):
    numbers = [wait() for _n in range(5)]
    calling.call_next(**at_one)
    calling.call_next(**at_two)
    calling.hold(**at_two, label=numbers[1].label)
    calling.call_next(**at_two)
    calling.finish(**at_two, label=numbers[2].label)
    queue_selectors.queue_of(office, at_two["officer"], now=NOW)
    with django_assert_num_queries(2):
        queue = queue_selectors.queue_of(office, at_two["officer"], now=NOW)
    assert (queue.counter, queue.mine) == (2, None)
    assert queue.waiting == (numbers[3], numbers[4])
    assert (queue.held, queue.elsewhere, queue.done) == (
        (numbers[1],),
        (numbers[0],),
        (numbers[2],),
    )


def test_nobody_is_taken_from_another_counter_unknowingly(wait, at_one, at_two):
    queued = wait()
    calling.call_next(**at_two)
    visit = Visit(office=queued.office, booking_code=queued.booking.code)
    for end in (attendance.serve, attendance.undo):
        with pytest.raises(errors.AtOtherCounter) as refused:
            end(officer=at_one["officer"], visit=visit, now=NOW)
        assert refused.value.params == {"number": queued.label, "counter": 2}
    known = replace(visit, at_counter=2)
    attendance.serve(officer=at_one["officer"], visit=known, now=NOW)
    assert state(queued)[0] == "DONE"
