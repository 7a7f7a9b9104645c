"""Closing a day: who is booked is said first, a second officer agrees, people get another day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import Message
from offices.models import Approval, OfficerPost
from offices.reasons import Why
from paspor.kernel.codes import grouped
from queueing.booking.models import Place
from queueing.quota.models import Seat, Slot
from queueing.quota.services.closing import approval_request
from tests.asking import columns
from tests.factories import (
    ApprovalFactory,
    BookingFactory,
    OfficeFactory,
    OpeningHoursFactory,
    PlaceFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.desk.conftest import NOW, START, slot_on

pytestmark = pytest.mark.django_db
NEXT = START + timedelta(days=1)


@pytest.fixture
def planner(clock, officer, office, sign_in):
    return sign_in(officer("PLANNER", office))


@pytest.fixture
def tomorrow(office) -> Slot:
    return slot_on(office, NEXT)


@pytest.fixture
def later(office) -> Slot:
    """Where there is room for everybody."""
    return slot_on(office, NEXT + timedelta(days=1), capacity=3)


def at(name, slot):
    return reverse(f"desk:{name}", args=[slot.office.code, slot.day])


REOPEN = {"reason": "correction", "note": "Listrik menyala lagi"}


def close(client, slot, *, seen, **fields):
    wish = {"reason": "utilities", "why": "Listrik padam", "seen": seen, "mulai": "semua"}
    shown = {"dilihat": fields.get("mulai", "semua")}
    return client.post(at("close-do", slot), wish | shown | fields, follow=True)


def is_closed(slot) -> bool:
    slot.refresh_from_db()
    return slot.closed_at is not None


def test_the_days_ahead_say_how_many_are_booked(planner, tomorrow):
    PlaceFactory(booking=BookingFactory(slot=tomorrow))
    text = planner.get(reverse("desk:close", args=["KANIM-LOKET"])).content.decode()
    assert "1 orang terjadwal" in text
    assert at("close-day", tomorrow) in text


def test_an_empty_day_closes_at_once_and_opens_again(planner, office, tomorrow):
    page = close(planner, tomorrow, seen=0)
    assert "Tidak ada janji temu yang terdampak" in page.content.decode()
    assert is_closed(tomorrow)
    # The calendar has no hours on that day: opening it again is refused, and says why.
    again = planner.post(at("reopen-do", tomorrow), REOPEN, follow=True)
    assert "Menurut kalender" in again.content.decode()

    OpeningHoursFactory(office=office, weekday=NEXT.weekday(), valid_from="2029-01-01")
    again = planner.post(at("reopen-do", tomorrow), REOPEN, follow=True)
    assert "dibuka kembali" in again.content.decode()
    assert not is_closed(tomorrow)


def test_closing_with_people_takes_another_officer_and_keeps_the_reason(
    planner, officer, office, sign_in, tomorrow, later
):
    place = PlaceFactory(booking=BookingFactory(slot=tomorrow))
    page = planner.get(at("close-day", tomorrow))
    assert "1 orang sudah terjadwal" in page.content.decode()

    first = close(planner, tomorrow, seen=1)
    approval = Approval.objects.get()
    assert approval.seats_after == 0 < approval.seats_before
    assert (first.status_code, approval.code in first.content.decode()) == (409, True)
    assert 'value="Listrik padam"' in first.content.decode()
    assert not is_closed(tomorrow)

    head = sign_in(officer("HEAD", office))
    head.post(
        reverse("admin:offices_approval_changelist"),
        {"action": "grant", "_selected_action": [approval.pk], "why": ""},
    )
    page = planner.get(at("close-day", tomorrow)).content.decode()
    assert "Sudah disetujui petugas kedua" in page
    assert 'value="Listrik padam"' in page
    close(planner, tomorrow, seen=1)

    assert is_closed(tomorrow)
    place.refresh_from_db()
    moved = Place.objects.get(state="BOOKED")
    assert (place.state, moved.booking.slot) == ("CLOSED_BY_OFFICE", later)
    assert Message.objects.filter(user=place.booking.account).exists()


def test_what_was_declined_is_no_longer_said_once_a_later_request_was_used(
    planner, officer, office, tomorrow
):
    asker = OfficerPost.objects.get(role="PLANNER").user
    head = officer("HEAD", office)
    told = {"asked_by": asker, "second": head}
    why = Why("utilities", "Listrik padam")
    asked = {"decided_at": NOW, "expires_at": NOW + timedelta(days=1)} | told
    first = ApprovalFactory(
        **columns(approval_request(office, tomorrow.day, None, why)),
        state="DECLINED",
        asked_at=NOW,
        **asked,
    )
    page = planner.get(at("close-day", tomorrow)).content.decode()
    assert "Ditolak petugas kedua" in page
    assert first.code in page
    assert "berlaku sampai" not in page

    ApprovalFactory(
        **columns(approval_request(office, tomorrow.day, None, Why("utilities", "Genset rusak"))),
        state="USED",
        used_at=NOW,
        asked_at=NOW + timedelta(minutes=5),
        **asked,
    )
    assert "Ditolak petugas kedua" not in planner.get(at("close-day", tomorrow)).content.decode()


@pytest.mark.parametrize("seen", [0, 99])
def test_other_people_than_were_shown_are_told_of_first(planner, tomorrow, seen):
    PlaceFactory(booking=BookingFactory(slot=tomorrow))
    response = close(planner, tomorrow, seen=seen)
    assert response.status_code == 409
    text = response.content.decode()
    assert f"{seen} orang terdampak, sekarang 1" in text
    assert 'name="seen" value="1"' in text
    assert not Approval.objects.exists()


@pytest.fixture
def morning(office, tomorrow, later) -> dict[int, Slot]:
    """Tomorrow's hours from eight to ten with somebody in each, the last one a family."""
    hours = {8: tomorrow}
    for hour in (9, 10):
        starts_at = NEXT + timedelta(hours=hour - 8)
        hours[hour] = SlotFactory(release=tomorrow.release, starts_at=starts_at)
    for hour, people in ((8, 1), (9, 1), (10, 3)):
        booking = BookingFactory(slot=hours[hour])
        PlaceFactory.create_batch(people, booking=booking)
    return hours


def text_of(response) -> str:
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def test_a_closing_tells_before_where_people_would_go_and_who_would_not(planner, morning):
    text = text_of(planner.get(at("close-day", morning[8])))

    assert "5 orang sudah terjadwal" in text
    assert "Dapat diberi hari lain 2" in text
    assert "Tidak ada tempat; didahulukan di pembukaan berikut 3" in text
    assert "10.00–11.00 WIB 3 0 0 3" in text
    assert "Rabu, 9 Januari 2030 2 orang" in text
    assert not Seat.objects.filter(slot__day__gt=NEXT.date(), taken=True).exists()


def test_a_closing_of_some_hours_tells_before_which_hours_of_the_day_people_would_get(
    planner, officer, office, sign_in
):
    eight = slot_on(office, NEXT + timedelta(days=1), capacity=1)
    nine = SlotFactory(release=eight.release, starts_at=eight.starts_at + timedelta(hours=1))
    slot_on(office, NEXT + timedelta(days=2), capacity=1)
    for _n in range(2):
        PlaceFactory(booking=BookingFactory(slot=nine))

    head = sign_in(officer("HEAD", office))
    text = text_of(head.get(at("close-day", eight), {"mulai": "09:00"}))

    assert "Dapat jam lain pada hari yang sama 1 Dapat diberi hari lain 1" in text
    assert "09.00–10.00 WIB 2 0 1 1 0" in text
    assert "Ke jam berapa, pada hari yang sama" in text
    assert "08.00–09.00 WIB 1 orang" in text
    assert "Kamis, 10 Januari 2030 1 orang" in text
    assert "Rabu, 9 Januari 2030, 08.00–09.00 WIB" in text


def test_names_are_for_those_who_receive_people(planner, officer, office, sign_in, morning):
    name = morning[8].seats.get(taken=True).live_places.get().applicant.name
    assert name not in text_of(planner.get(at("close-day", morning[8])))
    head = sign_in(officer("HEAD", office))
    assert name in text_of(head.get(at("close-day", morning[8])))


def test_a_day_may_close_from_an_hour_on(planner, officer, office, sign_in, morning):
    page = text_of(planner.get(at("close-day", morning[8]), {"mulai": "09:00"}))
    assert "4 orang sudah terjadwal" in page

    close(planner, morning[8], seen=4, mulai="09:00")
    approval = Approval.objects.get()
    queue = sign_in(officer("HEAD", office)).get(reverse("insiders:approvals"))
    assert "Selasa, 8 Januari 2030, mulai 09.00" in text_of(queue)
    assert f"{at('close-day', morning[8])}?mulai=09:00" in queue.content.decode()
    grant(approval)
    done = close(planner, morning[8], seen=4, mulai="09:00")

    assert [is_closed(slot) for slot in morning.values()] == [False, True, True]
    told = "1 janji temu mendapat jadwal pengganti. 1 janji temu belum mendapat tempat"
    assert told in text_of(done)
    page = planner.get(at("close-day", morning[8]))
    assert "Ditutup: 09.00, 10.00" in text_of(page)
    assert "orang terjadwal di jam yang masih melayani" in text_of(page)
    assert "Bila jam itu juga ditutup, mereka mendapat" in text_of(page)
    assert "Buka kembali jam itu" in text_of(planner.get(at("close-day", morning[8]), {"buka": 1}))


@pytest.mark.parametrize(
    "how",
    [
        {"mulai": "09:00", "dilihat": "semua", "lihat": "1"},
        # By Enter, or the red button, after other hours were chosen.
        {"mulai": "09:00", "dilihat": "semua"},
        {"mulai": "09:00", "dilihat": "09:00", "lihat": "1"},
    ],
)
def test_choosing_an_hour_keeps_what_was_typed_and_closes_nothing(planner, morning, how):
    page = close(planner, morning[8], seen=5, **how)

    assert page.status_code == 200
    text = page.content.decode()
    assert 'value="Listrik padam"' in text
    assert '<option value="utilities" selected>' in text
    assert 'name="seen" value="4"' in text
    assert 'name="dilihat" value="09:00"' in text
    assert '<option value="09:00" selected>' in text
    assert "Ada yang perlu diperbaiki" not in text_of(page)
    assert not Approval.objects.exists()
    assert not is_closed(morning[9])


def test_an_hour_is_chosen_before_anything_is_typed(planner, morning):
    page = close(planner, morning[8], seen=5, mulai="09:00", lihat="1", reason="", why="")
    assert page.status_code == 200
    assert "Ada yang perlu diperbaiki" not in text_of(page)


def test_an_hour_that_is_over_closes_nothing(planner, morning):
    done = close(planner, morning[8], seen=5, mulai="07:00")
    assert "Jam itu tidak melayani lagi" in text_of(done)
    assert not Approval.objects.exists()


def grant(approval: Approval) -> None:
    Approval.objects.filter(pk=approval.pk).update(
        state="GRANTED", second=UserFactory(), decided_at=NOW
    )


def test_the_second_officer_agrees_to_the_very_words(planner, tomorrow, later):
    PlaceFactory(booking=BookingFactory(slot=tomorrow))
    close(planner, tomorrow, seen=1)
    grant(Approval.objects.get())

    close(planner, tomorrow, seen=1, why="Kalimat lain sama sekali")

    assert not is_closed(tomorrow)
    assert [row.note for row in Approval.objects.filter(state="ASKED")] == [
        "Kalimat lain sama sekali"
    ]


def test_who_is_in_the_hall_is_not_said_to_have_another_day(planner, slot, place, later):
    waiting = PlaceFactory(booking=BookingFactory(slot=slot))
    Place.objects.filter(pk=place.pk).update(state="CHECKED_IN")
    assert "1 orang sudah terjadwal" in text_of(planner.get(at("close-day", slot)))
    close(planner, slot, seen=1)
    grant(Approval.objects.get())

    done = text_of(close(planner, slot, seen=1))

    assert "1 janji temu mendapat jadwal pengganti. 1 orang sudah hadir" in done
    waiting.refresh_from_db()
    place.refresh_from_db()
    assert (waiting.state, place.state) == ("CLOSED_BY_OFFICE", "CHECKED_IN")


BROKEN = [
    {"reason": ""},
    {"reason": "traffic"},
    {"why": ""},
    {"why": "x" * 201},
    {"seen": "x"},
    {"seen": ""},
]


@pytest.mark.parametrize("fields", BROKEN)
def test_a_broken_form_closes_nothing(planner, tomorrow, fields):
    response = close(planner, tomorrow, **({"seen": 0} | fields))
    assert response.status_code == 422
    assert not is_closed(tomorrow)


@pytest.mark.parametrize("day", ["2030-02-31", "besok", "2030-03-01", "2029-12-31"])
def test_a_day_without_quota_is_not_found(planner, office, tomorrow, day):
    for name in ("close-day", "close-do", "reopen-do"):
        path = reverse(f"desk:{name}", args=[office.code, day])
        response = planner.get(path) if name == "close-day" else planner.post(path)
        assert response.status_code == 404


def test_another_office_is_not_closed(planner):
    slot = SlotFactory(release__office=OfficeFactory(), starts_at=NEXT)
    assert close(planner, slot, seen=0).status_code == 404
    assert not is_closed(slot)


def test_a_counter_officer_closes_nothing(counter, tomorrow):
    assert close(counter, tomorrow, seen=0).status_code == 404
    assert not is_closed(tomorrow)


def test_sistik_closes_anywhere(clock, officer, sign_in, tomorrow):
    close(sign_in(officer("SISTIK")), tomorrow, seen=0)
    assert is_closed(tomorrow)


def test_hours_that_are_over_are_nobodys(planner, slot, place, clock):
    clock(NOW + timedelta(hours=3))
    assert planner.get(at("close-day", slot)).status_code == 404


def paper(slot, **fields):
    """Booked at the counter, without an account."""
    booking = BookingFactory(slot=slot, account=None, made_by=UserFactory())
    return PlaceFactory(booking=booking, applicant__account=None, **fields)


def planner_of(office):
    return OfficerPost.objects.get(office=office, role="PLANNER").user


def agreed(slot, officer):
    why = Why("utilities", "Listrik padam")
    ApprovalFactory(
        **columns(approval_request(slot.office, slot.day, None, why)),
        asked_by=officer,
        state="GRANTED",
        second=UserFactory(),
        decided_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )


def test_who_has_no_account_is_listed_to_be_told_otherwise(planner, tomorrow, later):
    old = paper(tomorrow)
    PlaceFactory(booking=BookingFactory(slot=tomorrow))
    agreed(tomorrow, planner_of(tomorrow.office))

    page = close(planner, tomorrow, seen=2)
    afterwards = planner.get(at("close-day", tomorrow)).content.decode()

    text = page.content.decode()
    assert "2 janji temu mendapat jadwal pengganti." in text
    assert "1 janji temu tanpa akun, tidak dapat diberi tahu lewat e-mail" in text
    assert "menyusul" not in text
    new = Place.objects.get(moved_from=old).booking
    for shown in (text, afterwards):
        assert grouped(old.booking.code) in shown
        assert grouped(new.code) in shown
        assert "data-print" in shown


def test_who_waits_for_the_next_opening_is_listed_too(planner, tomorrow):
    old = paper(tomorrow)
    agreed(tomorrow, planner_of(tomorrow.office))

    text = close(planner, tomorrow, seen=1).content.decode()

    assert grouped(old.booking.code) in text
    assert "didahulukan pada pembukaan berikutnya" in text


def test_nobody_without_an_account_means_no_list(planner, tomorrow, later):
    PlaceFactory(booking=BookingFactory(slot=tomorrow))
    agreed(tomorrow, planner_of(tomorrow.office))

    text = close(planner, tomorrow, seen=1).content.decode()

    assert "tanpa akun" not in text
