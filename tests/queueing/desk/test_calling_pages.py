"""The counter's own page: sitting down, calling, and what a second tap does."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from offices.models import OfficerPost
from queueing.booking.models import Place
from queueing.desk import queue_selectors
from queueing.desk.forms import CallForm
from queueing.desk.models import QueueNumber, Sitting
from queueing.desk.pages.calling import SERVICES
from queueing.desk.services import attendance, calling, sittings
from queueing.desk.services.attendance import Visit
from queueing.desk.words import CALL_ACTS
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    QueueNumberFactory,
)
from tests.queueing.desk.conftest import NOW, START

pytestmark = pytest.mark.django_db
PAGE = "/loket/KANIM-LOKET/panggil/"
CALL = reverse("desk:call", args=["KANIM-LOKET"])
SIT = reverse("desk:sit", args=["KANIM-LOKET"])


@pytest.fixture
def wait(slot):
    def wait(name: str = "Sari Dewi", **fields) -> QueueNumber:
        booking = BookingFactory(slot=slot)
        here = {"state": "CHECKED_IN", "checked_in_at": NOW}
        PlaceFactory(booking=booking, applicant__name=name, **here)
        return QueueNumberFactory(booking=booking, **fields)

    return wait


@pytest.fixture
def seated(counter):
    counter.post(SIT, {"counter": 3})
    return counter


def press(client, act: str, queued: QueueNumber | None = None, **fields):
    said = {"act": act, "number": queued.label if queued else "", **fields}
    return client.post(CALL, said, follow=True)


def state(queued: QueueNumber) -> str:
    queued.refresh_from_db()
    return queued.state


def test_every_act_of_the_form_is_carried_out_by_something():
    by_hand = {"next", "turn_away", "priority", "chosen"}
    assert set(SERVICES) | by_hand == set(CALL_ACTS)
    assert {code for code, _label in CallForm.base_fields["act"].choices} == set(CALL_ACTS)


def test_who_does_not_work_there_finds_nothing(stranger, officer, office, sign_in, wait):
    queued = wait()
    planner = sign_in(officer("PLANNER", office))
    for client in (stranger, planner):
        asked = [client.get(PAGE), client.post(SIT, {"counter": 1}), press(client, "next")]
        assert [answer.status_code for answer in asked] == [404] * 3
    assert state(queued) == "WAITING"
    assert not Sitting.objects.exists()


def test_first_an_officer_says_where_they_sit(counter, wait):
    wait()
    page = counter.get(PAGE)
    assert "Anda di loket mana?" in page.content.decode()
    page = counter.post(SIT, {"counter": "tiga"}, follow=True)
    assert "Isi nomor loketnya" in page.content.decode()
    page = counter.post(SIT, {"counter": "3"}, follow=True)
    assert "<h1>Loket 3</h1>" in page.content.decode()


def test_a_counter_in_use_asks_before_it_is_taken_over(seated, officer, office, sign_in):
    other = sign_in(officer("COUNTER", office))
    page = other.post(SIT, {"counter": 3}, follow=True).content.decode()
    assert "Loket 3 sedang dipakai" in page
    assert Sitting.objects.filter(until=None).count() == 1
    page = other.post(SIT, {"counter": 3, "take_over": "1"}, follow=True).content.decode()
    assert "<h1>Loket 3</h1>" in page
    assert "Anda di loket mana?" in seated.get(PAGE).content.decode()


def test_the_way_of_a_number(seated, wait):
    queued = wait()
    page = press(seated, "next").content.decode()
    assert f'id="nomor">{queued.label}<' in page
    assert "Sari Dewi" in page
    assert "Tidak menjawab” dapat dicatat setelah 3 panggilan" in page
    press(seated, "again", queued)
    page = press(seated, "again", queued).content.decode()
    assert 'value="gone"' in page
    press(seated, "start", queued)
    page = press(seated, "finish", queued).content.decode()
    assert f"{queued.label} selesai dilayani." in page
    assert Place.objects.get().state == "SERVED"
    press(seated, "undo", queued)
    assert state(queued) == "SERVING"


def test_who_does_not_answer_at_once_is_given_time_to_come(seated, wait, clock):
    clock(NOW + timedelta(seconds=5))
    queued = wait()
    page = press(seated, "next").content.decode()
    told = "setelah 3 panggilan, paling cepat pukul 08.13 WIB."
    assert told in page
    press(seated, "again", queued)
    page = press(seated, "again", queued).content.decode()
    assert 'value="gone"' in page
    assert told in page
    refused = press(seated, "gone", queued).content.decode()
    assert "Panggilan pertama belum 2 menit yang lalu." in refused
    assert state(queued) == "CALLED"

    clock(NOW + timedelta(minutes=2, seconds=5))
    assert "paling cepat" not in seated.get(PAGE).content.decode()
    press(seated, "gone", queued)
    assert state(queued) == "GONE"


def test_a_form_sent_twice_calls_one(seated, wait):
    first, second = wait(), wait()
    press(seated, "next", token="satu")
    press(seated, "next", token="satu")
    assert (state(first), state(second)) == ("CALLED", "WAITING")
    press(seated, "finish", first, token="dua")
    page = press(seated, "finish", first, token="dua").content.decode()
    assert page.count("selesai dilayani.") >= 1
    assert "sudah ditangani" not in page


def test_each_form_of_the_page_has_a_token_of_its_own(seated, wait):
    wait(), wait()
    press(seated, "next")
    page = seated.get(PAGE).content.decode()
    tokens = re.findall(r'name="token" value="([^"]+)"', page)
    assert len(tokens) == len(set(tokens)) > 4


def test_a_refusal_is_told_and_changes_nothing(seated, wait):
    queued = wait()
    page = press(seated, "finish", queued).content.decode()
    assert "sudah ditangani" in page
    assert "Tindakan itu tidak dikenal." in press(seated, "jump", queued).content.decode()
    page = press(seated, "hold", number="A999").content.decode()
    assert "Nomor antrean ini tidak ada hari ini." in page
    assert state(queued) == "WAITING"


def test_turning_away_asks_for_a_reason_of_the_list(seated, wait):
    queued = wait()
    press(seated, "next")
    assert "Pilih alasan" in press(seated, "turn_away", queued).content.decode()
    press(seated, "turn_away", queued, reason="documents_missing")
    assert Place.objects.get().state == "TURNED_AWAY"


def test_priority_is_given_on_the_page_of_the_booking(seated, wait):
    queued = wait()
    code = queued.booking.code
    page = seated.get(reverse("desk:booking", args=["KANIM-LOKET", code])).content.decode()
    assert queued.label in page
    assert "Beri nomor prioritas" in page
    fields = {"reason": "elderly", "has_proof": "1", "back": code}
    page = press(seated, "priority", queued, **fields).content.decode()
    assert f"{queued.label} menjadi P001." in page


def test_a_waiting_number_is_called_by_choice_from_its_page(seated, wait):
    wait()
    queued = wait()
    code = queued.booking.code
    page = seated.get(reverse("desk:booking", args=["KANIM-LOKET", code])).content.decode()
    assert "Panggil ke loket saya (3)" in page
    refused = press(seated, "chosen", queued, back=code)
    assert "Pilih alasan" in refused.content.decode()
    assert state(queued) == "WAITING"
    page = press(seated, "chosen", queued, reason="unwell", back=code).content.decode()
    assert f'id="nomor">{queued.label}<' in page


def test_priority_without_proof_asks_a_second_officer(seated, wait):
    queued = wait()
    page = press(seated, "priority", queued, reason="elderly", back=queued.booking.code)
    assert "memerlukan persetujuan petugas kedua" in page.content.decode()
    assert state(queued) == "WAITING"


def test_the_list_shows_numbers_and_what_became_of_them(seated, wait):
    queued = wait()
    press(seated, "next")
    page = seated.get("/loket/KANIM-LOKET/").content.decode()
    assert queued.label in page
    assert "dipanggil, loket 3" in page


def test_the_lists_name_those_who_wait_are_held_and_are_called(seated, wait, slot):
    for name in ("Agus Salim", "Budi Utomo", "Citra Ayu"):
        wait(name)
    family = BookingFactory(slot=slot)
    for name in ("Wati Lestari", "Eko Lestari"):
        PlaceFactory(booking=family, state="CHECKED_IN", applicant__name=name)
    PlaceFactory(booking=family, applicant__name="Rini Belum Datang")
    QueueNumberFactory(booking=family)
    other = OfficerPostFactory(office=slot.office).user
    sittings.sit(officer=other, office=slot.office, counter=4, now=NOW)
    first = calling.call_next(officer=other, office=slot.office, now=NOW)
    calling.hold(officer=other, office=slot.office, label=first.label, now=NOW)
    calling.call_next(officer=other, office=slot.office, now=NOW)
    page = seated.get(PAGE).content.decode()
    names = re.findall(r'class="queued__who">([^<]+)<', page)
    assert names == ["Citra Ayu", "Eko Lestari, Wati Lestari", "Agus Salim", "Budi Utomo"]


def test_a_number_turned_away_says_so(seated, wait):
    queued = wait()
    press(seated, "next")
    page = press(seated, "turn_away", queued, reason="documents_missing").content.decode()
    assert 'muted">Tidak dapat dilayani</span>' in page
    assert "Selesai ditangani" not in page
    page = seated.get("/loket/KANIM-LOKET/?tampil=tak-terlayani").content.decode()
    assert f"{queued.label}</strong> tidak dapat dilayani" in page


def test_a_family_of_which_one_was_turned_away_says_how_many(seated, wait):
    queued = wait()
    away = PlaceFactory(
        booking=queued.booking, state="CHECKED_IN", applicant__name="Budi", checked_in_at=NOW
    )
    press(seated, "next")
    who = [away.applicant.code]
    press(seated, "turn_away", queued, reason="other", note="Sakit.", who=who)
    page = press(seated, "finish", queued).content.decode()
    assert "Selesai, 1 orang tidak dapat dilayani" in page


def test_one_person_of_a_family_is_ended_without_leaving_the_page(seated, wait):
    queued = wait()
    here = {"booking": queued.booking, "state": "CHECKED_IN", "checked_in_at": NOW}
    budi = PlaceFactory(applicant__name="Budi", **here)
    wati = PlaceFactory(applicant__name="Wati", **here)
    press(seated, "next")
    assert "Tidak ada di tempat" not in seated.get(PAGE).content.decode()
    press(seated, "start", queued)
    assert "Tidak ada di tempat" in seated.get(PAGE).content.decode()
    answer = press(seated, "finish", queued, who=[budi.applicant.code])
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == PAGE
    assert "Budi selesai dilayani." in page
    assert "Lainnya dari janji ini: Budi: selesai dilayani" in page
    page = press(seated, "gone", queued, who=[wati.applicant.code]).content.decode()
    assert "Wati tidak ada di tempat." in page
    assert "Tidak ada di tempat" not in page
    assert state(queued) == "SERVING"
    assert Place.objects.get(applicant__name="Sari Dewi").state == "CHECKED_IN"


def test_who_was_served_under_an_earlier_number_is_not_of_the_later_one(wait):
    """Of one booking: turned away under the first number; who came later, served."""
    first = wait(state="DONE", ended_at=NOW, number=1)
    late = PlaceFactory(
        booking=first.booking,
        state="SERVED",
        live_person=None,
        live_seat=None,
        ended_at=NOW,
        checked_in_at=NOW + timedelta(minutes=5),
    )
    Place.objects.exclude(pk=late.pk).update(
        state="TURNED_AWAY", live_person=None, live_seat=None, ended_at=NOW
    )
    second = QueueNumberFactory(
        booking=first.booking,
        number=2,
        state="DONE",
        ended_at=NOW,
        arrived_at=NOW + timedelta(minutes=5),
    )
    found = queue_selectors.people_of([first, second])
    states = {key: [place.state for place in people] for key, people in found.items()}
    assert states == {first.pk: ["TURNED_AWAY"], second.pk: ["SERVED"]}


def test_a_check_in_tells_the_number(counter, place):
    act = reverse("desk:act", args=["KANIM-LOKET", place.booking.code])
    page = counter.post(act, {"act": "check_in"}, follow=True).content.decode()
    assert "Nomor antrean: A001." in page


def test_the_page_costs_as_much_for_sixty_as_for_one(
    seated, wait, office, django_assert_max_num_queries
):
    wait()
    press(seated, "next")
    for _n in range(60):
        wait()
    seated.get(PAGE)
    with django_assert_max_num_queries(18):
        page = seated.get(PAGE).content.decode()
    assert '?tampil=hadir">dan 52 nomor lagi<' in page


def test_a_scan_is_ready_to_be_received(counter, place):
    find = reverse("desk:find", args=["KANIM-LOKET"])
    page = counter.get(find, {"q": place.booking.code}, follow=True)
    assert page.redirect_chain[-1][0].endswith("?pindai=1")
    assert re.search(r"<button[^>]* autofocus[^>]*><span>Terima", page.content.decode())


def test_only_the_list_may_use_the_camera(counter, place):
    assert "camera=(self)" in counter.get("/loket/KANIM-LOKET/")["Permissions-Policy"]
    assert "camera=()" in counter.get(PAGE)["Permissions-Policy"]


def test_a_branch_has_a_queue_of_its_own(officer, office, sign_in, clock, wait):
    queued = wait()
    branch = OfficeFactory(kind="ULP", parent=office, code="ULP-CABANG")
    head = OfficerPostFactory(office=office, role="HEAD").user
    sittings.sit(officer=head, office=branch, counter=1, now=NOW)
    page = sign_in(head).get(reverse("desk:calling", args=[branch.code])).content.decode()
    assert "Belum ada yang menunggu" in page
    assert queued.label not in page


def test_whose_hour_is_to_come_is_shown_with_it(seated, wait):
    wait(due_at=START + timedelta(hours=1))
    assert "jam 09.00 WIB" in seated.get(PAGE).content.decode()


def test_only_the_counter_itself_ends_its_number(seated, wait, officer, office, sign_in):
    queued = wait()
    press(seated, "next")
    other = officer("COUNTER", office)
    sittings.sit(officer=other, office=office, counter=4, now=NOW)
    page = press(sign_in(other), "finish", queued).content.decode()
    assert "sudah ditangani" in page
    assert calling.call_again(
        officer=Sitting.objects.get(counter=3).officer, office=office, label=queued.label, now=NOW
    )


def test_a_long_wait_is_told_in_hours(seated, wait):
    wait(arrived_at=NOW - timedelta(hours=2, minutes=8), due_at=NOW - timedelta(hours=2))
    page = seated.get(PAGE).content.decode().replace("\xa0", " ")
    assert "2 jam, 8 menit" in page


def test_who_came_again_after_no_answer_keeps_the_name_and_has_nothing_to_undo(
    seated, wait, office, officer, clock
):
    queued = wait()
    press(seated, "next")
    for _ in range(2):
        press(seated, "again", queued)
    clock(NOW + timedelta(minutes=2))
    press(seated, "gone", queued)
    assert 'value="undo"' in seated.get(PAGE).content.decode()
    visit = Visit(office=office, booking_code=queued.booking.code)
    attendance.check_in(officer=officer("COUNTER", office), visit=visit, now=timezone.now())
    again = queue_selectors.open_number_of(queued.booking)
    page = seated.get(PAGE).content.decode()
    done = page.split('id="baru-selesai"')[1]
    assert "Sari Dewi" in done
    assert f"diterima lagi: {again.label}" in done
    assert 'value="undo"' not in done
    told = press(seated, "undo", queued).content.decode()
    assert f"Pemohonnya sudah diterima lagi dengan nomor {again.label}." in told


@pytest.fixture
def left_at_3(seated, wait) -> QueueNumber:
    """A number at counter 3, whose officer may serve here no longer."""
    queued = wait("Agus Salim")
    press(seated, "next")
    OfficerPost.objects.filter(role="COUNTER").update(ends_at=NOW)
    return queued


@pytest.mark.parametrize("role", ["COUNTER", "HEAD"])
def test_a_counter_left_behind_is_told_and_taken_over(
    clock, left_at_3, officer, office, sign_in, role
):
    colleague = sign_in(officer(role, office))
    listed = colleague.get("/loket/KANIM-LOKET/").content.decode()
    assert f"{left_at_3.label} masih di loket 3, yang petugasnya tidak lagi" in listed
    assert f"{PAGE}?loket=3" in listed
    page = colleague.get(PAGE).content.decode()
    assert page.count("tidak lagi bertugas di sini") == 2
    asked = colleague.get(f"{PAGE}?loket=3").content.decode()
    assert "Loket 3 ditinggalkan petugasnya" in asked
    assert "sedang dipakai" not in asked

    page = colleague.post(SIT, {"counter": 3, "take_over": "1"}, follow=True).content.decode()
    assert "Agus Salim" in page
    press(colleague, "start", left_at_3)
    press(colleague, "finish", left_at_3)
    assert state(left_at_3) == "DONE"
    assert "tidak lagi bertugas" not in colleague.get("/loket/KANIM-LOKET/").content.decode()


def test_who_has_a_number_takes_no_other_counter_over(
    clock, left_at_3, officer, office, sign_in, wait
):
    colleague = sign_in(officer("COUNTER", office))
    colleague.post(SIT, {"counter": 4})
    assert "Gantikan di loket 3" in colleague.get(PAGE).content.decode()
    wait()
    page = press(colleague, "next").content.decode()
    assert "Dapat diambil alih setelah loket Anda kosong." in page
    assert "Gantikan di loket 3" not in page


def test_a_counter_in_use_is_not_called_left(clock, seated, officer, office, sign_in, wait):
    queued = wait()
    press(seated, "next")
    colleague = sign_in(officer("COUNTER", office))
    for path in ("/loket/KANIM-LOKET/", PAGE, f"{PAGE}?loket=3"):
        assert "tidak lagi bertugas" not in colleague.get(path).content.decode()
    visit = reverse("desk:act", args=["KANIM-LOKET", queued.booking.code])
    asked = colleague.post(visit, {"act": "serve", "confirmed": "1"}).content.decode()
    assert "Tanyakan dahulu kepada petugasnya" in asked
    OfficerPost.objects.filter(user=Sitting.objects.get().officer).update(ends_at=NOW)
    asked = colleague.post(visit, {"act": "serve", "confirmed": "1"}).content.decode()
    assert "tidak lagi bertugas di sini" in asked
    assert "Tanyakan dahulu" not in asked
