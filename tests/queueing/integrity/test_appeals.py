from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Message, User
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.errors import Invalid, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Booking, BookingEvent, Place
from queueing.booking.services import first_rights
from queueing.integrity import case_errors as errors
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import Case
from queueing.integrity.selectors import appeals as selectors
from queueing.integrity.selectors import restrictions as restricted
from queueing.integrity.services import acts, appeals
from queueing.integrity.services.appeals import Objection
from queueing.quota.models import Seat
from tests.factories import (
    AppealFactory,
    HolidayFactory,
    OfficeFactory,
    RestrictionFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    book,
    check_books,
    family,
    show_freed_seats,
    states,
)
from tests.queueing.integrity.cases import begun, case_of, done, head_of, sistik

pytestmark = pytest.mark.django_db
TEXT = "Saya hanya memesan untuk keluarga saya sendiri."


def file(account: User, about: str, code: str, text: str = TEXT) -> Appeal:
    objection = Objection(about, code, text)
    return appeals.file(account=account, objection=objection, now=timezone.now())


def uphold(appeal: Appeal, officer: User | None = None) -> Appeal:
    officer = officer or sistik()
    return appeals.uphold(
        officer=officer, code=appeal.code, answer="Anda benar.", now=timezone.now()
    )


def reject(appeal: Appeal, officer: User | None = None) -> Appeal:
    officer = officer or sistik()
    return appeals.reject(
        officer=officer, code=appeal.code, answer="Datanya tetap sama.", now=timezone.now()
    )


def voided(booking: Booking) -> Case:
    case = case_of([booking.account])
    done(case, Act.VOID, sistik())
    return case


def test_a_suspended_account_objects_and_learns_by_when_it_is_answered():
    account = UserFactory()
    done(case_of([account]), Act.SUSPEND, sistik())
    (matter,) = selectors.matters_of(account, now=timezone.now())

    appeal = file(account, matter.about, matter.code)

    assert (appeal.state, appeal.restriction) == ("RECEIVED", matter.restriction)
    assert timedelta(days=5) < appeal.due_at - timezone.now() < timedelta(days=10)
    assert Message.objects.get(kind="appeal_received").about == f"appeal:{appeal.code}"


def test_a_national_holiday_moves_the_clock():
    row = RestrictionFactory()
    plain = file(row.account, "restriction", row.code).due_at
    day = plain.astimezone(appeals.JAKARTA).date() - timedelta(days=1)
    HolidayFactory(office=None, day=day, state="CONFIRMED", decided_at=timezone.now())

    other = RestrictionFactory()
    assert file(other.account, "restriction", other.code).due_at > plain


def test_one_appeal_at_a_time_about_one_matter():
    row = RestrictionFactory()
    first = file(row.account, "restriction", row.code)
    with pytest.raises(errors.AppealStands):
        file(row.account, "restriction", row.code)

    reject(first)
    reject(file(row.account, "restriction", row.code))
    with pytest.raises(errors.AppealsUsedUp):
        file(row.account, "restriction", row.code)


def test_nobody_objects_to_what_was_done_to_others():
    row = RestrictionFactory()

    with pytest.raises(errors.MatterUnknown):
        file(UserFactory(), "restriction", row.code)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_an_objection_says_something_within_bounds(text: str):
    row = RestrictionFactory()

    with pytest.raises(Invalid):
        file(row.account, "restriction", row.code, text)


def test_what_is_over_is_no_matter_any_more():
    row = RestrictionFactory(lifted_at=timezone.now(), lift_reason="ran_out")

    with pytest.raises(errors.MatterUnknown):
        file(row.account, "restriction", row.code)


def test_whoever_acted_or_agreed_does_not_answer():
    account, officer = UserFactory(), sistik()
    case = case_of([account])
    act = done(case, Act.SUSPEND, officer)
    appeal = file(account, "restriction", account.restrictions.get().code)

    with pytest.raises(errors.OwnDecision):
        uphold(appeal, officer)
    assert officer.pk in selectors.actors_in(case, account)
    assert act.prepared_by == officer
    assert reject(appeal).state == "REJECTED"


def test_the_second_officer_does_not_answer_either():
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    case = voided(booking)
    item = case.acts.get()

    actors = selectors.actors_in(case, account_of(people))

    assert item.prepared_by_id in actors
    assert len(actors) == 2


def test_an_answer_is_of_the_cases_office():
    place_office, stranger = OfficeFactory(), head_of(OfficeFactory())
    appeal = AppealFactory(restriction__case__office=place_office)

    with pytest.raises(NotAllowed):
        reject(appeal, stranger)
    assert reject(appeal, head_of(place_office)).state == "REJECTED"


def test_an_appeal_is_answered_once():
    appeal = AppealFactory()
    reject(appeal)

    with pytest.raises(errors.AppealDecided):
        uphold(appeal)


def test_an_answer_has_words():
    with pytest.raises(Invalid):
        appeals.reject(officer=sistik(), code=AppealFactory().code, answer=" ", now=timezone.now())


def test_upholding_lifts_the_restriction_and_tells():
    account = UserFactory()
    done(case_of([account]), Act.SUSPEND, sistik())
    appeal = file(account, "restriction", account.restrictions.get().code)

    uphold(appeal)

    account.refresh_from_db()
    assert account.suspended_at is None
    assert Message.objects.filter(kind="appeal_upheld").count() == 1


def test_an_appeal_is_told_in_the_log_of_its_case():
    account = UserFactory()
    case = case_of([account])
    done(case, Act.SUSPEND, sistik())
    uphold(file(account, "restriction", account.restrictions.get().code))

    acts = AuditEvent.objects.filter(subject=f"case:{case.code}").values_list("act", flat=True)
    assert {"appeal.file", "appeal.uphold", "lift"} <= set(acts)


def test_the_same_seats_are_given_back_where_they_are_free():
    slot, people = SlotFactory(capacity=2), family(2)
    booking = book(slot, people)
    seats = set(booking.places.values_list("seat", flat=True))
    voided(booking)

    uphold(file(account_of(people), "booking", booking.code))

    assert states(booking) == ["BOOKED", "BOOKED"]
    assert set(Place.objects.filter(state="BOOKED").values_list("live_seat", flat=True)) == seats
    assert BookingEvent.objects.filter(what="BOOKED", reason="appeal_upheld").count() == 2
    assert booking.code[:4] in Message.objects.get(kind="appeal_upheld").text
    check_books()


def taken_by_others(booking: Booking, slot_people: int) -> None:
    show_freed_seats()
    book(booking.slot, family(slot_people))


def test_a_family_whose_seats_are_gone_goes_together_to_the_nearest_hour():
    slot, people = SlotFactory(capacity=2), family(2)
    nearest = another_day(slot)
    another_day(slot, days=2)
    booking = book(slot, people)
    voided(booking)
    taken_by_others(booking, 1)

    uphold(file(account_of(people), "booking", booking.code))

    assert states(booking) == ["VOIDED", "VOIDED"]
    new = Booking.objects.get(account=account_of(people), slot=nearest)
    assert states(new) == ["BOOKED", "BOOKED"]
    assert new.no_fault
    moved = Place.objects.filter(booking=booking).values_list("moved_to__booking", flat=True)
    assert set(moved) == {new.pk}
    check_books()


def test_where_nothing_is_free_they_are_served_before_the_next_opening():
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    voided(booking)
    taken_by_others(booking, 1)

    uphold(file(account_of(people), "booking", booking.code))

    assert booking.places.get().first_right_until is not None
    assert "didahulukan" in Message.objects.get(kind="appeal_upheld").text
    later = another_day(slot)
    assert first_rights.serve_first_rights(release=later.release, now=timezone.now()) == 1
    assert Place.objects.filter(booking__slot=later, state="BOOKED").count() == 1
    check_books()


def test_who_has_booked_elsewhere_meanwhile_keeps_that():
    slot, people = SlotFactory(capacity=2), family(1)
    later = another_day(slot)
    booking = book(slot, people)
    voided(booking)
    again = book(later, people)

    uphold(file(account_of(people), "booking", booking.code))

    assert (states(booking), states(again)) == (["VOIDED"], ["BOOKED"])
    check_books()


def test_a_seat_of_a_day_closed_meanwhile_is_not_given_back():
    slot, people = SlotFactory(capacity=1), family(1)
    later = another_day(slot)
    booking = book(slot, people)
    voided(booking)
    slot.closed_at, slot.closed_why = timezone.now(), "Banjir"
    slot.save()

    uphold(file(account_of(people), "booking", booking.code))

    assert states(booking) == ["VOIDED"]
    assert Place.objects.get(state="BOOKED").booking.slot == later


def test_upholding_one_appeal_takes_back_all_that_the_case_did():
    slot, people = SlotFactory(capacity=2), family(1)
    booking, officer = book(slot, people), sistik()
    account = account_of(people)
    case = case_of([account])
    done(case, Act.SUSPEND, officer)
    done(case, Act.VOID, officer)

    uphold(file(account, "restriction", account.restrictions.get().code))

    account.refresh_from_db()
    assert account.suspended_at is None
    assert states(booking) == ["BOOKED"]


def test_seats_beyond_the_quota_are_not_revived():
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    voided(booking)
    Seat.objects.filter(slot=slot).update(visible_at="9000-01-01T00:00Z")

    uphold(file(account_of(people), "booking", booking.code))

    assert states(booking) == ["VOIDED"]
    assert booking.places.get().first_right_until is not None


def test_the_longest_waiting_comes_first_and_others_see_nothing():
    office, now = OfficeFactory(), timezone.now()
    late = AppealFactory(restriction__case__office=office, due_at=now - timedelta(days=1))
    soon = AppealFactory(restriction__case__office=office, due_at=now + timedelta(days=1))
    answered = reject(
        AppealFactory(restriction__case__office=office, due_at=now - timedelta(days=9))
    )

    seen = selectors.appeals_seen_by(head_of(office), now=now)

    assert list(seen) == [late, soon, answered]
    assert not selectors.appeals_seen_by(head_of(OfficeFactory()), now=now).exists()


def test_voided_places_of_a_head_are_answered_at_that_office():
    slot, people = SlotFactory(capacity=1), family(1)
    booking = book(slot, people)
    case = case_of([account_of(people)], slot.office)
    done(case, Act.VOID, head_of(slot.office))
    appeal = file(account_of(people), "booking", booking.code)

    now = timezone.now()
    assert list(selectors.appeals_seen_by(head_of(slot.office), now=now)) == [appeal]
    assert uphold(appeal, head_of(slot.office)).state == "UPHELD"


def test_texts_are_forgotten_a_year_after_the_answer():
    appeal, now = reject(AppealFactory()), timezone.now()
    waiting = AppealFactory()

    assert appeals.forget_texts(now + timedelta(days=366)) == 1
    appeal.refresh_from_db()
    waiting.refresh_from_db()
    assert (appeal.text, appeal.answer) == ("", "")
    assert waiting.text


def test_reasons_are_given_in_words_to_whom_they_concern():
    account = UserFactory()
    done(case_of([account]), Act.LIMIT, sistik(), why=Why("resale", "Iklan di media sosial."))

    letter = Message.objects.get(kind="restricted")
    assert "Iklan" not in letter.text
    assert "diperjualbelikan" in letter.text


@pytest.mark.parametrize("act", [Act.SUSPEND, Act.VOID])
def test_an_act_prepared_before_an_appeal_was_upheld_leaves_that_account_alone(act: Act):
    booking = book(SlotFactory(capacity=1), family(1))
    account, other = booking.account, UserFactory()
    case, officer = case_of([account, other]), sistik()
    done(case, Act.LIMIT, officer)
    waiting = begun(case, act, officer)
    (matter,) = selectors.matters_of(account, now=timezone.now())

    uphold(file(account, matter.about, matter.code))
    acts.run(act_id=waiting.pk, now=timezone.now())

    assert waiting.items.get(account=account).outcome == "LEFT"
    assert not restricted.is_limited(account.pk, now=timezone.now())
    account.refresh_from_db()
    assert account.suspended_at is None
    assert states(booking) == ["BOOKED"]


def test_an_act_prepared_after_the_answer_is_done():
    account = UserFactory()
    case, officer = case_of([account]), sistik()
    done(case, Act.LIMIT, officer)
    (matter,) = selectors.matters_of(account, now=timezone.now())
    uphold(file(account, matter.about, matter.code))

    done(case, Act.SUSPEND, officer)

    account.refresh_from_db()
    assert account.suspended_at is not None
