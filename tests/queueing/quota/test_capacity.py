"""Raising and lowering quota that stands, and following the calendar."""

from datetime import time, timedelta

import pytest
from django.db import connection

from offices.models import Office, OpeningHours, SpecialDay
from offices.reasons import Why
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent, Note
from queueing.quota import errors, rules
from queueing.quota.models import WITHDRAWN, Seat, Slot
from queueing.quota.services import capacity, closing
from queueing.quota.services.capacity import Changed, SeatsWanted
from queueing.quota.services.seats import Fitted
from tests.factories import ApplicantFactory, OfficeFactory
from tests.queueing.quota.conftest import MONDAY, NOW, agreed, book, officer_of, prepared
from tests.reasons import WHY


@pytest.fixture
def slot(office: Office) -> Slot:
    """The first of two hours: 16 ONLINE, 3 PRIORITY, 1 COUNTER."""
    prepared(office)
    return Slot.objects.filter(office=office).earliest("starts_at")


def wanted(slot: Slot, seats: int, channel: str = "ONLINE") -> SeatsWanted:
    return SeatsWanted(slot.code, channel, seats, Why("equipment", "Alat rusak"))


def change(slot: Slot, seats: int, channel: str = "ONLINE") -> Changed:
    return capacity.change_capacity(
        wanted=wanted(slot, seats, channel), officer=officer_of(slot.office, "PLANNER"), now=NOW
    )


def free(slot: Slot, channel: str = "ONLINE") -> int:
    return slot.seats.filter(channel=channel, taken=False, visible_at__lt=WITHDRAWN).count()


def take(slot: Slot, count: int) -> None:
    for n in range(count):
        assert book(slot.pk, [ApplicantFactory()], code=f"AMBIL{n}")[0] == "BOOKED"


def test_raising_adds_seats_that_can_be_booked(slot: Slot) -> None:
    before = free(slot)
    assert before == 16

    assert change(slot, 19) == Changed(before=16, asked=19, remain=19)

    assert free(slot) == 19
    numbers = slot.seats.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 24))


def test_lowering_withdraws_the_free_ones(slot: Slot) -> None:
    assert change(slot, 4).remain == 4

    assert free(slot) == 4
    assert slot.seats.filter(visible_at=WITHDRAWN).count() == 12


def test_lowering_never_touches_a_taken_seat_and_says_how_many_remain(slot: Slot) -> None:
    take(slot, 5)

    assert change(slot, 2) == Changed(before=16, asked=2, remain=5)

    assert free(slot) == 0
    assert slot.seats.filter(taken=True).count() == 5
    assert book(slot.pk, [ApplicantFactory()], code="LEBIH")[0] == "FULL"


def give_back(slot: Slot, count: int = 1) -> None:
    """Free the first taken seats, as a cancelled place does."""
    freed = list(slot.seats.filter(taken=True).order_by("pk").values_list("pk", flat=True)[:count])
    with connection.cursor() as cursor:
        cursor.execute("SELECT queueing_free_seats(%s, 10)", [freed])


def test_a_seat_beyond_a_lowered_quota_is_not_sold_again(slot: Slot) -> None:
    take(slot, 1)
    assert change(slot, 0).remain == 1

    give_back(slot)

    assert (free(slot), slot.seats.filter(channel="ONLINE", taken=True).count()) == (0, 0)
    assert change(slot, 0) == Changed(before=0, asked=0, remain=0)


def test_whoever_leaves_first_the_quota_sinks_to_what_was_asked(slot: Slot) -> None:
    take(slot, 5)
    change(slot, 2)

    for left in (4, 3, 2):
        give_back(slot)
        assert (slot.seats.filter(taken=True).count(), free(slot)) == (left, 0)

    give_back(slot)
    assert (slot.seats.filter(taken=True).count(), free(slot)) == (1, 1)


def test_several_leaving_together_sink_it_as_far(slot: Slot) -> None:
    take(slot, 5)
    change(slot, 2)

    give_back(slot, 4)

    assert (slot.seats.filter(taken=True).count(), free(slot)) == (1, 1)


def test_raising_takes_seats_beyond_the_quota_back(slot: Slot) -> None:
    take(slot, 5)
    change(slot, 2)

    assert change(slot, 6) == Changed(before=5, asked=6, remain=6)
    give_back(slot)

    assert (free(slot), slot.seats.filter(visible_at=WITHDRAWN, taken=True).exists()) == (2, False)


def test_raising_again_brings_withdrawn_seats_back_first(slot: Slot) -> None:
    change(slot, 10)
    change(slot, 17)

    assert free(slot) == 17
    assert slot.seats.count() == 21


def test_new_seats_wait_for_the_opening(office: Office) -> None:
    opens_at = NOW + timedelta(days=3)
    prepared(office, opens_at=opens_at)
    slot = Slot.objects.earliest("starts_at")

    change(slot, 18)

    assert set(slot.seats.values_list("visible_at", flat=True)) == {opens_at}


def test_other_channels_and_hours_stay_as_they_are(slot: Slot) -> None:
    change(slot, 3)

    other = Slot.objects.latest("starts_at")
    assert (free(slot, "PRIORITY"), free(slot, "COUNTER"), free(other)) == (3, 1, 16)


def test_a_change_is_written_to_the_log_with_its_reason(slot: Slot) -> None:
    change(slot, 15)

    event = AuditEvent.objects.get(act="change_capacity")
    assert (event.stream, event.subject) == (slot.office.code, f"slot:{slot.code}")
    assert (event.detail["before"], event.detail["remain"]) == (16, 15)
    assert Note.objects.get(pk=event.note_id).text == "Alat rusak"


def test_a_quarter_more_than_the_calendar_takes_a_second_officer(slot: Slot) -> None:
    planner = officer_of(slot.office, "PLANNER")
    ask = wanted(slot, 26)  # 50 of 40
    with pytest.raises(NeedsApproval) as refusal:
        capacity.change_capacity(wanted=ask, officer=planner, now=NOW)
    assert refusal.value.request.seats == (40, 50)
    assert free(slot) == 16

    agreed(refusal.value.request, planner)
    capacity.change_capacity(wanted=ask, officer=planner, now=NOW)

    assert free(slot) == 26


def test_many_small_steps_count_as_one(slot: Slot) -> None:
    change(slot, 20)
    change(slot, 25)

    with pytest.raises(NeedsApproval):
        change(slot, 26)


def test_who_may_not_plan_there_changes_nothing(slot: Slot) -> None:
    for stranger in (officer_of(slot.office, "COUNTER"), officer_of(OfficeFactory())):
        with pytest.raises(NotAllowed):
            capacity.change_capacity(wanted=wanted(slot, 17), officer=stranger, now=NOW)

    assert free(slot) == 16


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"seats": -1}, errors.SeatsOutOfRange),
        ({"seats": 3001}, errors.SeatsOutOfRange),
        ({"channel": "KILAT"}, errors.ChannelNotHere),
        ({"why": Why("equipment", "  ")}, errors.ReasonNeeded),
        ({"why": Why("", "Alat rusak")}, errors.ReasonNeeded),
        ({"why": Why("traffic", "Alat rusak")}, errors.ReasonNeeded),
        ({"slot_code": "abc"}, errors.SlotUnknown),
    ],
)
def test_nonsense_is_refused(slot: Slot, wish: dict[str, object], refusal: type) -> None:
    asked = {"slot_code": slot.code, "channel": "ONLINE", "seats": 1, "why": WHY} | wish

    with pytest.raises(refusal):
        capacity.change_capacity(
            wanted=SeatsWanted(**asked), officer=officer_of(slot.office), now=NOW
        )


def test_an_hour_that_has_begun_or_is_closed_is_refused(slot: Slot) -> None:
    head = officer_of(slot.office)
    with pytest.raises(errors.DayPast):
        capacity.change_capacity(wanted=wanted(slot, 1), officer=head, now=slot.starts_at)

    closing.withdraw_day(office=slot.office, day=MONDAY, why=WHY, officer=head, now=NOW)
    with pytest.raises(errors.SlotWithdrawn):
        capacity.change_capacity(wanted=wanted(slot, 1), officer=head, now=NOW)


def apply(office: Office, now=NOW) -> Fitted:
    return capacity.apply_calendar(
        office=office, day=MONDAY, officer=officer_of(office, "PLANNER"), now=now
    )


def test_an_unchanged_calendar_changes_nothing(slot: Slot) -> None:
    assert apply(slot.office) == Fitted()


def test_fewer_stations_take_the_free_seats_back(slot: Slot) -> None:
    take(slot, 15)
    OpeningHours.objects.update(stations=1)

    assert apply(slot.office) == Fitted(added=0, withdrawn=21, beyond=11)

    assert free(slot) == 0
    assert slot.seats.filter(taken=True).count() == 15


def test_an_hour_with_more_people_than_a_channels_seats_sells_no_other_seat(slot: Slot) -> None:
    """Ten seats, two of them of the counter; eleven people have booked online."""
    take(slot, 11)
    hours = {"stations": 3, "minutes": 18, "online_share": 80, "priority_share": 0}
    OpeningHours.objects.update(**hours, counter_share=20)

    apply(slot.office)

    everyone = [free(slot, channel) for channel in ("ONLINE", "PRIORITY", "COUNTER")]
    assert everyone == [0, 0, 0]
    give_back(slot, 2)
    assert slot.seats.filter(visible_at__lt=WITHDRAWN).count() == 10
    assert (slot.seats.filter(taken=True).count(), free(slot)) == (9, 1)


def test_another_share_sells_no_more_than_the_hour_holds(slot: Slot) -> None:
    take(slot, 15)
    OpeningHours.objects.update(online_share=50, priority_share=0, counter_share=50)

    assert apply(slot.office).beyond == 0

    assert slot.seats.filter(visible_at__lt=WITHDRAWN).count() == 20
    assert (free(slot), free(slot, "COUNTER")) == (0, 5)


def test_another_hour_brings_its_slot(slot: Slot) -> None:
    OpeningHours.objects.update(closes=time(11), stations=4)

    apply(slot.office)

    assert list(Slot.objects.order_by("starts_at").values_list("hour", flat=True)) == [
        time(8),
        time(9),
        time(10),
    ]
    assert Seat.objects.filter(visible_at__lt=WITHDRAWN).count() == 48


def test_an_hour_that_is_gone_closes(slot: Slot) -> None:
    OpeningHours.objects.update(opens=time(9))

    apply(slot.office)

    slot.refresh_from_db()
    assert (slot.closed_at, slot.seats.exclude(visible_at=WITHDRAWN).exists()) == (NOW, False)


def test_an_hour_that_is_gone_closes_with_people_in_it_who_are_followed(slot: Slot) -> None:
    take(slot, 2)
    OpeningHours.objects.update(opens=time(9))

    assert apply(slot.office).beyond == 2

    slot.refresh_from_db()
    assert (slot.closed_at, slot.closed_why, free(slot)) == (NOW, rules.HOUR_GONE, 0)


def test_an_hour_that_comes_back_serves_again(slot: Slot) -> None:
    take(slot, 2)
    OpeningHours.objects.update(opens=time(9))
    apply(slot.office)
    OpeningHours.objects.update(opens=time(8))

    apply(slot.office)

    slot.refresh_from_db()
    assert (slot.closed_at, slot.closed_why, free(slot)) == (None, "", 14)


def test_an_hour_closed_by_an_officer_stays_closed(slot: Slot) -> None:
    Slot.objects.filter(pk=slot.pk).update(closed_at=NOW, closed_why="Banjir")

    apply(slot.office)

    slot.refresh_from_db()
    assert slot.closed_why == "Banjir"


def test_a_closure_by_calendar_closes_an_empty_day(slot: Slot) -> None:
    SpecialDay.objects.create(office=slot.office, day=MONDAY, kind="CLOSURE", reason="Pemilu")

    apply(slot.office)

    assert set(Slot.objects.values_list("closed_why", flat=True)) == {"Pemilu"}
    assert not Seat.objects.filter(visible_at__lt=WITHDRAWN).exists()


def test_a_closure_by_calendar_never_drops_booked_people(slot: Slot) -> None:
    take(slot, 1)
    SpecialDay.objects.create(office=slot.office, day=MONDAY, kind="CLOSURE", reason="Pemilu")

    with pytest.raises(errors.PeopleStillBooked):
        apply(slot.office)


def test_a_day_without_quota_yet_is_left_to_its_release(office: Office) -> None:
    assert apply(office) == Fitted()
    assert not Slot.objects.exists()


def test_a_day_that_has_come_is_not_replanned(slot: Slot) -> None:
    with pytest.raises(errors.DayPast):
        apply(slot.office, now=slot.starts_at - timedelta(hours=2))
