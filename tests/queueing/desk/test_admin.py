"""What officers do with bookings, quota and referral codes in the admin."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from offices.models import Approval
from paspor.kernel.codes import grouped
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Place, Referral
from queueing.desk.services import attendance
from queueing.quota.models import Release, Seat
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OpeningHoursFactory,
    PlaceFactory,
    SeatFactory,
)
from tests.queueing.desk.conftest import NOW, START, slot_on
from tests.reasons import WHY_FIELDS

pytestmark = pytest.mark.django_db
LIST = "admin:queueing_booking_changelist"


@pytest.fixture
def planner(clock, officer, office, sign_in):
    return sign_in(officer("PLANNER", office))


def run(client, action, *rows, **fields):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(reverse(LIST), chosen, follow=True).content.decode()


def shown(client, **query):
    return {row.pk for row in client.get(reverse(LIST), query).context["cl"].result_list}


def errors(response):
    assert response.status_code == 200, response
    return response.context["adminform"].form.errors


def test_bookings_are_searched_by_code_and_by_name(counter, slot, place):
    other = PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Budi").booking
    code = place.booking.code
    assert shown(counter, q=grouped(code).lower()) == {place.booking_id}
    assert shown(counter, q="budi") == {other.pk}
    assert shown(counter, q="%") == set()


def test_bookings_are_narrowed_by_day_and_state(counter, slot, place):
    done = PlaceFactory(booking=BookingFactory(slot=slot)).booking
    gone = done.places.get()
    attendance.places.end([gone], Place.State.NO_SHOW)
    assert shown(counter, hari="hari-ini") == {place.booking_id, done.pk}
    assert shown(counter, hari="besok") == shown(counter, hari="lewat") == set()
    assert shown(counter, status="NO_SHOW") == {done.pk}


def test_a_booking_is_read_with_its_people_and_history(counter, place):
    attendance_page = reverse("admin:queueing_booking_change", args=[place.booking_id])
    run(counter, "check_in", place.booking)
    page = counter.get(attendance_page)
    text = page.content.decode()
    assert "Sari Dewi" in text
    assert "Hadir di kantor" in text
    assert 'name="_save"' not in text
    assert counter.post(attendance_page, {"channel": "COUNTER"}).status_code == 403


def test_the_list_checks_people_in(counter, place):
    assert "1 baris selesai" in run(counter, "check_in", place.booking)
    place.refresh_from_db()
    assert place.state == "CHECKED_IN"


def test_a_refused_action_is_told_and_does_not_stop_the_others(counter, clock, slot, place):
    clock(NOW + timedelta(hours=3))
    served = PlaceFactory(booking=BookingFactory(slot=slot))
    attendance.places.end([served], Place.State.SERVED)
    text = run(counter, "mark_no_show", served.booking, place.booking, confirmed="1")
    assert f"{served.booking.code}: " in text
    place.refresh_from_db()
    assert place.state == "NO_SHOW"


def test_the_list_asks_before_it_marks_anybody_absent(counter, clock, place):
    clock(NOW + timedelta(hours=3))
    text = run(counter, "mark_no_show", place.booking)
    assert "Catat tidak hadir?" in text
    assert "Sari Dewi" in text
    place.refresh_from_db()
    assert place.state == "BOOKED"
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    form.pop("csrfmiddlewaretoken", None)
    assert "1 baris selesai" in counter.post(reverse(LIST), form, follow=True).content.decode()
    place.refresh_from_db()
    assert place.state == "NO_SHOW"


def test_who_is_late_is_checked_in_with_a_reason(counter, clock, place):
    clock(NOW + timedelta(hours=3))
    assert "sudah lewat" in run(counter, "check_in", place.booking)
    run(counter, "check_in", place.booking, why_reason="weather", why_note="Hujan lebat")
    place.refresh_from_db()
    assert place.state == "CHECKED_IN"


def test_sistik_sees_bookings_and_does_nothing_to_them(clock, officer, sign_in, place):
    client = sign_in(officer("SISTIK"))
    assert shown(client) == {place.booking_id}
    run(client, "check_in", place.booking)
    place.refresh_from_db()
    assert place.state == "BOOKED"


def test_sixty_bookings_take_few_queries(counter, slot, django_assert_max_num_queries):
    for _ in range(60):
        PlaceFactory(booking=BookingFactory(slot=slot))
    # One of them reads the policy figures, once for each process and few seconds.
    with django_assert_max_num_queries(14):
        assert len(shown(counter)) == 50


def slot_page(slot):
    return reverse("admin:queueing_slot_change", args=[slot.pk])


def numbers(**seats):
    return {f"seats_{channel}": n for channel, n in seats.items()} | WHY_FIELDS


def seats(slot, channel="ONLINE"):
    return Seat.objects.filter(slot=slot, channel=channel, visible_at__year__lt=9000).count()


def test_an_hour_gets_more_counter_seats(planner, slot):
    slot.starts_at = NOW + timedelta(hours=1)
    slot.ends_at = NOW + timedelta(hours=2)
    slot.save()
    SeatFactory.create_batch(8, slot=slot)
    response = planner.post(slot_page(slot), numbers(online=8, priority=0, same_day=0, counter=1))
    assert response.status_code == 302, errors(response)
    assert (seats(slot), seats(slot, "COUNTER")) == (8, 1)
    assert AuditEvent.objects.filter(act="change_capacity").count() == 1


def test_a_quarter_more_asks_for_a_second_officer_and_keeps_the_form(
    planner, officer, office, slot
):
    slot.starts_at = NOW + timedelta(hours=1)
    slot.ends_at = NOW + timedelta(hours=2)
    slot.save()
    SeatFactory.create_batch(4, slot=slot)
    wish = numbers(online=6, priority=0, same_day=0, counter=0)
    first = planner.post(slot_page(slot), wish)
    assert "petugas kedua" in str(errors(first))
    assert 'value="6"' in first.content.decode()
    head = officer("HEAD", office)
    Approval.objects.update(state="GRANTED", second=head, decided_at=NOW)
    assert planner.post(slot_page(slot), wish).status_code == 302
    assert seats(slot) == 6


@pytest.mark.parametrize(
    "fields",
    [{"why_note": ""}, {"why_reason": "traffic"}, {"seats_online": "-1"}, {"seats_online": ""}],
)
def test_a_broken_wish_for_seats_stands_at_its_field(planner, slot, fields):
    response = planner.post(slot_page(slot), numbers(online=2, priority=0, counter=0) | fields)
    assert list(fields)[0] in errors(response)
    assert seats(slot) == 0


def test_the_counter_sees_quota_and_changes_none(counter, slot):
    assert counter.get(slot_page(slot)).status_code == 200
    assert counter.post(slot_page(slot), numbers(online=5)).status_code == 403


def test_a_small_site_is_asked_for_its_own_channels_only(planner, office, slot):
    office.kind, office.parent = "UKK", OfficeFactory()
    office.save()
    text = planner.get(slot_page(slot)).content.decode()
    assert "seats_counter" in text
    assert "seats_priority" not in text


def add_release(client, office, first, last):
    return client.post(
        reverse("admin:queueing_release_add"),
        {
            "office": office.pk,
            "first_day": first,
            "last_day": last,
            "opens_at_0": first - timedelta(days=1),
            "opens_at_1": "08:00",
        }
        | WHY_FIELDS,
        follow=True,
    )


def test_a_release_is_announced_and_its_seats_are_made_at_once(planner, office):
    OpeningHoursFactory(office=office, weekday=0)
    monday = office.today(NOW) + timedelta(days=7)
    page = add_release(planner, office, monday, monday)
    release = Release.objects.get()
    assert release.prepared_at is not None
    assert Seat.objects.filter(slot__release=release).count() == 120
    assert "120 kursi disiapkan" in page.content.decode()
    change = reverse("admin:queueing_release_change", args=[release.pk])
    assert planner.get(change).status_code == 200
    assert planner.post(change, {"last_day": "2030-02-01"}).status_code == 403


def test_a_release_over_another_is_refused_on_the_form(planner, office, slot):
    response = add_release(planner, office, slot.day, slot.day + timedelta(days=1))
    assert "pembukaan kuota yang lain" in str(errors(response))


def add_referral(client, office):
    return client.post(
        reverse("admin:queueing_referral_add"), {"office": office.pk} | WHY_FIELDS, follow=True
    )


def test_a_referral_code_is_issued_and_shown(counter, office):
    office.needs_referral = True
    office.save()
    page = add_referral(counter, office)
    assert Referral.objects.get().code in page.content.decode()
    assert AuditEvent.objects.filter(act="issue_referral", stream=office.code).count() == 1


def test_an_office_without_referrals_issues_none(counter, office):
    assert add_referral(counter, office).status_code == 403


def test_the_code_of_another_office_is_not_issued(counter, office):
    office.needs_referral = True
    office.save()
    assert "office" in errors(add_referral(counter, OfficeFactory(needs_referral=True)))


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("COUNTER", {"Loket", "Datang langsung"}),
        ("PLANNER", {"Tutup hari"}),
        ("HEAD", {"Loket", "Datang langsung", "Tutup hari"}),
    ],
)
def test_the_first_page_leads_to_the_desk_screens_of_the_role(
    clock, officer, office, sign_in, role, words
):
    page = sign_in(officer(role, office)).get("/admin/")
    shown = {str(entry["label"]) for entry in page.context["shortcuts"]}
    assert shown & {"Loket", "Datang langsung", "Tutup hari"} == words


def test_bookings_open_on_what_is_to_come_the_nearest_first(counter, office, slot, place):
    later = PlaceFactory(booking=BookingFactory(slot=slot_on(office, START + timedelta(days=9))))
    over = PlaceFactory(booking=BookingFactory(slot=slot_on(office, START - timedelta(days=9))))

    def codes(query: str = "") -> list[str]:
        page = counter.get(f"/admin/queueing/booking/{query}").text
        listed = page.partition('id="result_list"')[2]
        return re.findall(r">([A-Z0-9]{4}-[A-Z0-9]{4})</a>", listed)

    near, far, gone = (grouped(one.booking.code) for one in (place, later, over))
    assert codes() == [near, far]
    assert codes("?hari=lewat") == [gone]
    assert codes("?hari=semua") == [gone, near, far]
    assert codes(f"?q={gone}") == [gone]
