"""Putting right at the counter what somebody comes for: the service, then its page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Message
from offices.errors import ReasonNeeded
from offices.reasons import Why
from paspor.kernel.codes import grouped
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking import documents, errors, rules
from queueing.booking.errands import Errand, Written
from queueing.booking.models import Booking, BookingEvent
from queueing.booking.selectors import booking_by_id
from queueing.booking.services import correcting
from queueing.booking.services.correcting import Correction, OnePlace
from queueing.booking.timeline import timeline
from tests.factories import OfficeFactory, OfficerPostFactory, QueueNumberFactory, UserFactory
from tests.queueing.desk.conftest import NOW

pytestmark = pytest.mark.django_db
MISTAKEN = Why("chosen_wrong")


@pytest.fixture
def clerk(office):
    return OfficerPostFactory(office=office).user


@pytest.fixture
def put(office, place, clerk):
    """Correct the one place; what is not said stays usual."""

    def put(errand: Errand, passport_type="REGULAR", *, why=MISTAKEN, **fields):
        one = OnePlace(fields.pop("office", office), place.booking.code, place.applicant.code)
        how = {name: fields.pop(name) for name in ("is_told", "seen") if name in fields}
        to = Correction(errand, passport_type, **how)
        said = {"officer": clerk, "now": NOW} | fields
        return correcting.correct(of=one, to=to, why=why, **said)

    return put


def written(place) -> tuple[str, str, str]:
    place.refresh_from_db()
    return place.kind, place.old_passport, place.passport_type


@pytest.mark.parametrize("state", ["BOOKED", "CHECKED_IN"])
def test_kind_and_type_are_put_right_and_the_state_stays(put, place, state):
    type(place).objects.update(state=state)
    put(Errand("REPLACEMENT", "PLAIN"), "ELECTRONIC")
    assert written(place) == ("REPLACEMENT", "PLAIN", "ELECTRONIC")
    assert place.state == state


def test_the_log_says_who_changed_what_and_why(put, place, clerk):
    put(Errand("REPLACEMENT", "OTHER"), why=Why("other", "Paspor lama ada di tasnya."))
    event = BookingEvent.objects.get(place_id=place.pk)
    assert (event.what, event.reason, event.actor_id) == ("BOOKED", "corrected", clerk.pk)
    assert event.detail["before"]["kind"] == "NEW"
    assert event.detail["after"] == {
        "kind": "REPLACEMENT",
        "old_passport": "OTHER",
        "parents": "",
        "passport_type": "REGULAR",
    }
    log = AuditEvent.objects.get(act="correct")
    assert (log.actor_id, log.reason, bool(log.note_digest)) == (clerk.pk, "other", True)


def test_the_history_tells_it_in_words(put, place):
    put(Errand("REPLACEMENT"), "ELECTRONIC")
    (entry,) = timeline(booking_by_id(place.booking_id))
    assert entry.text == (
        "Keperluan dikoreksi petugas: Paspor baru (Paspor biasa) → "
        "Penggantian paspor lama (Paspor elektronik)"
    )


@pytest.mark.parametrize("state", ["SERVED", "NO_SHOW", "TURNED_AWAY", "CANCELLED"])
def test_nobody_is_corrected_whose_visit_has_ended(put, place, state):
    type(place).objects.update(state=state, live_person=None, live_seat=None, ended_at=NOW)
    with pytest.raises(errors.WrongState):
        put(Errand("REPLACEMENT"))
    assert written(place)[0] == "NEW"


def test_a_day_that_is_over_is_history(put):
    with pytest.raises(errors.WrongState):
        put(Errand("REPLACEMENT"), now=NOW + timedelta(days=1))


def test_a_day_to_come_may_be_put_right(put, place):
    put(Errand("REPLACEMENT"), now=NOW - timedelta(days=3))
    assert written(place)[0] == "REPLACEMENT"


def test_an_office_refuses_a_type_that_it_lacks(put, place):
    with pytest.raises(errors.PassportTypeNotOffered):
        put(Errand("NEW"), "POLYCARBONATE")
    assert written(place)[2] == "REGULAR"


def test_a_type_that_an_office_no_longer_has_does_not_bar_the_kind(put, place, office):
    type(office).objects.update(passport_types=["ELECTRONIC"])
    office.refresh_from_db()
    put(Errand("REPLACEMENT"))
    assert written(place) == ("REPLACEMENT", "", "REGULAR")


def test_nothing_that_was_changed_meanwhile_is_put_back_unseen(put, place):
    seen = Written.of(place)
    put(Errand("NEW"), "ELECTRONIC", seen=seen)
    with pytest.raises(errors.CorrectedMeanwhile):
        put(Errand("REPLACEMENT"), "REGULAR", seen=seen)
    assert written(place) == ("NEW", "", "ELECTRONIC")
    put(Errand("REPLACEMENT"), "ELECTRONIC", seen=Written.of(place))
    assert written(place) == ("REPLACEMENT", "", "ELECTRONIC")


@pytest.mark.parametrize("kind", sorted(documents.EXAMINED_FIRST))
def test_whose_passport_is_examined_first_is_told_so(put, place, kind):
    with pytest.raises(errors.ExaminationNotAnnounced) as refusal:
        put(Errand(kind))
    assert list(refusal.value.fields) == ["told"]
    put(Errand(kind), is_told=True)
    assert written(place)[0] == kind


def test_whoever_was_told_is_not_told_again():
    rules.check_correction(differs=True, is_examined=True, was_examined=True, is_told=False)


@pytest.mark.parametrize(
    ("errand", "refusal"),
    [
        (Errand("NEW"), errors.NothingCorrected),
        (Errand("RENEWAL"), errors.KindUnknown),
        (Errand("NEW", "PLAIN"), errors.OldPassportMismatch),
        (Errand("REPLACEMENT", "", "BOTH"), errors.ParentsMismatch),
    ],
)
def test_what_could_not_be_booked_is_refused(put, errand, refusal):
    with pytest.raises(refusal):
        put(errand)
    assert not BookingEvent.objects.exists()


def test_it_needs_a_reason_of_its_list_and_words_for_another(put):
    for why in (Why(), Why("walk_in"), Why("other")):
        with pytest.raises(ReasonNeeded):
            put(Errand("REPLACEMENT"), why=why)


def test_only_the_offices_own_counter_may(put, office):
    planner = OfficerPostFactory(office=office, role="PLANNER").user
    with pytest.raises(NotAllowed):
        put(Errand("REPLACEMENT"), officer=planner)
    elsewhere = OfficeFactory()
    with pytest.raises(errors.WrongOffice):
        put(
            Errand("REPLACEMENT"),
            office=elsewhere,
            officer=OfficerPostFactory(office=elsewhere).user,
        )


def page_of(place) -> str:
    words = [place.booking.slot.office.code, place.booking.code, place.applicant.code]
    return reverse("desk:correct", args=words)


SAID = {
    "seen": "NEW:::REGULAR",
    "kind": "REPLACEMENT-PLAIN",
    "passport_type": "ELECTRONIC",
    "reason": "documents_say",
}


def test_the_visit_leads_there_and_shows_the_documents_anew(counter, place):
    visit = reverse("desk:booking", args=["KANIM-LOKET", place.booking.code])
    assert page_of(place) in counter.get(visit).content.decode()
    page = counter.post(page_of(place), SAID, follow=True).content.decode()
    assert "Keperluan Sari Dewi dikoreksi." in page
    assert "Paspor elektronik" in page
    assert "Paspor lama" in page
    assert "diperiksa dahulu di kantor" not in page


def test_the_form_is_filled_with_what_is_written(counter, place):
    type(place).objects.update(kind="REPLACEMENT", old_passport="OTHER")
    page = counter.get(page_of(place)).content.decode()
    assert '<option value="REPLACEMENT-OTHER" selected>' in page
    assert "POLYCARBONATE" not in page


def test_an_older_page_says_what_changed_and_keeps_what_was_chosen(counter, place):
    counter.post(page_of(place), SAID | {"kind": "NEW"})
    late = SAID | {"kind": "LOST", "passport_type": "REGULAR", "told": "on", "note": "Cermat."}

    answer = counter.post(page_of(place), late)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Paspor baru (Paspor biasa) → Paspor baru (Paspor elektronik)" in page
    assert written(place) == ("NEW", "", "ELECTRONIC")
    for kept in ('"LOST" selected', '"ELECTRONIC" selected', '"NEW:::ELECTRONIC"', "Cermat."):
        assert kept in page
    counter.post(page_of(place), late | {"seen": "NEW:::ELECTRONIC", "passport_type": "ELECTRONIC"})
    assert written(place) == ("LOST", "", "ELECTRONIC")


@pytest.mark.parametrize("seen", ["", "NEW", "A:B:C:D", "NEW:PLAIN:X:REGULAR"])
def test_a_page_that_says_nothing_true_changes_nothing(counter, place, seen):
    answer = counter.post(page_of(place), SAID | {"seen": seen})
    assert answer.status_code == 409
    assert "Sementara itu keperluan ini sudah diubah" in answer.content.decode()
    assert written(place)[0] == "NEW"


def test_a_lost_passport_is_refused_at_the_field_until_it_was_told(counter, place):
    said = SAID | {"kind": "LOST"}
    answer = counter.post(page_of(place), said)
    assert answer.status_code == 422
    assert "Beritahukan dahulu" in answer.content.decode()
    assert written(place)[0] == "NEW"
    page = counter.post(page_of(place), said | {"told": "on"}, follow=True).content.decode()
    assert "diperiksa dahulu di kantor" in page
    assert "Surat laporan kehilangan dari kepolisian" in page


def test_from_the_calls_it_leads_back_to_them(counter, place):
    counter.post(reverse("desk:sit", args=["KANIM-LOKET"]), {"counter": 3})
    type(place).objects.update(state="CHECKED_IN")
    there = {"counter": 3, "calls": 1, "called_at": NOW, "last_called_at": NOW}
    officer = OfficerPostFactory(office=place.booking.slot.office).user
    QueueNumberFactory(booking=place.booking, state="SERVING", officer=officer, **there)
    calls = reverse("desk:calling", args=["KANIM-LOKET"])
    address = f"{page_of(place)}?dari=panggil"
    assert address in counter.get(calls).content.decode()
    answer = counter.post(address, SAID)
    assert answer["Location"] == calls


def test_a_visit_that_has_ended_has_no_form(counter, place):
    type(place).objects.update(state="SERVED", live_person=None, live_seat=None, ended_at=NOW)
    visit = reverse("desk:booking", args=["KANIM-LOKET", place.booking.code])
    assert page_of(place) not in counter.get(visit).content.decode()
    page = counter.get(page_of(place)).content.decode()
    assert "Tidak dapat dikoreksi lagi" in page
    assert 'name="kind"' not in page


def test_strangers_and_planners_find_no_such_page(stranger, officer, office, sign_in, place):
    for client in (stranger, sign_in(officer("PLANNER", office))):
        answers = [client.get(page_of(place)), client.post(page_of(place), SAID)]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert written(place)[0] == "NEW"


@pytest.fixture
def owned(place):
    """Booked from home, by an account whose language is English."""
    owner = UserFactory(language="en", email="pemilik@contoh.test")
    Booking.objects.filter(pk=place.booking_id).update(account=owner)
    return place


def letter() -> Message:
    return Message.objects.get(kind="corrected")


def test_the_owner_is_told_what_an_officer_changed(put, owned):
    put(Errand("REPLACEMENT", "PLAIN"), "ELECTRONIC")
    told = letter()
    assert told.to == "pemilik@contoh.test"
    assert grouped(owned.booking.code) in told.subject
    assert owned.applicant.name in told.text
    assert "New passport (Regular passport) → Replacement of an old passport" in told.text
    assert "- The old passport" in told.text  # what is brought now


def test_who_is_at_the_counter_already_is_not_told_to_come_early(put, owned):
    type(owned).objects.update(state="CHECKED_IN")
    put(Errand("REPLACEMENT", "PLAIN"))
    assert "minutes early" not in letter().text


def test_each_correction_has_a_letter_of_its_own(put, owned):
    put(Errand("REPLACEMENT", "PLAIN"))
    put(Errand("NEW"), now=NOW + timedelta(minutes=1))
    assert Message.objects.filter(kind="corrected").count() == 2


def test_a_paper_ticket_has_nobody_to_write_to(put, place, clerk):
    Booking.objects.filter(pk=place.booking_id).update(account=None, made_by=clerk)
    put(Errand("REPLACEMENT", "PLAIN"))
    assert not Message.objects.filter(kind="corrected").exists()


def test_a_refused_correction_writes_nothing(put, owned):
    with pytest.raises(errors.NothingCorrected):
        put(Errand("NEW"))
    assert not Message.objects.filter(kind="corrected").exists()
