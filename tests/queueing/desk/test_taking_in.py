"""What happened offline is taken in: once, of the right office, by the counter's rules."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from paspor.kernel import ed25519
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking.errors import WrongState
from queueing.booking.models import BookingEvent, Place
from queueing.desk import errors, rules
from queueing.desk.models import DayMark, DayRecord
from queueing.desk.services import attendance, day_end, day_lists, taking_in
from queueing.desk.services.attendance import Visit
from queueing.integrity.models.figures import DayFigures
from queueing.integrity.rules.figures import Span
from queueing.integrity.selectors import figures
from queueing.integrity.services.figures import roll_up
from tests.factories import BookingFactory, OfficerPostFactory, PlaceFactory, SlotFactory
from tests.queueing.desk.conftest import NOW, START
from tests.queueing.desk.day_lists import give_key, mark, opened, record

NEXT_DAY = START + timedelta(days=1)
EVENING = START + timedelta(hours=10)


@pytest.fixture
def at_counter(office):
    return OfficerPostFactory(office=office).user


@pytest.fixture
def made(office, at_counter, place):
    give_key(office)
    evening = START - timedelta(hours=12)
    return day_lists.make(officer=at_counter, office=office, day=START.date(), now=evening)


def take(officer, text, office, now=NEXT_DAY):
    return taking_in.take_in(officer=officer, office=office, text=text, now=now)


def results(taken):
    return list(taken.marks.order_by("pk").values_list("result", "why"))


def state(place):
    place.refresh_from_db()
    return place.state


@pytest.mark.parametrize(
    ("found", "told", "acts"),
    [
        ("BOOKED", "CHECKED_IN", ["check_in"]),
        ("BOOKED", "SERVED", ["check_in", "serve"]),
        ("CHECKED_IN", "SERVED", ["serve"]),
        ("NO_SHOW", "SERVED", ["undo", "check_in", "serve"]),
        ("NO_SHOW", "TURNED_AWAY", ["undo", "turn_away"]),
        ("SERVED", "SERVED", []),
        ("SERVED", "CHECKED_IN", []),
    ],
)
def test_the_way_from_what_is_found(found, told, acts):
    assert rules.steps_to(found=found, told=told) == acts


@pytest.mark.parametrize(
    ("told", "acts"),
    [
        ("CHECKED_IN", []),
        ("SERVED", ["undo", "serve"]),
        ("TURNED_AWAY", ["undo", "turn_away"]),
    ],
)
def test_an_end_that_the_days_end_gave_yields_to_what_is_told(told, acts):
    assert rules.steps_to(found="SERVED", told=told, is_unended=True) == acts


@pytest.mark.parametrize(
    ("found", "told"),
    [("SERVED", "TURNED_AWAY"), ("MOVED", "SERVED"), ("CANCELLED", "CHECKED_IN"), ("BOOKED", "X")],
)
def test_where_no_way_leads_it_is_a_conflict(found, told):
    with pytest.raises(WrongState):
        rules.steps_to(found=found, told=told)


@pytest.mark.django_db
def test_a_wrong_absence_becomes_what_happened(office, at_counter, place, made):
    attendance.close_hour(slot=place.booking.slot, now=START + timedelta(hours=9))
    assert state(place) == "NO_SHOW"
    taken = take(at_counter, record(made, mark(place, "SERVED", NOW)), office)
    assert state(place) == "SERVED"
    assert place.checked_in_at == NOW
    assert results(taken) == [("DONE", "")]
    told = BookingEvent.objects.filter(place_id=place.pk).order_by("id")
    assert [event.what for event in told] == ["NO_SHOW", "BOOKED", "CHECKED_IN", "SERVED"]
    assert {event.detail["day_list"] for event in told[1:]} == {made.code}


@pytest.mark.django_db
def test_a_visit_that_only_the_days_end_ended_becomes_what_happened(office, at_counter, made):
    place = Place.objects.get()
    attendance.check_in(officer=at_counter, visit=Visit(office, place.booking.code), now=NOW)
    day_end.end_forgotten(now=NEXT_DAY)
    taken = take(at_counter, record(made, mark(place, "TURNED_AWAY", NOW)), office)
    assert (state(place), place.reason) == ("TURNED_AWAY", "documents_missing")
    assert results(taken) == [("DONE", "")]


@pytest.mark.django_db
def test_a_replayed_file_changes_nothing(office, at_counter, place, made):
    text = record(made, mark(place, "CHECKED_IN", NOW), walk_ins=[{"n": 1, "at": 1893990000}])
    first = take(at_counter, text, office)
    later = {"booking_code": place.booking.code, "office": office}
    attendance.undo(officer=at_counter, visit=attendance.Visit(**later), now=NOW)
    before = BookingEvent.objects.count(), AuditEvent.objects.count()
    assert take(at_counter, text, office) == first
    assert state(place) == "BOOKED"
    assert (BookingEvent.objects.count(), AuditEvent.objects.count()) == before
    assert first.walk_ins == 1


@pytest.mark.django_db
def test_the_evenings_file_brings_only_what_the_noons_did_not(office, at_counter, place, made):
    other = PlaceFactory(booking=place.booking)
    noon = mark(place, "SERVED", NOW)
    take(at_counter, record(made, noon), office)
    evening = take(at_counter, record(made, noon, mark(other, "SERVED", NOW)), office)
    assert (results(evening), state(other)) == ([("DONE", "")], "SERVED")


@pytest.mark.django_db
def test_a_run_that_was_cut_off_is_gone_on_with(office, at_counter, place, made):
    text = record(made, mark(place, "SERVED", NOW))
    taken = take(at_counter, text, office)
    # As it stands where the process ended before its first mark.
    fields = {"live_person": place.person_id, "live_seat": place.seat_id, "ended_at": None}
    Place.objects.filter(pk=place.pk).update(state="BOOKED", checked_in_at=None, **fields)
    DayMark.objects.update(result="")
    assert [taking_in.go_on(now=NEXT_DAY) for _ in range(2)] == [1, 0]
    assert (state(place), results(taken)) == ("SERVED", [("DONE", "")])


@pytest.mark.django_db
@pytest.mark.parametrize("at", [3, 20, 60, -4])
def test_a_file_with_one_bit_turned_is_refused(office, at_counter, place, made, at):
    text = record(made, mark(place, "SERVED", NOW))
    turned = list(text)
    turned[at] = chr(ord(turned[at]) ^ 1)
    with pytest.raises(errors.RecordNotGenuine):
        take(at_counter, "".join(turned), office)
    assert (state(place), DayRecord.objects.count()) == ("BOOKED", 0)


@pytest.mark.django_db
def test_a_forged_file_is_refused(office, at_counter, place, made):
    other = ed25519.encoded(bytes(32))
    for text in (
        record(made, mark(place, "SERVED", NOW), seed=other),
        record(made, mark(place, "SERVED", NOW), day="2030-01-08"),
        record(made, mark(place, "SERVED", NOW), office="KANIM-LAIN"),
        record(made, mark(place, "SERVED", NOW), mark(place, "TURNED_AWAY", NOW)),
        made.content,
        "R1.\x00.a.b",
        "",
    ):
        with pytest.raises(errors.RecordNotGenuine):
            take(at_counter, text, office)


@pytest.mark.django_db
def test_another_lists_key_signs_nothing_here(office, at_counter, place, made):
    again = day_lists.make(officer=at_counter, office=office, day=START.date(), now=START)
    text = record(made, mark(place, "SERVED", NOW), seed=opened(again)[1]["seed"])
    with pytest.raises(errors.RecordNotGenuine):
        take(at_counter, text, office)


@pytest.mark.django_db
def test_the_file_of_another_office_is_refused(place, made):
    head = OfficerPostFactory(role="HEAD")
    text = record(made, mark(place, "SERVED", NOW))
    with pytest.raises(errors.RecordOfOtherOffice):
        take(head.user, text, head.office)
    with pytest.raises(NotAllowed):
        take(head.user, text, made.office)
    assert state(place) == "BOOKED"


@pytest.mark.django_db
def test_a_week_later_it_is_too_late(office, at_counter, place, made):
    text = record(made, mark(place, "SERVED", NOW))
    with pytest.raises(errors.RecordTooOld):
        take(at_counter, text, office, now=START + timedelta(days=8))


@pytest.mark.django_db
def test_five_absences_at_once_need_a_second_officer(office, at_counter, place, made):
    people = [place, *PlaceFactory.create_batch(4, booking=place.booking)]
    attendance.close_hour(slot=place.booking.slot, now=START + timedelta(hours=9))
    text = record(made, *(mark(one, "SERVED", NOW) for one in people))
    with pytest.raises(NeedsApproval):
        take(at_counter, text, office)
    assert {state(one) for one in people} == {"NO_SHOW"}
    assert DayRecord.objects.count() == 0


@pytest.mark.django_db
def test_what_is_too_much_for_a_page_is_done_after_it(office, at_counter, place, made, monkeypatch):
    monkeypatch.setattr(taking_in, "AT_ONCE", 1)
    other = PlaceFactory(booking=BookingFactory(slot=place.booking.slot))
    text = record(made, mark(place, "SERVED", NOW), mark(other, "SERVED", NOW))
    take(at_counter, text, office)
    assert (state(place), state(other)) == ("SERVED", "BOOKED")
    taking_in.go_on(now=NEXT_DAY)
    assert state(other) == "SERVED"


def came(*numbers, at=NOW):
    return [{"n": n, "at": int(at.timestamp()) + n} for n in numbers]


def counted(office):
    day = START.date()
    (found,) = figures.of_office(office, Span(day, day), NEXT_DAY)
    return found.figures.walk_in_offline


@pytest.mark.django_db
def test_each_is_in_the_public_figures_of_the_day_once(office, at_counter, made):
    take(at_counter, record(made, walk_ins=came(1, 2)), office)
    take(at_counter, record(made, walk_ins=came(1, 2, 3)), office)
    assert counted(office) == 3
    roll_up(now=NEXT_DAY)
    assert DayFigures.objects.get(office=office).walk_in_offline == 3
    logged = AuditEvent.objects.filter(act="day_list.taken").order_by("pk")
    assert [event.detail["walk_ins"] for event in logged] == [2, 1]


@pytest.mark.django_db
def test_of_another_day_or_still_to_come_nobody_is_counted(office, at_counter, made):
    wrong = came(1, at=START - timedelta(days=1)) + came(2, at=NEXT_DAY)
    taken = take(at_counter, record(made, walk_ins=wrong + came(3)), office)
    assert (taken.walk_ins, counted(office)) == (3, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "walk_ins",
    ["ab", {"n": 1}, [1], [{"n": 1}], [{"n": 0, "at": 1}], [{"n": "x", "at": 1}], came(1) * 1001],
)
def test_numbers_that_the_page_never_gives_are_refused(office, at_counter, made, walk_ins):
    with pytest.raises(errors.RecordNotGenuine):
        take(at_counter, record(made, walk_ins=walk_ins), office)


@pytest.mark.django_db
def test_who_has_booked_elsewhere_meanwhile_is_a_conflict(office, at_counter, place, made):
    attendance.close_hour(slot=place.booking.slot, now=START + timedelta(hours=9))
    PlaceFactory(applicant__person=place.applicant.person)
    taken = take(at_counter, record(made, mark(place, "SERVED", NOW)), office)
    assert (state(place), results(taken)) == ("NO_SHOW", [("CONFLICT", "already_booked")])
    event = AuditEvent.objects.get(act="day_list.conflict")
    assert event.subject == f"booking:{place.booking.code}"
    assert (event.detail["told"], event.detail["found"]) == ("SERVED", "NO_SHOW")


@pytest.mark.django_db
def test_a_conflict_stops_no_other_mark(office, at_counter, place, made):
    other = PlaceFactory(booking=BookingFactory(slot=place.booking.slot))
    early = mark(place, "SERVED", START - timedelta(minutes=31))
    unknown = {**mark(other, "SERVED", NOW), "booking": "TIDAKADA"}
    taken = take(at_counter, record(made, early, unknown, mark(other, "SERVED", NOW)), office)
    assert results(taken) == [
        ("CONFLICT", "too_early_to_check_in"),
        ("CONFLICT", "booking_unknown"),
        ("DONE", ""),
    ]
    assert (state(place), state(other)) == ("BOOKED", "SERVED")


@pytest.mark.django_db
def test_a_visit_at_another_office_is_not_reached(office, at_counter, place, made):
    elsewhere = PlaceFactory(booking__slot=SlotFactory(starts_at=START))
    taken = take(at_counter, record(made, mark(elsewhere, "SERVED", NOW)), office)
    assert (state(elsewhere), results(taken)) == ("BOOKED", [("CONFLICT", "booking_unknown")])


@pytest.mark.django_db
def test_a_moment_that_is_still_to_come_is_a_conflict(office, at_counter, place, made):
    text = record(made, mark(place, "CHECKED_IN", NOW))
    taken = take(at_counter, text, office, now=NOW - timedelta(minutes=1))
    assert results(taken) == [("CONFLICT", "recorded_moment_wrong")]


@pytest.mark.django_db
def test_who_came_after_their_hour_has_the_reason_of_the_outage(office, at_counter, place, made):
    late = START + timedelta(hours=2)
    take(at_counter, record(made, mark(place, "CHECKED_IN", late)), office)
    assert state(place) == "CHECKED_IN"
    assert BookingEvent.objects.get(place_id=place.pk).reason == "offline"


@pytest.mark.django_db
def test_a_ticket_the_list_did_not_know_brings_all_its_people(office, at_counter, place, made):
    sister = PlaceFactory(booking=place.booking)
    take(at_counter, record(made, mark(place, "SERVED", NOW, who="")), office)
    assert {state(place), state(sister)} == {"SERVED"}


@pytest.mark.django_db
def test_the_page_takes_a_file_and_shows_its_conflicts(counter, clock, office, place, made):
    attendance.close_hour(slot=place.booking.slot, now=START + timedelta(hours=9))
    PlaceFactory(applicant__person=place.applicant.person)
    clock(EVENING)
    text = record(made, mark(place, "SERVED", NOW), walk_ins=came(1, 2))
    page = send(counter, text)
    assert "Sari Dewi" in page
    assert "sudah memiliki janji temu lain" in page
    assert "2 orang datang langsung masuk angka terbuka" in page
    clock(EVENING + timedelta(minutes=1))
    assert "sudah pernah diambil" in send(counter, text)
    assert "tidak asli" in send(counter, text[:-6] + "AAAAAA")
    assert DayRecord.objects.count() == 1


def send(client, text):
    path = reverse("desk:day-record-take", args=["KANIM-LOKET"])
    file = SimpleUploadedFile("catatan.paspor", text.encode())
    return client.post(path, {"record": file}, follow=True).content.decode()


@pytest.mark.django_db
def test_another_office_sees_no_record(stranger, office, at_counter, place, made):
    taken = take(at_counter, record(made, mark(place, "SERVED", NOW)), office)
    for code in ("KANIM-LOKET", "KANIM-ASING"):
        path = reverse("desk:day-record", args=[code, taken.code])
        assert stranger.get(path).status_code == 404
