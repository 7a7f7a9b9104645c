"""What stands already follows a change of the calendar, made by the offices' own services."""

from dataclasses import replace
from datetime import time, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts.models import User
from offices import rules
from offices.errors import HoursSetByHand, NothingChanged
from offices.models import Office, SpecialDay
from offices.ports import ByHand, Span
from offices.reasons import NO_REASON, Why
from offices.rules import SpecialHours, WorkingHours
from offices.services import calendar, holidays
from offices.services.calendar import HoursWish, SpecialWish
from paspor.kernel import audit, formatting
from paspor.kernel.errors import NeedsApproval
from paspor.kernel.models import AuditEvent, Note
from queueing.booking.models import Place
from queueing.booking.services import closing as booking_closing
from queueing.quota.models import WITHDRAWN, Seat, Slot
from queueing.quota.services import capacity, closing, following
from queueing.quota.services.capacity import SeatsWanted
from queueing.quota.services.following import QuotaCalendar
from tests.factories import ApplicantFactory, HolidayFactory
from tests.queueing.quota.conftest import MONDAY, NOW, agreed, book, officer_of, prepared
from tests.reasons import WHY

SHARES = {"ONLINE": 80, "PRIORITY": 15, "SAME_DAY": 0, "COUNTER": 5}
HOURS = WorkingHours(time(8), time(10), 5, 15, shares=SHARES)  # as usual: 20 an hour
SATURDAY = MONDAY + timedelta(days=5)


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def free(day=MONDAY) -> int:
    return Seat.objects.filter(slot__day=day, taken=False, visible_at__lt=WITHDRAWN).count()


def special(office: Office, head: object, **changes: object) -> SpecialDay:
    wish = replace(SpecialWish(MONDAY, "Listrik padam"), **changes)
    return calendar.set_special_day(officer=head, office=office, wish=wish, why=WHY, now=NOW)


def test_a_closure_withdraws_and_its_end_reopens(office: Office, after_commit) -> None:
    prepared(office, days=2)
    head = officer_of(office)

    with after_commit():
        row = special(office, head)
    assert (free(), free(MONDAY + timedelta(days=1))) == (0, 40)
    assert set(Slot.objects.filter(day=MONDAY).values_list("closed_why", flat=True)) == {
        "Listrik padam"
    }

    with after_commit():
        calendar.lift_special_day(officer=head, row=row, why=WHY, now=NOW)
    assert free() == 40


def test_a_closure_with_people_takes_one_yes_and_they_are_followed(
    office: Office, after_commit
) -> None:
    prepared(office, days=2)
    book(Slot.objects.earliest("starts_at").pk, [ApplicantFactory()], code="SATU")
    head = officer_of(office)
    with pytest.raises(NeedsApproval) as caught:
        special(office, head)

    agreed(caught.value.request, head)
    with after_commit():
        special(office, head)
    booking_closing.follow_closures(NOW)

    assert free() == 0
    states = sorted(Place.objects.values_list("state", "booking__slot__day"))
    assert states == [
        ("BOOKED", MONDAY + timedelta(days=1)),
        ("CLOSED_BY_OFFICE", MONDAY),
    ]


def test_more_stations_bring_more_seats_on_that_weekday_only(office: Office, after_commit) -> None:
    prepared(office, days=2)
    wish = HoursWish(0, MONDAY, None, replace(HOURS, stations=6))

    with after_commit():
        calendar.set_hours(officer=officer_of(office), office=office, wish=wish, why=WHY, now=NOW)

    assert (free(), free(MONDAY + timedelta(days=1))) == (48, 40)


def test_fewer_stations_take_free_seats_and_no_taken_one(office: Office, after_commit) -> None:
    prepared(office)
    slot = Slot.objects.earliest("starts_at")
    for n in range(10):
        book(slot.pk, [ApplicantFactory()], code=f"B{n}")
    wish = HoursWish(0, MONDAY, None, replace(HOURS, stations=1))

    with after_commit():
        calendar.set_hours(officer=officer_of(office), office=office, wish=wish, why=WHY, now=NOW)

    assert Seat.objects.filter(taken=True).count() == 10
    assert free() < 10


def test_people_in_an_hour_that_is_gone_get_another(office: Office, after_commit) -> None:
    prepared(office, days=2)
    first, second = Slot.objects.filter(day=MONDAY).order_by("starts_at")
    book(first.pk, [ApplicantFactory()], code="PAGI")
    book(second.pk, [ApplicantFactory()], code="SIANG")
    wish = HoursWish(0, MONDAY, None, replace(HOURS, opens=time(9)))
    head = officer_of(office)
    with pytest.raises(NeedsApproval) as caught:
        calendar.set_hours(officer=head, office=office, wish=wish, why=WHY, now=NOW)
    agreed(caught.value.request, head)

    with after_commit():
        calendar.set_hours(officer=head, office=office, wish=wish, why=WHY, now=NOW)
    assert booking_closing.follow_closures(NOW) == 1

    own = Place.objects.filter(booking__code__in=["PAGI", "SIANG"])
    assert sorted(own.values_list("booking__code", "state")) == [
        ("PAGI", "CLOSED_BY_OFFICE"),
        ("SIANG", "BOOKED"),
    ]
    moved = Place.objects.exclude(booking__code__in=["PAGI", "SIANG"]).get()
    assert (moved.state, moved.booking.slot) == ("BOOKED", second)


def test_an_hour_with_people_is_not_cut_to_minutes_but_closes_and_moves_them(
    office: Office, after_commit
) -> None:
    prepared(office, days=2)
    second = Slot.objects.filter(day=MONDAY).latest("starts_at")
    book(second.pk, [ApplicantFactory()], code="SIANG")
    head, shorter = officer_of(office), replace(HOURS, closes=time(9, 30))
    with pytest.raises(NeedsApproval) as caught:
        special(office, head, hours=shorter)
    agreed(caught.value.request, head)

    with after_commit():
        special(office, head, hours=shorter)
    ends, second = second.ends_at, Slot.objects.get(pk=second.pk)
    assert (second.ends_at, second.closed_at) == (ends, NOW)
    assert booking_closing.follow_closures(NOW) == 1
    moved = Place.objects.get(state="BOOKED").booking.slot
    assert (moved.day, moved.hour) == (MONDAY, time(8))


def test_an_hour_without_people_becomes_shorter(office: Office, after_commit) -> None:
    prepared(office)
    with after_commit():
        special(office, officer_of(office), hours=replace(HOURS, closes=time(9, 30)))
    second = Slot.objects.latest("starts_at")
    assert (second.ends_at - second.starts_at, second.closed_at) == (timedelta(minutes=30), None)


def test_people_are_counted_but_for_the_hours_that_stay(office: Office) -> None:
    prepared(office)
    first, second = Slot.objects.order_by("starts_at")
    for n, slot in enumerate([first, first, second]):
        book(slot.pk, [ApplicantFactory()], code=f"B{n}")
    span = Span(office, MONDAY, MONDAY)
    later = rules.day_plan(MONDAY, (), SpecialHours("Uji", replace(HOURS, opens=time(9))))

    assert QuotaCalendar().people_booked(span) == 3
    assert QuotaCalendar().people_booked(span, lambda day: later) == 2


def test_an_extra_saturday_within_a_release_gets_seats(office: Office, after_commit) -> None:
    prepared(office, days=6)
    assert free(SATURDAY) == 0

    with after_commit():
        special(office, officer_of(office), day=SATURDAY, hours=HOURS, reason="Akhir pekan")

    assert free(SATURDAY) == 40


def test_a_holiday_closes_and_opens_again(office: Office, after_commit) -> None:
    prepared(office)
    head, holiday = officer_of(office), HolidayFactory(office=office, day=MONDAY)

    with after_commit():
        holidays.confirm(officer=head, holiday=holiday, why=WHY, now=NOW)
    assert free() == 0

    with after_commit():
        holidays.decline(officer=head, holiday=holiday, why=WHY, now=NOW)
    assert free() == 40


def test_a_national_holiday_closes_every_office(office: Office, after_commit) -> None:
    prepared(office)
    sistik = officer_of(None, "SISTIK")

    with after_commit():
        holidays.confirm(
            officer=sistik, holiday=HolidayFactory(office=None, day=MONDAY), why=WHY, now=NOW
        )

    assert free() == 0


def test_new_hours_do_not_open_a_day_closed_by_hand(office: Office, after_commit) -> None:
    prepared(office)
    head = officer_of(office)
    closing.withdraw_day(office=office, day=MONDAY, why=WHY, officer=head, now=NOW)
    wish = HoursWish(0, MONDAY, None, replace(HOURS, stations=6))

    with after_commit():
        calendar.set_hours(officer=head, office=office, wish=wish, why=WHY, now=NOW)

    assert free() == 0


def test_a_weekday_that_was_emptied_serves_again_once_it_has_hours(
    office: Office, after_commit
) -> None:
    prepared(office)
    head = officer_of(office)
    closing.withdraw_day(office=office, day=MONDAY, why=WHY, officer=head, now=NOW, since=time(9))

    left = []
    for stations in (0, 5):
        wish = HoursWish(0, MONDAY, MONDAY, replace(HOURS, stations=stations))
        with after_commit():
            calendar.set_hours(officer=head, office=office, wish=wish, why=WHY, now=NOW)
        left.append(free())

    assert left == [0, 20]  # what an officer closed stays closed


def test_a_day_without_seats_yet_is_left_to_its_release(office: Office, after_commit) -> None:
    with after_commit():
        special(office, officer_of(office), day=SATURDAY, hours=HOURS, reason="Akhir pekan")

    assert not Slot.objects.exists()


def set_seats(office: Office, head: User, seats: int) -> Slot:
    slot = Slot.objects.filter(day=MONDAY).earliest("starts_at")
    wanted = SeatsWanted(slot.code, "ONLINE", seats, Why("equipment", "Dua kamera rusak"))
    capacity.change_capacity(wanted=wanted, officer=head, now=NOW)
    return slot


def more_stations(office: Office, head: User, by_hand: ByHand = ByHand.UNDECIDED) -> None:
    wish = HoursWish(0, MONDAY, None, replace(HOURS, stations=6))
    calendar.set_hours(officer=head, office=office, wish=wish, why=WHY, now=NOW, by_hand=by_hand)


def online(slot: Slot) -> int:
    return Seat.objects.filter(slot=slot, channel="ONLINE", visible_at__lt=WITHDRAWN).count()


def test_hours_set_by_hand_are_named_with_their_reasons_before_anything_changes(
    office: Office,
) -> None:
    prepared(office)
    head = officer_of(office)
    slot = set_seats(office, head, 3)

    with pytest.raises(HoursSetByHand) as caught:
        more_stations(office, head)

    assert f"{formatting.day(slot.day)} {slot.hour:%H.%M}" in caught.value.params["hours"]
    assert "Dua kamera rusak" in caught.value.params["hours"]
    assert free() != 48


def why_by_hand(office: Office) -> Why:
    (hour,) = QuotaCalendar().set_by_hand(Span(office, MONDAY, MONDAY), now=NOW)
    return hour.why


def test_why_an_hour_was_set_by_hand_is_no_matter_of_the_log(office: Office, monkeypatch) -> None:
    prepared(office)

    def renamed(act: str, *, subject: str, **columns: object) -> AuditEvent:
        return audit.record(f"old_{act}", subject=f"old_{subject}", **columns)

    monkeypatch.setattr(capacity, "audit", SimpleNamespace(record=renamed))
    set_seats(office, officer_of(office), 3)
    assert why_by_hand(office) == Why("equipment", "Dua kamera rusak")

    Note.objects.all().delete()  # as the law may ask, or after keep_notes_days
    assert why_by_hand(office) == Why("equipment")


def test_why_is_carried_over_from_the_log(office: Office) -> None:
    """By the migration: of an hour that is still set by hand, the last change of its seats."""
    prepared(office)
    head = officer_of(office)
    set_seats(office, head, 4)
    slot = set_seats(office, head, 3)
    Slot.objects.update(by_hand_reason="", by_hand_note_id=None)
    assert why_by_hand(office) == NO_REASON

    with connection.cursor() as cursor:
        cursor.execute(
            import_module("queueing.migrations.0047_fill_state_beside_the_log").FILL_BY_HAND
        )

    assert why_by_hand(office) == Why("equipment", "Dua kamera rusak")
    assert Slot.objects.exclude(by_hand_reason="").get() == slot


@pytest.mark.parametrize(("by_hand", "seats"), [(ByHand.KEEP, 3), (ByHand.FOLLOW, 19)])
def test_seats_set_by_hand_stay_unless_the_planner_says_otherwise(
    office: Office, after_commit, by_hand: ByHand, seats: int
) -> None:
    prepared(office)
    head = officer_of(office)
    slot = set_seats(office, head, 3)
    other = Slot.objects.filter(day=MONDAY).latest("starts_at")
    before = online(other)

    with after_commit():
        more_stations(office, head, by_hand)

    assert online(slot) == seats
    assert online(other) > before


def test_following_what_was_cut_off_keeps_seats_set_by_hand(office: Office) -> None:
    prepared(office)
    head = officer_of(office)
    slot = set_seats(office, head, 3)
    more_stations(office, head, ByHand.KEEP)

    assert following.follow_cut_off(now=NOW, grace=timedelta(0)) == 1

    assert online(slot) == 3


def test_closing_a_day_ends_what_was_set_by_hand(office: Office) -> None:
    prepared(office)
    head = officer_of(office)
    slot = set_seats(office, head, 3)
    usual = online(Slot.objects.filter(day=MONDAY).latest("starts_at"))
    why = Why("utilities", "Listrik padam")
    closing.withdraw_day(office=office, day=MONDAY, why=why, officer=head, now=NOW)
    closing.reopen_day(
        office=office, day=MONDAY, why=Why("correction", "Menyala"), officer=head, now=NOW
    )

    assert online(slot) >= usual - 1


def test_the_same_hours_once_more_change_nothing(office: Office, after_commit) -> None:
    prepared(office)
    head = officer_of(office)
    with after_commit():
        more_stations(office, head)
    slot = set_seats(office, head, 3)

    with pytest.raises(NothingChanged):
        more_stations(office, head)

    assert online(slot) == 3
