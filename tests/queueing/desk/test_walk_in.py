"""Booking for people at the counter: the form, its refusals, its approvals, the paper ticket."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Applicant
from offices.models import Approval
from paspor.kernel.cipher import person_digest
from paspor.kernel.codes import grouped
from paspor.kernel.models import AuditEvent
from queueing.booking import documents
from queueing.booking.models import Booking, Place
from queueing.desk.models import QueueNumber
from queueing.desk.words import WARNINGS
from queueing.quota.models import Seat
from tests.cache_prefix import new_cache_prefix
from tests.factories import (
    OfficeFactory,
    OpeningHoursFactory,
    PlaceFactory,
    SeatFactory,
    invented_nik,
)
from tests.page_text import text_of_page
from tests.queueing.booking.visits import live
from tests.queueing.desk.conftest import NOW, START, slot_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(slot):
    SeatFactory.create_batch(6, slot=slot, channel="COUNTER")
    SeatFactory.create_batch(6, slot=slot, channel="PRIORITY")
    return slot


@pytest.fixture
def path(office):
    return reverse("desk:walk-in", args=[office.code])


def form(people=1, **fields):
    data = {
        "orang-TOTAL_FORMS": people,
        "orang-INITIAL_FORMS": 0,
        "slot": "",
        "channel": "COUNTER",
        "reason": "walk_in",
        "note": "Menginap di rumah sakit sebelah",
        # As if the page had said already whatever a NIK says otherwise.
        "differing": " ".join(f"{n}.{code}" for n in range(people) for code in WARNINGS),
    }
    for n in range(people):
        data |= {
            f"orang-{n}-name": f"Warga Loket {'ABCDE'[n]}",
            f"orang-{n}-nik": invented_nik(n),
            f"orang-{n}-birth_date": "1990-08-17",
            f"orang-{n}-sex": "M",
            f"orang-{n}-kind": "NEW",
            f"orang-{n}-passport_type": "REGULAR",
        }
    return data | fields


def test_someone_at_the_counter_gets_a_place_and_a_paper_ticket(counter, seats, path):
    response = counter.post(path, form(), follow=True)
    booking = Booking.objects.get()
    place = booking.places.get()
    assert (booking.account, booking.slot, place.state) == (None, seats, "CHECKED_IN")
    assert response.redirect_chain[-1][0] == reverse(
        "desk:ticket", args=["KANIM-LOKET", booking.code]
    )
    text = response.content.decode()
    assert grouped(booking.code) in text
    assert "<svg" in text
    assert QueueNumber.objects.get(booking=booking).label in text
    assert invented_nik(0) not in text
    assert AuditEvent.objects.get(act="book_for").reason == "walk_in"


def test_who_differs_from_their_nik_is_said_before_the_ticket_is_printed(counter, seats, path):
    said = form(2, differing="") | {"orang-1-birth_date": "1991-01-02", "orang-1-sex": "F"}

    page = counter.post(path, said)

    assert page.status_code == 409
    assert not Booking.objects.exists()
    text = page.content.decode()
    assert "Belum dipesan: cocokkan dengan KTP" in text
    assert text.count("Tanggal lahir berbeda dengan NIK") == 1
    assert text.count("Jenis kelamin berbeda dengan NIK") == 1
    assert "Ada yang perlu diperbaiki" not in text
    seen = page.context["differing"]
    assert seen == "1.nik_birth_date_differs 1.nik_sex_differs"
    assert f'name="differing" value="{seen}"' in text

    other = said | {"differing": seen, "orang-0-sex": "F"}
    assert counter.post(path, other).status_code == 409
    assert counter.post(path, said | {"differing": seen}).status_code == 302
    assert Place.objects.count() == 2


def test_who_fits_their_nik_is_booked_at_once(counter, seats, path):
    assert counter.post(path, form(differing="")).status_code == 302


def test_what_they_come_for_is_on_the_ticket_and_in_the_one_view(counter, office, seats, path):
    said = {
        "orang-0-kind": "REPLACEMENT-OTHER",
        "orang-1-birth_date": "2020-01-01",
        "orang-1-parents": "CUSTODY",
        "orang-1-guardian_declared": "on",
    }
    ticket = counter.post(path, form(2, **said), follow=True).content.decode()

    booking = Booking.objects.get()
    view = counter.get(reverse("desk:booking", args=[office.code, booking.code])).content.decode()
    for page in (ticket, view):
        assert documents.CUSTODY_RULING in page
        assert documents.OLD_ISSUE not in page
        assert "sebelum 2010 atau di luar negeri" in page


def test_who_comes_along_with_a_grown_person_is_refused_at_its_field(counter, seats, path):
    page = counter.post(path, form(**{"orang-0-parents": "ONE"}))

    assert page.status_code == 409
    assert page.context["guests"][0].errors.keys() == {"parents"}
    assert not Booking.objects.exists()


def test_a_chosen_hour_of_another_day(counter, office, path):
    later = slot_on(office, START + timedelta(days=1))
    SeatFactory(slot=later, channel="COUNTER")
    page = counter.get(path, {"hari": later.day}).content.decode()
    assert later.code in page
    assert "Secepatnya" not in page
    counter.post(f"{path}?hari={later.day}", form(slot=later.code))
    assert Booking.objects.get().slot == later


def test_a_chosen_hour_that_serves_now_gives_a_number(counter, seats, path):
    counter.post(path, form(slot=seats.code))
    assert Place.objects.get().state == "CHECKED_IN"
    assert QueueNumber.objects.get().booking.slot == seats


def test_a_chosen_hour_that_has_not_begun_gives_none(counter, clock, seats, path):
    clock(START - timedelta(minutes=5))
    counter.post(path, form(slot=seats.code))
    assert Place.objects.get().state == "BOOKED"
    assert not QueueNumber.objects.exists()


def test_nobody_is_received_before_their_hour_receives_people(counter, office, clock, seats, path):
    clock(START - timedelta(minutes=31))
    counter.post(path, form())
    assert Place.objects.get().state == "BOOKED"
    assert not QueueNumber.objects.exists()


def ticket_after(client, path, **fields) -> str:
    return text_of_page(client.post(path, form(**fields), follow=True))


def test_who_is_not_received_yet_is_told_when_the_number_comes(counter, clock, seats, path):
    clock(START - timedelta(minutes=31))
    told = ticket_after(counter, path)
    assert "saat pemohon diterima di loket, mulai pukul 07.30 WIB." in told
    clock(START - timedelta(minutes=29))
    code = Booking.objects.get().code
    told = counter.get(reverse("desk:ticket", args=["KANIM-LOKET", code])).content.decode()
    assert "saat pemohon diterima, di halaman janjinya." in told


def test_who_is_received_at_once_is_told_of_no_later_number(counter, seats, path):
    told = ticket_after(counter, path)
    assert QueueNumber.objects.get().label in told
    assert "Belum diterima" not in told


def test_a_seat_left_over_online_is_told_as_the_counters(counter, office, slot, path):
    SeatFactory(slot=slot, channel="ONLINE")
    counter.post(path, form())
    # The database's clock does not stand where the pages' does.
    Booking.objects.update(created_at=NOW)
    booking = Booking.objects.get()
    told = counter.get(reverse("desk:ticket", args=[office.code, booking.code])).content.decode()
    assert (booking.channel, booking.is_walk_in) == ("ONLINE", True)
    assert re.search(r"Jalur</dt>\s*<dd[^>]*>\s*Loket", told)
    day = counter.get(reverse("desk:today", args=[office.code])).content.decode()
    assert "· loket" in day
    assert "daring" not in day


def test_a_family_comes_with_one_button_for_each(counter, seats, path):
    page = counter.post(path, form(2, add="1"))
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("Orang 3") >= 1
    assert 'value="Warga Loket B"' in text
    assert "field__error" not in text
    assert page.context["guests"].total_form_count() == 3


def test_a_person_is_taken_out_and_the_others_stay(counter, seats, path):
    page = counter.post(path, form(2, remove="0"))
    assert page.context["guests"].total_form_count() == 1
    assert 'value="Warga Loket B"' in page.content.decode()


@pytest.mark.parametrize("count", ["", "x", "0", "999999999", "-1", "٣"])
def test_an_odd_number_of_people_breaks_nothing(counter, seats, path, count):
    page = counter.post(path, form(1) | {"orang-TOTAL_FORMS": count, "add": "1"})
    assert page.status_code == 200
    assert counter.post(path, form(1) | {"orang-TOTAL_FORMS": count}).status_code in {302, 422}


def test_six_people_are_too_many(counter, seats, path):
    data = form(5) | {"orang-TOTAL_FORMS": 6}
    assert counter.post(path, data).status_code == 422
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nik", "31719917089001"),
        ("nik", "abcdefghijklmnop"),
        ("name", ""),
        ("name", "ꦱꦫꦶ"),
        ("birth_date", "1990-02-31"),
        ("sex", "X"),
        ("kind", "GIFT"),
        ("passport_type", "POLYCARBONATE"),
    ],
)
def test_what_is_wrong_with_a_person_stands_at_the_field(counter, seats, path, name, value):
    response = counter.post(path, form(**{f"orang-0-{name}": value}))
    assert response.status_code == 422
    assert name in response.context["guests"][0].errors
    assert not Applicant.objects.exists()


def test_an_empty_second_person_is_not_passed_over(counter, seats, path):
    data = form(2) | {f"orang-1-{name}": "" for name in ("name", "nik", "birth_date")}
    assert counter.post(path, data).status_code == 422
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"reason": ""}, {"reason": "x"}, {"channel": "ONLINE"}, {"slot": "X"}]
)
def test_a_broken_visit_is_refused_at_its_field(counter, seats, path, fields):
    response = counter.post(path, form(**fields))
    assert response.status_code == 422
    assert list(fields)[0] in response.context["form"].errors


def test_a_full_day_keeps_what_was_typed(counter, slot, path):
    response = counter.post(path, form())
    assert response.status_code == 409
    assert 'value="Warga Loket A"' in response.content.decode()
    assert not Applicant.objects.exists()


def test_an_unusual_reason_takes_words(counter, seats, path):
    response = counter.post(path, form(reason="urgent", note=" "))
    assert response.status_code == 409
    assert "note" in response.context["form"].errors
    assert counter.post(path, form(note=" ")).status_code == 302


def test_who_has_a_place_at_this_office_is_told_with_its_page(counter, seats, path):
    counter.post(path, form())
    response = counter.post(path, form())
    assert response.status_code == 409
    text = response.content.decode()
    assert "satu janji temu di seluruh Indonesia" in text
    link = reverse("desk:booking", args=["KANIM-LOKET", Booking.objects.get().code])
    assert f'<a href="{link}">Buka</a>' in text


def test_a_person_with_a_place_elsewhere_is_refused_without_details(counter, seats, path):
    there = PlaceFactory(applicant__person__digest=person_digest(invented_nik(0)))
    text = counter.post(path, form()).content.decode()
    assert "Janji temunya di kantor lain" in text
    assert there.booking.code not in text
    assert there.booking.slot.office.name not in text


def test_a_child_takes_a_guardian(counter, seats, path):
    child = form(
        **{"orang-0-birth_date": "2020-08-17", "orang-0-nik": invented_nik(0, date(2020, 8, 17))}
    )
    assert "guardian_declared" in counter.post(path, child).context["guests"][0].errors
    assert counter.post(path, child | {"orang-0-guardian_declared": "on"}).status_code == 302


def grant(officer, office, approval):
    Approval.objects.filter(pk=approval.pk).update(
        state="GRANTED", second=officer("HEAD", office), decided_at=NOW
    )


def test_five_people_wait_for_a_second_officer_with_the_form_kept(
    counter, officer, office, seats, path
):
    family = form(5)
    response = counter.post(path, family)
    approval = Approval.objects.get()
    assert response.status_code == 409
    assert approval.code in response.content.decode()
    assert approval.note.startswith("5 orang, jalur Loket, ")
    # Asked for is no fault of the form.
    assert "Ada yang perlu diperbaiki" not in response.content.decode()
    assert not response.context["form"].errors
    assert 'value="Warga Loket E"' in response.content.decode()
    assert not Place.objects.exists()

    grant(officer, office, approval)
    assert counter.post(path, family).status_code == 302
    assert live() == 5
    assert set(Place.objects.values_list("state", flat=True)) == {"CHECKED_IN"}


def test_priority_without_proof_waits_for_a_second_officer(counter, officer, office, seats, path):
    wish = form(channel="PRIORITY", **{"orang-0-entitlement": "DISABLED"})
    assert counter.post(path, wish).status_code == 409
    grant(officer, office, Approval.objects.get(act="priority_unproven"))
    assert counter.post(path, wish).status_code == 302
    assert Booking.objects.get().channel == "PRIORITY"


def test_what_was_typed_is_there_again_when_the_second_officer_agrees(
    counter, officer, office, sign_in, seats, path
):
    new_cache_prefix()
    wish = form(channel="PRIORITY", **{"orang-0-entitlement": "DISABLED"})
    counter.post(path, wish)
    approval = Approval.objects.get()
    assert "Penyandang disabilitas, 39 tahun" in approval.note
    assert "Warga Loket" not in approval.note
    grant(officer, office, approval)

    link = f"{path}?permintaan={approval.code}"
    assert link in counter.get(reverse("insiders:approvals")).content.decode()
    filled = counter.get(link).content.decode()
    assert 'value="Warga Loket A"' in filled
    assert invented_nik(0) in filled
    other = sign_in(officer("COUNTER", office))
    assert "Warga Loket A" not in other.get(link).content.decode()


def test_priority_with_proof_goes_at_once(counter, seats, path):
    wish = form(channel="PRIORITY", has_proof="on", **{"orang-0-entitlement": "DISABLED"})
    assert counter.post(path, wish).status_code == 302
    assert not Approval.objects.exists()


def test_a_small_site_has_no_priority(counter, office, seats, path):
    office.kind, office.parent = "MPP", OfficeFactory()
    office.save()
    text = counter.get(path).content.decode()
    assert "PRIORITY" not in text
    assert counter.post(path, form()).status_code == 302


@pytest.mark.parametrize("role", ["PLANNER", "SISTIK"])
def test_only_the_desk_books_for_people(clock, officer, office, sign_in, seats, path, role):
    client = sign_in(officer(role, None if role == "SISTIK" else office))
    assert client.post(path, form()).status_code == 404
    assert not Booking.objects.exists()


def test_a_stranger_books_nothing_here(stranger, seats, path):
    assert stranger.post(path, form()).status_code == 404


def test_person_booked_already_is_told_at_their_own_field(counter, seats, path):
    counter.post(path, form())
    response = counter.post(path, form(2))
    first, second = response.context["guests"]
    assert response.status_code == 409
    assert "sudah mempunyai janji temu" in str(first.errors["nik"])
    assert not second.errors


def test_form_sent_twice_books_once_and_leads_to_the_same_ticket(counter, seats, path):
    answers = [counter.post(path, form(token="satu-kali")) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Booking.objects.count() == 1


def test_form_changed_after_it_was_sent_is_a_wish_of_its_own(counter, seats, path):
    counter.post(path, form(token="satu-kali"))
    changed = form(token="satu-kali") | {"orang-0-nik": invented_nik(7)}

    refused = counter.post(path, changed)

    assert refused.status_code == 409
    assert refused.context["token"] != "satu-kali"
    again = counter.post(path, changed | {"token": refused.context["token"]})
    assert (again.status_code, Booking.objects.count()) == (302, 2)


def test_whose_entitlement_does_not_fit_is_told_beside_it(counter, seats, path):
    said = {"orang-0-entitlement": "DISABLED", "orang-1-entitlement": "ELDERLY"}

    page = counter.post(path, form(2, channel="PRIORITY", has_proof="on", **said))

    first, second = page.context["guests"]
    assert not first.errors
    assert second.errors.keys() == {"entitlement"}


@pytest.fixture
def tomorrow(office):
    later = slot_on(office, START + timedelta(days=1))
    SeatFactory(slot=later, channel="COUNTER")
    return later


@pytest.mark.parametrize("pressed", [{"other_day": ""}, {}])
def test_another_day_keeps_what_was_typed_and_books_nobody(counter, seats, tomorrow, path, pressed):
    """Also where Enter was pressed in its field: the hour on the screen is of the day before."""
    page = counter.post(path, form(2, hari=tomorrow.day.isoformat(), reason="elderly", **pressed))

    assert page.status_code == 200
    assert page.context["day"] == tomorrow.day
    assert tomorrow.code in page.text
    assert page.text.count("Warga Loket") == 2
    assert invented_nik(1) in page.text
    assert not Booking.objects.exists()


def test_a_day_that_is_none_leaves_the_form_where_it_was(counter, seats, path):
    page = counter.post(path, form(hari="besok", other_day=""))

    assert page.context["day"] == seats.day
    assert "Tanggal “besok” tidak dapat ditampilkan" in page.text
    assert "Warga Loket A" in page.text


def test_a_day_without_hours_says_why_and_leads_to_the_next(counter, office, path):
    OpeningHoursFactory(office=office, weekday=0, valid_from=START.date())
    sunday = START.date() + timedelta(days=6)
    page = counter.get(path, {"hari": sunday})

    assert page.context["rest"]["title"] == "Tidak melayani"
    assert f'name="other_day" value="{sunday + timedelta(days=1)}"' in page.text
    assert "Pesan dan cetak tiket" not in page.text


def test_nobody_is_booked_for_today_on_the_page_of_another_day(counter, seats, path):
    page = counter.post(f"{path}?hari={seats.day + timedelta(days=6)}", form())

    assert page.status_code == 422
    assert page.context["form"].errors["slot"] == ["Pilih jamnya."]
    assert not Booking.objects.exists()


def test_no_second_officer_is_asked_for_what_has_no_room(counter, seats, path):
    of_counter = Seat.objects.filter(slot=seats, channel="COUNTER").order_by("pk")
    Seat.objects.exclude(pk__in=of_counter[:3]).update(taken=True)

    page = counter.post(path, form(5))

    assert (
        "Tidak ada jam yang cukup untuk 5 orang sekaligus; yang terbanyak cukup untuk" in page.text
    )
    assert not Approval.objects.exists()
