""" "This NIK is mine": who may say so, what proves it, and what both sides get."""

import datetime as dt
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import ports
from accounts.errors import ApplicantClaimed, ApplicantInClaim
from accounts.models import Applicant, IdentityCheck, Message
from accounts.registry.simulator import MOTHER, Temper, known_kk
from accounts.services import applicants, people, personal_data
from offices.errors import ReasonNeeded
from offices.reasons import Why
from paspor.kernel.codes import grouped
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking import selectors as bookings
from queueing.booking import words
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import confirming
from queueing.integrity import errors
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.rules import claims as rules
from queueing.integrity.rules.claims import Verdict
from queueing.integrity.selectors.claims import lost_disputes
from queueing.integrity.services import claims
from queueing.integrity.services.seeing import Card, see_identity
from queueing.integrity.tasks import close_old_claims
from queueing.quota.models import Slot
from tests.factories import OfficerPostFactory, SlotFactory, invented_nik
from tests.queueing.booking.visits import book, check_books, states, taken
from tests.queueing.integrity.claiming import WHY, accepted, at_counter, claimed, true_fields
from tests.queueing.integrity.conftest import UNKNOWN, person, registry_answers, temper

pytestmark = pytest.mark.django_db
State = IdentityClaim.State
BORN = dt.date(1990, 8, 17)  # of everyone whom ApplicantFactory makes


def squatted(serial: int = 7, **slot: Any) -> tuple[Booking, Applicant]:
    """Somebody's NIK, booked by another account."""
    booking = book(SlotFactory(**({"capacity": 1} | slot)), [person(serial, name="Penyerobot")])
    return booking, person(serial, name="Pemilik Sah")


def again(claim: IdentityClaim) -> IdentityClaim:
    return IdentityClaim.objects.get(pk=claim.pk)


def test_a_claims_number_comes_by_letter_with_the_day_it_ends():
    _booking, owner = squatted()
    claim = claimed(owner)

    letter = Message.objects.get(kind="claim_opened")
    assert letter.to == owner.account.email
    text = " ".join(letter.text.split())
    assert grouped(claim.code) in text
    assert f"terbuka sampai {words.moment(claim.created_at + timedelta(days=14), None)}" in text
    assert f"/klaim-nik/nomor/{claim.code}/" in text


def test_a_match_of_all_fields_gives_the_very_seat_for_a_day():
    booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()

    claim = again(claim)
    assert (claim.state, states(booking)) == (State.ACCEPTED, ["VOIDED"])
    won = claim.booking.places.get()
    assert (won.state, won.seat_id) == ("HELD", booking.places.get().seat_id)
    assert won.applicant == owner
    left = claim.booking.held_until - timezone.now()
    assert timedelta(hours=23) < left < timedelta(hours=25)
    check_books()


def test_what_was_won_can_be_booked():
    _booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    code = again(claim).booking.code
    made = confirming.confirm(account=owner.account, code=code, now=timezone.now()).booking
    assert states(made) == ["BOOKED"]
    check_books()


@pytest.mark.parametrize("wrong", ["kk", "mother_name", "birth_place"])
def test_one_wrong_answer_leads_to_the_counter_and_is_not_named(wrong: str):
    booking, owner = squatted()
    answers = {"kk": "3171990101200000", "mother_name": "Ibu Lain", "birth_place": "Medan"}
    claim = claimed(owner, true_fields(owner, **{wrong: answers[wrong]}))
    registry_answers()

    assert (again(claim).state, states(booking)) == (State.COUNTER, ["BOOKED"])
    message = Message.objects.get(kind="claim_counter")
    assert not any(word in message.text for word in ("KK", "ibu", "lahir", booking.code))


def test_both_sides_are_told_and_neither_of_the_other():
    booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()

    won = Message.objects.get(kind="claim_accepted")
    lost = Message.objects.get(kind="place_claimed")
    assert (won.user, lost.user) == (owner.account, booking.account)
    held_until = words.moment(again(claim).booking.held_until, booking.slot.office)
    assert f"kami tahan untuk Anda: pesan sebelum {held_until}" in " ".join(won.text.split())
    assert "KTP asli" in lost.text
    assert "Pemilik Sah" not in lost.text
    assert owner.account.email not in lost.text
    assert booking.account.email not in won.text
    assert again(claim).booking.code not in lost.text.replace("-", "")


def test_events_say_why_on_both_sides():
    booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    new = again(claim).booking
    ends = BookingEvent.objects.filter(booking_id__in=[booking.pk, new.pk], reason="nik_claimed")
    assert list(ends.order_by("id").values_list("what", flat=True)) == ["VOIDED", "HELD"]


def test_the_rest_of_the_squatters_visit_is_untouched():
    theirs = person(7)
    family = [theirs, person(8, theirs.account), person(9, theirs.account)]
    booking = book(SlotFactory(capacity=3), family)
    owner = person(7)
    claimed(owner, true_fields(owner))
    registry_answers()
    assert sorted(states(booking)) == ["BOOKED", "BOOKED", "VOIDED"]
    check_books()


def test_while_the_registry_is_away_a_claim_waits_sealed():
    temper(Temper.DOWN)
    booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    assert (again(claim).state, states(booking)) == (State.ASKED, ["BOOKED"])
    assert again(claim).question.further_sealed is not None


def test_what_was_asked_is_wiped_with_the_answer():
    _booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    question = again(claim).question
    assert (question.further_sealed, question.further_key) == (None, "")
    held = json.dumps(list(IdentityCheck.objects.values("matches", "asked", "further_key")))
    assert MOTHER not in held


def test_in_a_closed_hour_the_claimant_comes_first_at_the_next_opening():
    booking, owner = squatted()
    Slot.objects.filter(pk=booking.slot_id).update(
        closed_at=timezone.now(), closed_why="Uji penutupan"
    )
    claim = claimed(owner, true_fields(owner))
    registry_answers()

    place = again(claim).booking.places.get()
    assert (place.state, states(booking)) == ("CLOSED_BY_OFFICE", ["VOIDED"])
    assert place.first_right_until > timezone.now() + timedelta(days=59)
    assert taken(booking.slot) == 0
    assert "didahulukan" in Message.objects.get(kind="claim_accepted").text
    check_books()


def test_a_hold_never_lasts_past_the_hours_own_cutoff():
    booking, owner = squatted()
    soon = timezone.now() + timedelta(hours=3)
    Slot.objects.filter(pk=booking.slot_id).update(
        starts_at=soon, ends_at=soon + timedelta(hours=1)
    )
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    assert again(claim).booking.held_until == soon - timedelta(hours=1)


def test_a_free_nik_cannot_be_claimed():
    with pytest.raises(errors.NothingToClaim):
        claimed(person(7))


def test_ones_own_booking_cannot_be_claimed():
    mine = person(7)
    book(SlotFactory(capacity=1), [mine])
    with pytest.raises(errors.NothingToClaim):
        claimed(mine)


def test_a_place_that_is_gone_by_then_makes_the_claim_needless():
    booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    booking.places.update(
        state="CANCELLED", live_person=None, live_seat=None, ended_at=timezone.now()
    )
    registry_answers()
    assert again(claim).state == State.OVER
    assert Message.objects.filter(kind="claim_over", user=owner.account).exists()
    assert Booking.objects.filter(account=owner.account).count() == 0


def test_who_has_arrived_keeps_the_place_and_the_claim_goes_to_a_counter():
    booking, owner = squatted()
    booking.places.update(state="CHECKED_IN")
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    assert (again(claim).state, states(booking)) == (State.COUNTER, ["CHECKED_IN"])
    with pytest.raises(errors.PersonPresent), transaction.atomic():
        accepted(again(claim))
    assert states(booking) == ["CHECKED_IN"]


def test_a_place_won_by_a_claim_is_not_lost_to_another_without_a_ktp():
    _booking, first = squatted()
    claimed(first, true_fields(first))
    registry_answers()
    second = person(7, name="Orang Ketiga")
    claim = claimed(second, true_fields(second))
    registry_answers()
    assert again(claim).state == State.COUNTER
    assert Place.objects.get(state="HELD").applicant == first
    accepted(again(claim))
    assert Place.objects.get(state="HELD").applicant == second
    check_books()


def test_whom_an_officer_saw_is_not_lost_to_a_claim_without_a_ktp():
    booking, owner = squatted()
    holder = booking.places.get().applicant
    seen(invented_nik(6), holder.name)
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    assert (again(claim).state, states(booking)) == (State.COUNTER, ["BOOKED"])


def test_a_second_claim_waits_for_the_first():
    _booking, owner = squatted()
    claimed(owner)
    with pytest.raises(errors.ClaimOpen):
        claimed(owner)


def test_an_account_claims_three_times_in_a_month_and_no_more():
    _booking, owner = squatted()
    for _time in range(3):
        claim = claimed(owner)
        IdentityClaim.objects.filter(pk=claim.pk).update(
            state="DECLINED", settled_at=timezone.now()
        )
    with pytest.raises(errors.TooManyClaims):
        claimed(owner)
    IdentityClaim.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert claimed(owner).state == State.COUNTER


def test_a_person_is_claimed_five_times_in_a_month_and_no_more():
    squatted()
    for n in range(5):
        claimed(person(7, name=f"Orang {chr(65 + n)}"))
    with pytest.raises(errors.TooManyClaims):
        claimed(person(7, name="Orang Keenam"))


@pytest.mark.parametrize(
    ("said", "at_fault"),
    [
        ({"kk": "3171990101200001"}, {"mother_name", "birth_place"}),
        ({"kk": "12", "mother_name": "Ibu", "birth_place": "Solo"}, {"kk"}),
        ({"kk": "3171990101200001", "mother_name": "123", "birth_place": "Solo"}, {"mother_name"}),
        (
            {"kk": "3171990101200001", "mother_name": "Ibu", "birth_place": "x" * 101},
            {"birth_place"},
        ),
    ],
)
def test_further_fields_come_all_three_or_not_at_all(said: dict[str, str], at_fault: set[str]):
    with pytest.raises(errors.FurtherInvalid) as refusal:
        rules.tidy_further(**({"kk": "", "mother_name": "", "birth_place": ""} | said))
    assert set(refusal.value.fields) == at_fault


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"is_live": False}, Verdict.OVER),
        ({"is_own": True}, Verdict.OVER),
        ({}, Verdict.TAKE),
        ({"at_counter": True}, Verdict.TAKE),
        ({"has_arrived": True}, Verdict.COUNTER),
        ({"has_arrived": True, "at_counter": True}, Verdict.COUNTER),
        ({"is_proven": True}, Verdict.COUNTER),
        ({"is_proven": True, "at_counter": True}, Verdict.TAKE),
    ],
)
def test_what_becomes_of_a_proven_claim(known: dict[str, bool], found: Verdict):
    usual = {
        "is_live": True,
        "is_own": False,
        "has_arrived": False,
        "is_proven": False,
        "at_counter": False,
    }
    assert rules.verdict(**(usual | known)) is found


def seen(nik: str, name: str) -> IdentityCheck:
    post = at_counter()
    card = Card(nik=nik, name=name, birth_date=BORN, sex="M")
    return see_identity(
        officer=post.user,
        office=post.office,
        card=card,
        why=WHY,
        now=timezone.now(),
    )


def test_any_counter_accepts_with_a_reason_and_it_is_logged():
    booking, owner = squatted()
    claim = claimed(owner)
    post = at_counter()

    accepted(claim, post)

    assert (again(claim).state, states(booking)) == (State.ACCEPTED, ["VOIDED"])
    logged = AuditEvent.objects.get(act="see_identity")
    assert (logged.stream, logged.reason) == (post.office.code, "nik_claimed")
    assert logged.subject == f"claim:{claim.code}"
    view = bookings.view(bookings.booking_by_id(again(claim).booking_id), now=timezone.now())
    assert view.places[0].identity == "seen"
    check_books()


def test_a_claim_still_asked_may_be_settled_at_a_counter_and_forgets_what_was_sealed():
    temper(Temper.DOWN)
    _booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    accepted(claim)
    assert again(claim).question is None
    assert not IdentityCheck.objects.exclude(further_sealed=None).exists()


def test_an_officer_declines_and_the_place_stands():
    booking, owner = squatted()
    claim, post = claimed(owner), at_counter()
    claims.decline_at_counter(
        officer=post.user,
        office=post.office,
        code=claim.code,
        why=Why("nik_not_theirs", "Foto tidak cocok"),
        now=timezone.now(),
    )
    assert (again(claim).state, states(booking)) == (State.DECLINED, ["BOOKED"])
    with pytest.raises(errors.ClaimOver):
        accepted(claim)


@pytest.mark.parametrize("role", ["PLANNER", "SISTIK"])
def test_who_stands_at_no_counter_settles_nothing(role: str):
    _booking, owner = squatted()
    fields = {"office": None} if role == "SISTIK" else {}
    post = OfficerPostFactory(role=role, **fields)
    office = post.office or at_counter().office
    with pytest.raises(NotAllowed):
        claims.accept_at_counter(
            officer=post.user,
            office=office,
            code=claimed(owner).code,
            why=WHY,
            now=timezone.now(),
        )


def test_without_a_reason_nothing_is_settled():
    _booking, owner = squatted()
    claim, post = claimed(owner), at_counter()
    with pytest.raises(ReasonNeeded):
        claims.accept_at_counter(
            officer=post.user, office=post.office, code=claim.code, why=Why(), now=timezone.now()
        )


def test_a_ktp_seen_lets_an_unknown_nik_book_again():
    someone = person(UNKNOWN, name="Sari Dewi")
    slot = SlotFactory(capacity=1)
    booking = book(slot, [someone])
    registry_answers()
    assert states(booking) == ["VOIDED"]

    seen(people.open_nik(someone), "sari dewi")

    again_booked = book(SlotFactory(capacity=1), [someone])
    registry_answers()
    assert states(again_booked) == ["BOOKED"]
    logged = AuditEvent.objects.get(act="see_identity")
    assert "Sari" not in f"{logged.subject} {logged.detail}"


def test_a_lost_dispute_stays_on_record():
    booking, owner = squatted()
    claimed(owner, true_fields(owner))
    registry_answers()
    [lost] = lost_disputes([booking.account])
    assert (lost.loser, lost.is_same_family) == (booking.account, False)


def test_a_quarrel_within_a_family_is_seen_by_its_card():
    booking, owner = squatted()
    holder = booking.places.get().applicant
    people.seal_kk(holder, known_kk(people.open_nik(owner)))
    holder.save()
    claimed(owner, true_fields(owner))
    registry_answers()
    [lost] = lost_disputes([booking.account])
    assert lost.is_same_family


def test_a_claimed_name_keeps_still_while_the_claim_is_open():
    _booking, owner = squatted()
    claim = claimed(owner)
    assert ports.lock_on(owner) is ports.Lock.CLAIM
    with pytest.raises(ApplicantClaimed):
        applicants.change_applicant(applicant=owner, name="Nama Lain", now=timezone.now())
    with pytest.raises(ApplicantInClaim):
        applicants.remove_applicant(applicant=owner, now=timezone.now())
    IdentityClaim.objects.filter(pk=claim.pk).update(state="OVER", settled_at=timezone.now())
    assert ports.lock_on(owner) is None


def test_an_export_tells_both_sides_their_own_part():
    booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    registry_answers()
    mine = personal_data.export(user=owner.account, now=timezone.now())
    theirs = personal_data.export(user=booking.account, now=timezone.now())
    assert mine["identity_claims"][0]["code"] == claim.code
    assert len(theirs["places_lost_to_claims"]) == 1
    assert claim.code not in json.dumps(theirs)


def test_an_erased_account_leaves_no_claim_open_and_nothing_sealed():
    _booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    personal_data.erase(user=owner.account, now=timezone.now())
    assert again(claim).state == State.OVER
    assert not IdentityCheck.objects.exclude(further_sealed=None).exists()


def test_a_claim_nobody_came_for_ends_after_two_weeks():
    _booking, owner = squatted()
    claim = claimed(owner, true_fields(owner))
    IdentityClaim.objects.update(created_at=timezone.now() - timedelta(days=13))
    close_old_claims()
    assert again(claim).state == State.ASKED
    IdentityClaim.objects.update(created_at=timezone.now() - timedelta(days=15))
    close_old_claims()
    assert again(claim).state == State.OVER
    letter = Message.objects.get(kind="claim_ran_out")
    assert (letter.to, grouped(claim.code) in letter.text) == (owner.account.email, True)
    assert not IdentityCheck.objects.exclude(further_sealed=None).exists()
