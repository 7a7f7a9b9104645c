"""The counter's screens: who may open them, what they show, what their buttons do."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Applicant, Message
from offices.models import Approval
from offices.rules import Act
from paspor.kernel.codes import grouped
from paspor.kernel.models import AuditEvent
from queueing.booking import reminder_links, tickets
from queueing.booking import selectors as bookings
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import answering
from queueing.desk.pages.visit import SERVICES
from queueing.desk.services import calling, sittings
from queueing.desk.words import ACTS, DONE
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
)
from tests.page_text import text_of_page
from tests.queueing.desk.conftest import NOW, START, slot_on

pytestmark = pytest.mark.django_db


def of(place: Place, name: str) -> str:
    return reverse(f"desk:{name}", args=["KANIM-LOKET", place.booking.code])


def act(client, place, act, **fields):
    return client.post(of(place, "act"), {"act": act, **fields}, follow=True)


def state(place: Place) -> str:
    place.refresh_from_db()
    return place.state


def screens(place: Place) -> list[str]:
    office, code = "KANIM-LOKET", place.booking.code
    return [
        reverse("desk:today", args=[office]),
        reverse("desk:find", args=[office]) + f"?q={code}",
        reverse("desk:booking", args=[office, code]),
        reverse("desk:walk-in", args=[office]),
        reverse("desk:ticket", args=[office, code]),
        reverse("desk:nik", args=[office, code, place.applicant.code]),
        reverse("desk:close", args=[office]),
        reverse("desk:close-day", args=[office, place.booking.slot.day]),
    ]


def statuses(client, place) -> list[int]:
    return [client.get(path, follow=True).status_code for path in screens(place)]


def test_an_officer_of_another_office_finds_nothing(stranger, place):
    assert statuses(stranger, place) == [404] * 8
    assert stranger.post(of(place, "act"), {"act": "check_in"}).status_code == 404
    assert state(place) == "BOOKED"


def test_a_citizen_is_refused(clock, sign_in, place):
    citizen = sign_in(place.booking.account)
    assert set(statuses(citizen, place)) == {403}


def test_a_planner_has_the_closing_only(officer, office, sign_in, clock, place):
    planner = sign_in(officer("PLANNER", office))
    assert statuses(planner, place) == [404] * 6 + [200, 200]


def test_the_counter_has_everything_but_the_closing(counter, place):
    assert statuses(counter, place) == [200] * 6 + [404, 404]


def test_without_a_second_factor_nothing_opens(clock, officer, office, sign_in, place):
    client = sign_in(officer("COUNTER", office), second_factor=False)
    response = client.get(screens(place)[0])
    assert (response.status_code, "/admin/login" in response["Location"]) == (302, True)


def test_the_start_leads_to_the_only_office(counter, office):
    response = counter.get(reverse("desk:start"))
    assert response["Location"] == reverse("desk:today", args=[office.code])


def test_the_start_asks_a_head_with_branches_which(officer, office, sign_in, clock):
    branch = OfficeFactory(kind="ULP", parent=office)
    page = sign_in(officer("HEAD", office)).get(reverse("desk:start"))
    assert branch.name in page.content.decode()


def test_a_planner_has_no_counter_to_start_at(officer, office, sign_in, clock):
    client = sign_in(officer("PLANNER", office))
    assert client.get(reverse("desk:start")).status_code == 404


def test_the_list_shows_people_and_no_nik(counter, place):
    text = counter.get(screens(place)[0]).content.decode()
    assert "Sari Dewi" in text
    assert "08.00–09.00 WIB" in text


def test_sixty_bookings_take_as_many_queries_as_one(
    counter, slot, place, django_assert_max_num_queries
):
    for _ in range(60):
        PlaceFactory(booking=BookingFactory(slot=slot))
    with django_assert_max_num_queries(15):
        page = counter.get(screens(place)[0])
    assert page.content.decode().count('name="back" value="today"') == 61


def test_another_day_is_shown_without_buttons(counter, office):
    slot = SlotFactory(release__office=office, starts_at=START + timedelta(days=1))
    place = PlaceFactory(booking=BookingFactory(slot=slot))
    page = counter.get(screens(place)[0], {"hari": slot.day}).content.decode()
    assert place.applicant.name in page
    assert 'name="back"' not in page


def test_who_comes_later_is_told_from_when_and_has_no_button(counter, clock, place):
    clock(START - timedelta(minutes=31))
    for path in (screens(place)[0], of(place, "booking")):
        page = counter.get(path).content.decode()
        assert "07.30 WIB" in page
        assert 'value="check_in"' not in page
    clock(START - timedelta(minutes=30))
    assert 'value="check_in"' in counter.get(screens(place)[0]).content.decode()


@pytest.mark.parametrize("text", ["besok", "2030-02-31", ""])
def test_a_day_that_is_none_is_today(counter, place, text):
    assert "Sari Dewi" in counter.get(screens(place)[0], {"hari": text}).content.decode()


def find(client, text):
    return client.get(reverse("desk:find", args=["KANIM-LOKET"]), {"q": text}, follow=True)


def test_a_scanned_ticket_opens_its_booking(counter, place):
    token = tickets.sign(tickets.ticket_of(bookings.booking_by_id(place.booking_id)))
    assert find(counter, token).redirect_chain[-1][0] == of(place, "booking") + "?pindai=1"


def test_a_typed_code_opens_its_booking(counter, place):
    code = place.booking.code
    page = find(counter, f" {code[:4].lower()}-{code[4:]} ")
    assert page.redirect_chain[-1][0] == of(place, "booking") + "?pindai=1"


@pytest.mark.parametrize("typed", ["/sari", "/ sari"])
def test_the_key_that_leads_to_the_search_is_no_part_of_it(counter, place, typed):
    """The list opens with the search focussed: who presses the key there types it."""
    assert find(counter, typed).redirect_chain[-1][0] == of(place, "booking")


def test_a_name_narrows_the_list(counter, slot, place):
    PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Budi Santoso")
    page = counter.get("/loket/KANIM-LOKET/", {"q": "dewi sari"}).content.decode()
    assert "Sari Dewi" in page
    assert "Budi Santoso" not in page


def test_the_only_one_of_today_is_opened(counter, slot, place):
    assert find(counter, "sari").redirect_chain[-1][0] == of(place, "booking")
    PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Sari Wulan")
    assert find(counter, "sari").redirect_chain[-1][0] == "/loket/KANIM-LOKET/?q=sari"
    page = find(counter, place.applicant.nik_last4).content.decode()
    assert "Sari Dewi" in page


def test_a_ticket_read_under_caps_lock_is_genuine(counter, place):
    token = tickets.sign(tickets.ticket_of(bookings.booking_by_id(place.booking_id)))
    page = find(counter, token.swapcase())
    assert page.redirect_chain[-1][0] == of(place, "booking") + "?pindai=1"


def test_a_forged_ticket_is_refused(counter, place):
    token = tickets.sign(tickets.ticket_of(bookings.booking_by_id(place.booking_id)))
    page = find(counter, token[:-2] + ("AA" if token[-2:] != "AA" else "BB"))
    text = page.content.decode()
    assert "bukan tiket yang sah" in text
    assert re.search(r'<input id="q"[^>]* autofocus', text)


def test_a_ticket_of_another_office_is_not_opened(counter):
    other = PlaceFactory()
    page = find(counter, other.booking.code)
    assert page.redirect_chain[-1][0].startswith(reverse("desk:today", args=["KANIM-LOKET"]))
    assert other.applicant.name not in page.content.decode()


def test_a_ticket_of_another_office_is_told_as_what_it_is(counter):
    other = PlaceFactory(booking__slot=SlotFactory(starts_at=START + timedelta(days=2)))
    token = tickets.sign(tickets.ticket_of(bookings.booking_by_id(other.booking_id)))
    text = text_of_page(find(counter, token))
    office = other.booking.slot.office
    assert f"asli, tetapi untuk {office.name}, Rabu, 9 Januari 2030 pukul 08.00 WIB" in text
    assert "datang ke sana" in text
    assert other.applicant.name not in text


def test_a_ticket_of_another_office_that_is_over_leads_to_a_walk_in(counter):
    other = PlaceFactory(booking__slot=SlotFactory(starts_at=START - timedelta(days=2)))
    token = tickets.sign(tickets.ticket_of(bookings.booking_by_id(other.booking_id)))
    assert "sebagai yang datang langsung" in find(counter, token).content.decode()


def test_a_queue_number_opens_its_visit(counter, place):
    act(counter, place, "check_in")
    assert find(counter, "a1").redirect_chain[-1][0] == of(place, "booking") + "?pindai=1"
    assert "Tidak ada yang cocok" in find(counter, "A077").content.decode()


ENDED = {"state": "SERVED", "live_person": None, "live_seat": None, "ended_at": NOW}


@pytest.fixture
def full(slot, place):
    """Of one hour somebody in each state, and the same of the hour after it."""
    later = SlotFactory(release=slot.release, starts_at=START + timedelta(hours=1))
    for hour in (slot, later):
        for name, fields in (("Ani", ENDED), ("Beni", {"state": "CHECKED_IN"}), ("Cici", {})):
            PlaceFactory(
                booking=BookingFactory(slot=hour), applicant__name=f"{name} {hour.pk}", **fields
            )
    return slot, later


def names(page) -> list[str]:
    return re.findall(r'desk-visit__name">([^<]+)<', page.content.decode())


def test_an_hour_shows_who_is_to_come_then_who_is_here_by_name(counter, full):
    first, later = full
    assert names(counter.get("/loket/KANIM-LOKET/")) == [
        f"Cici {first.pk}",
        "Sari Dewi",
        f"Beni {first.pk}",
        f"Ani {first.pk}",
        f"Cici {later.pk}",
        f"Beni {later.pk}",
        f"Ani {later.pk}",
    ]


def test_an_hour_that_is_over_keeps_only_who_has_something_to_come(counter, clock, full):
    first, _later = full
    clock(START + timedelta(hours=1, minutes=5))
    page = counter.get("/loket/KANIM-LOKET/")
    assert f"Ani {first.pk}" not in names(page)
    assert 'tampil=berakhir#jam-0800">1 orang sudah selesai' in page.content.decode()
    assert f"Beni {first.pk}" in names(page)
    assert f"Ani {first.pk}" in names(counter.get("/loket/KANIM-LOKET/", {"q": "ani"}))


@pytest.mark.parametrize(
    ("only", "shown"), [("belum", "CSC"), ("hadir", "BB"), ("selesai", "AA"), ("lain", "CSBACBA")]
)
def test_the_counts_narrow_the_list(counter, full, only, shown):
    page = counter.get("/loket/KANIM-LOKET/", {"tampil": only})
    assert "".join(name[0] for name in names(page)) == shown
    assert '?tampil=belum"' in page.content.decode()


def test_everybody_is_in_one_of_the_counts_and_found_by_it(counter, full):
    ended = {**ENDED, "booking__slot": full[0]}
    for name, state in (("Dodo", "TURNED_AWAY"), ("Edi", "NO_SHOW"), ("Eka", "NO_SHOW")):
        PlaceFactory(**{**ended, "state": state, "applicant__name": name})

    counts = counter.get("/loket/KANIM-LOKET/").context["counts"]

    told = "3 belum datang, 2 hadir, 2 selesai, 1 tak terlayani, 2 tidak hadir"
    assert ", ".join(count["text"] for count in counts) == told
    shown = [names(counter.get(f"/loket/KANIM-LOKET/{count['href']}")) for count in counts]
    assert [len(each) for each in shown] == [3, 2, 2, 1, 2]
    assert len(names(counter.get("/loket/KANIM-LOKET/?tampil=berakhir"))) == 5


def test_what_was_never_asked_of_the_registry_is_no_badge(counter, place):
    for path in (screens(place)[0], of(place, "booking")):
        assert "belum diperiksa" not in counter.get(path).content.decode().lower()


@pytest.fixture
def monday(office):
    """Somebody of an account with a seat in a week."""
    there = slot_on(office, START + timedelta(days=7))
    return PlaceFactory(booking=BookingFactory(slot=there), applicant__name="Wulan")


def bring(client, place, **fields):
    said = {"reason": "wrong_day", "seen": "on", "token": "satu-kali", **fields}
    return client.post(of(place, "to-today"), said, follow=True)


def test_who_comes_on_another_day_is_served_today(counter, slot, monday):
    SeatFactory(slot=slot, channel="COUNTER")
    assert "masih ada 1 kursi loket" in counter.get(of(monday, "booking")).content.decode()
    pages = [bring(counter, monday) for _again in range(2)]

    new = Booking.objects.exclude(pk=monday.booking_id).get()
    assert state(monday) == "MOVED"
    assert [page.redirect_chain[-1][0] for page in pages] == [of(new.places.get(), "booking")] * 2
    assert "Nomor antrean: " in pages[0].content.decode()
    assert (new.slot, new.account, new.moves_used) == (slot, monday.booking.account, 0)
    assert new.made_by is not None  # in the queue of those without an appointment
    assert AuditEvent.objects.get(act="book_for").reason == "wrong_day"
    assert Message.objects.filter(user=new.account, about=f"booking:{new.code}").exists()


@pytest.mark.parametrize("fields", [{"seen": ""}, {"reason": ""}, {"reason": "urgent"}])
def test_nobody_is_moved_without_a_reason_and_their_card(counter, slot, monday, fields):
    SeatFactory(slot=slot, channel="COUNTER")
    bring(counter, monday, **fields)
    assert state(monday) == "BOOKED"


def test_without_a_seat_today_the_page_says_so(counter, slot, monday):
    page = counter.get(of(monday, "booking")).content.decode()
    assert "Kursi loket hari ini sudah habis" in page
    assert "to-today" not in page
    assert "Kuota" in bring(counter, monday).content.decode()
    assert state(monday) == "BOOKED"


def test_a_visit_that_is_over_leads_to_a_filled_walk_in(counter, office):
    there = slot_on(office, START - timedelta(days=3))
    absent = PlaceFactory(
        booking=BookingFactory(slot=there),
        applicant__name="Wulan",
        **ENDED | {"state": "NO_SHOW"},
    )
    link = f"/loket/KANIM-LOKET/datang-langsung/?janji={absent.booking.code}"
    assert f'href="{link}"' in counter.get(of(absent, "booking")).content.decode()
    form = counter.get(link).content.decode()
    assert 'value="Wulan"' in form
    assert "value" not in re.search(r'<input[^>]*-nik"[^>]*>', form)[0]


def test_who_may_not_book_moves_nobody(stranger, slot, monday):
    SeatFactory(slot=slot, channel="COUNTER")
    assert bring(stranger, monday).status_code == 404
    assert state(monday) == "BOOKED"


def test_every_act_has_a_service_and_words():
    assert {*SERVICES, Act.NO_SHOW} == set(ACTS) == set(DONE)


def test_one_button_receives_a_booking(counter, place):
    page = act(counter, place, "check_in", back="today")
    assert state(place) == "CHECKED_IN"
    assert "Sari Dewi diterima." in page.content.decode()
    assert page.redirect_chain[-1][0] == f"{screens(place)[0]}#v-{place.booking.code}"


def test_after_receiving_the_list_is_narrowed_as_before(counter, place):
    fields = {"back": "today", "query": "q=sari&tampil=belum&next=//contoh.test"}
    page = act(counter, place, "check_in", **fields)
    there = f"/loket/KANIM-LOKET/?q=sari&tampil=belum#v-{place.booking.code}"
    assert page.redirect_chain[-1][0] == there


def test_turning_away_is_taken_back_for_who_was_never_received(counter, place):
    act(counter, place, "turn_away", reason="documents_missing")
    assert 'value="undo"' in counter.get(of(place, "booking")).content.decode()
    act(counter, place, "undo", who=place.applicant.code)
    assert state(place) == "BOOKED"


def test_people_are_acted_on_one_by_one(counter, place):
    second = PlaceFactory(booking=place.booking)
    act(counter, place, "check_in", who=place.applicant.code)
    act(counter, place, "serve", who=place.applicant.code, confirmed="1")
    assert (state(place), state(second)) == ("SERVED", "BOOKED")
    page = act(counter, place, "undo", who=place.applicant.code)
    assert state(place) == "CHECKED_IN"
    assert page.redirect_chain[-1][0] == of(place, "booking")


def test_the_list_ends_no_visit(counter, place):
    """It renews itself under the pointer: where "Terima" stood nothing else comes to stand."""
    act(counter, place, "check_in")
    page = counter.get(screens(place)[0]).content.decode()
    assert "Sari Dewi" in page
    assert 'value="serve"' not in page


def test_who_waits_is_not_served_by_one_press(counter, place):
    act(counter, place, "check_in")
    page = act(counter, place, "serve", who=place.applicant.code)
    assert state(place) == "CHECKED_IN"
    text = page.content.decode()
    assert "Selesai tanpa dipanggil?" in text
    assert f'name="who" value="{place.applicant.code}"' in text
    act(counter, place, "serve", who=place.applicant.code, confirmed="1")
    assert state(place) == "SERVED"


def test_who_was_called_is_served_by_one_press(counter, place):
    act(counter, place, "check_in")
    counter.post(reverse("desk:sit", args=["KANIM-LOKET"]), {"counter": 3})
    counter.post(reverse("desk:call", args=["KANIM-LOKET"]), {"act": "next"})
    act(counter, place, "serve")
    assert state(place) == "SERVED"


@pytest.fixture
def at_two(counter, office, place):
    """Another officer's counter serves them."""
    budi = OfficerPostFactory(office=office, user__email="budi@contoh.test").user
    act(counter, place, "check_in")
    whom = {"officer": budi, "office": office, "now": timezone.now()}
    sittings.sit(**whom, counter=2)
    calling.start(**whom, label=calling.call_next(**whom).label)
    return place


@pytest.mark.parametrize(
    ("what", "why", "ends"),
    [
        ("serve", {}, "SERVED"),
        ("turn_away", {"reason": "documents_missing", "note": "KK lama"}, "TURNED_AWAY"),
        ("undo", {}, "BOOKED"),
    ],
)
def test_whom_another_counter_serves_is_ended_after_a_question(counter, at_two, what, why, ends):
    assert 'data-key="1"' not in counter.get(of(at_two, "booking")).content.decode()
    text = act(counter, at_two, what, who=at_two.applicant.code, **why).content.decode()
    assert state(at_two) == "CHECKED_IN"
    assert "Loket 2 (budi@contoh.test) sedang menangani nomor ini." in text
    asked = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    asked.pop("csrfmiddlewaretoken", None)
    assert asked["act"] == what
    counter.post(of(at_two, "act"), asked)
    assert state(at_two) == ends


def test_who_was_told_of_one_counter_ends_no_other(counter, at_two):
    page = act(counter, at_two, "serve", who=at_two.applicant.code, confirmed="1", at_counter="3")
    assert state(at_two) == "CHECKED_IN"
    assert "Sedang di loket 2" in page.content.decode()


def test_a_second_scan_tells_the_number_and_focuses_nothing(counter, place):
    act(counter, place, "check_in")
    page = counter.get(of(place, "booking"), {"pindai": "1"}).content.decode()
    assert "A001" in page
    assert "berikutnya dipanggil" in page
    assert " autofocus" not in page
    assert 'data-key="1"' not in page


def test_the_number_is_printed_on_a_strip(counter, place):
    page = act(counter, place, "check_in", back="today").content.decode()
    assert f'href="{of(place, "ticket")}?nomor=1">Cetak nomor<' in page
    slip = counter.get(of(place, "ticket"), {"nomor": "1"}).content.decode()
    assert ">A001<" in slip
    assert "Sari" not in slip


def test_turning_away_takes_a_reason(counter, place):
    page = act(counter, place, "turn_away")
    assert "Pilih alasan" in page.content.decode()
    assert state(place) == "BOOKED"
    act(counter, place, "turn_away", reason="documents_missing", note="KK tertinggal")
    assert state(place) == "TURNED_AWAY"
    assert BookingEvent.objects.get(what="TURNED_AWAY").note_digest


def test_who_is_late_is_received_with_a_reason(counter, clock, place):
    clock(START + timedelta(hours=2))
    assert "Terlambat karena" in counter.get(of(place, "booking")).content.decode()
    assert "sudah lewat" in act(counter, place, "check_in").content.decode()
    act(counter, place, "check_in", reason="traffic", note="Macet di tol")
    assert state(place) == "CHECKED_IN"


def test_who_did_not_come_is_marked_and_taken_back(counter, clock, place):
    clock(START + timedelta(hours=2))
    counter.post(of(place, "absent"), {"who": place.applicant.code})
    assert state(place) == "NO_SHOW"
    act(counter, place, "undo")
    assert state(place) == "BOOKED"
    page = counter.get(of(place, "booking")).content.decode()
    assert "Catatan tidak hadir diurungkan oleh petugas" in page
    assert "dibatalkan" not in page


def asked_absent(client, place) -> tuple[str, dict[str, str]]:
    """What the page that asks says, and what its form sends."""
    text = act(client, place, "no_show", who=place.applicant.code).content.decode()
    return text, dict(re.findall(r'name="(token|who)" value="([^"]*)"', text))


def test_who_did_not_come_is_marked_after_a_question_and_once(counter, clock, place):
    clock(START + timedelta(hours=2))
    text, form = asked_absent(counter, place)
    assert state(place) == "BOOKED"
    for told in ("Catat tidak hadir?", "Sari Dewi", "08.00–09.00", "lewat e-mail"):
        assert told in text
    for _press in range(2):
        page = counter.post(of(place, "absent"), form, follow=True).content.decode()
        assert "Sari Dewi dicatat tidak hadir." in page
    assert BookingEvent.objects.filter(what="NO_SHOW").count() == 1
    assert Message.objects.filter(kind="no_show").count() == 1


def test_of_a_family_those_are_marked_who_were_chosen(counter, clock, place):
    sister = PlaceFactory(booking=place.booking, applicant__name="Ani")
    clock(START + timedelta(hours=2))
    text, form = asked_absent(counter, place)
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', text)
    assert [place.applicant.code in box for box in boxes if " checked" in box] == [True]
    assert len(boxes) == 2
    page = counter.post(of(place, "absent"), {"token": form["token"]})
    assert page.status_code == 422
    assert "Pilih sedikitnya satu orang" in page.content.decode()
    counter.post(of(place, "absent"), form | {"who": sister.applicant.code})
    assert (state(place), state(sister)) == ("BOOKED", "NO_SHOW")


def test_of_an_hour_that_runs_nobody_is_asked_to_be_absent(counter, place):
    page = act(counter, place, "no_show", who=place.applicant.code).content.decode()
    assert "Tidak ada yang dapat dicatat tidak hadir" in page
    counter.post(of(place, "absent"), {"who": place.applicant.code})
    assert state(place) == "BOOKED"


@pytest.mark.parametrize(
    "fields", [{"act": "delete"}, {"act": ""}, {"act": "serve", "reason": "x"}]
)
def test_a_broken_form_changes_nothing(counter, place, fields):
    response = counter.post(of(place, "act"), fields, follow=True)
    assert response.status_code == 200
    assert state(place) == "BOOKED"


def test_a_booking_of_another_office_is_not_found(counter):
    other = PlaceFactory(booking__slot__starts_at=START)
    assert counter.get(of(other, "booking")).status_code == 404
    act(counter, other, "check_in")
    assert state(other) == "BOOKED"


def test_five_of_one_booking_are_received_at_once(counter, slot, place):
    for _ in range(4):
        PlaceFactory(booking=place.booking)
    act(counter, place, "check_in")
    assert not Approval.objects.exists()
    assert set(place.booking.places.values_list("state", flat=True)) == {"CHECKED_IN"}


def test_the_ticket_of_a_visit_that_is_over_leads_back(counter, place):
    act(counter, place, "check_in")
    act(counter, place, "serve", confirmed="1")
    response = counter.get(of(place, "ticket"))
    assert response["Location"] == of(place, "booking")


def test_who_has_no_post_has_no_shortcuts(clock, sign_in):
    assert sign_in(UserFactory()).get("/admin/", follow=True).status_code == 403


def test_an_old_booking_leads_to_what_stands_instead(counter, office, place):
    new = PlaceFactory(booking=BookingFactory(slot=slot_on(office, START + timedelta(days=2))))
    Place.objects.filter(pk=place.pk).update(
        state="CLOSED_BY_OFFICE", live_person=None, live_seat=None, ended_at=NOW, moved_to=new
    )
    page = counter.get(reverse("desk:booking", args=[office.code, place.booking.code]))
    link = reverse("desk:booking", args=[office.code, new.booking.code])
    assert f'href="{link}"' in page.content.decode()


def test_a_visit_that_went_to_another_office_is_not_shown_here(counter, office, place):
    new = PlaceFactory()
    Place.objects.filter(pk=place.pk).update(
        state="MOVED", live_person=None, live_seat=None, ended_at=NOW, moved_to=new
    )
    text = counter.get(reverse("desk:booking", args=[office.code, place.booking.code]))
    assert "ke kantor lain" in text.content.decode()
    assert new.booking.code not in text.content.decode()


def test_search_finds_visits_of_other_days_at_this_office_only(counter, office, place):
    later = BookingFactory(slot=slot_on(office, START + timedelta(days=3)))
    PlaceFactory(booking=later, applicant__name="Sari Wulan")
    elsewhere = PlaceFactory(applicant__name="Sari Jauh")
    over = BookingFactory(slot=slot_on(office, START - timedelta(days=3)))
    PlaceFactory(booking=over, applicant__name="Sari Lampau")

    text = counter.get(reverse("desk:today", args=[office.code]), {"q": "sari"}).content.decode()

    assert "Sari Dewi" in text
    assert "Sari Wulan" in text
    assert reverse("desk:booking", args=[office.code, later.code]) in text
    assert elsewhere.booking.code not in text
    assert "Sari Lampau" not in text


def test_a_paper_ticket_is_given_up_at_the_counter(counter, clock, place):
    clock(START - timedelta(minutes=30))
    path = of(place, "cancel-for")
    fields = {"who": place.applicant.code, "reason": "own_wish", "note": "Batal berangkat"}
    assert "milik sebuah akun" in counter.get(path).content.decode()

    refused = counter.post(path, fields, follow=True).content.decode()
    assert "Janji ini milik sebuah akun" in refused
    assert state(place) == "BOOKED"

    Booking.objects.update(account=None, made_by=UserFactory())
    assert counter.post(path, fields | {"who": []}).status_code == 422
    assert counter.post(path, fields | {"note": ""}).status_code == 422
    assert "Pembatalan dicatat" in counter.post(path, fields, follow=True).content.decode()
    assert state(place) == "CANCELLED"


def test_todays_list_and_the_printed_one_tell_who_said_that_they_come(counter, place):
    pages = [
        reverse("desk:today", args=["KANIM-LOKET"]),
        of(place, "booking"),
        reverse("desk:day-list-print", args=["KANIM-LOKET", place.booking.slot.day]),
    ]
    assert not any("menyatakan datang" in counter.get(page).text for page in pages)
    answering.come(reminder_links.token_of(place.booking_id), [1], now=START - timedelta(hours=12))
    found = [counter.get(page).text for page in pages]
    assert all("menyatakan datang" in page for page in found)
    assert all("1 menyatakan datang" in page for page in (found[0], found[2]))


def errand_of(client) -> str:
    page = client.get(reverse("desk:today", args=["KANIM-LOKET"])).text
    return page.partition('<span class="desk-visit__errand caption">')[2].partition("</span>")[0]


@pytest.mark.parametrize(
    ("told", "born", "shown"),
    [
        ({"kind": "LOST", "old_passport": "DISASTER"}, 1990, "Paspor hilang karena musibah"),
        ({"kind": "REPLACEMENT", "old_passport": "PLAIN"}, 1990, "sejak 2010 di Indonesia"),
        ({"kind": "NEW", "parents": "ONE"}, 2020, "Paspor baru, bersama salah satu orang tua"),
        ({"kind": "NEW"}, 2020, "Paspor baru, anak"),
    ],
)
def test_the_list_says_what_each_person_comes_for(counter, place, told, born, shown):
    Applicant.objects.update(birth_date=date(born, 8, 17))
    Place.objects.update(**told)

    errand = errand_of(counter)

    assert shown in errand
    assert ("<strong>" in errand) == (told["kind"] == "LOST")


def test_printed_ticket_of_one_of_two_hours_names_the_other(counter, office, place, slot):
    later = SlotFactory(release=slot.release, starts_at=slot.starts_at + timedelta(hours=1))
    other = PlaceFactory(
        booking=BookingFactory(slot=later, beside=place.booking), applicant__name="Nadia"
    )
    Booking.objects.filter(pk=place.booking_id).update(beside=other.booking)

    page = counter.get(reverse("desk:ticket", args=[office.code, place.booking.code]))

    assert "Keluarga Anda datang pada dua jam" in text_of_page(page)
    said = "Nadia datang 09.00–10.00 WIB, dengan tiketnya sendiri: kode "
    assert said + grouped(other.booking.code) in text_of_page(page)
