from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Message, User
from offices.models import Approval
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel.errors import Busy, NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from paspor.kernel.proof import ProofNeeded
from queueing.booking import errors as booking_errors
from queueing.booking.actors import Actor
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services import changing, confirming, first_rights, holding
from queueing.integrity import case_errors as errors
from queueing.integrity.models.cases import BulkAct
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.selectors import restrictions as restricted
from queueing.integrity.services import acts, restrictions
from queueing.quota.models import Seat
from tests.factories import (
    OfficeFactory,
    OfficerPostFactory,
    PlaceFactory,
    SlotFactory,
    UserFactory,
)
from tests.queueing.booking.visits import (
    account_of,
    another_day,
    book,
    check_books,
    family,
    live,
    row_of,
    states,
    wish,
)
from tests.queueing.integrity.cases import (
    agree,
    begun,
    case_of,
    done,
    head_of,
    prepared,
    sistik,
)

pytestmark = pytest.mark.django_db


def test_voided_places_end_with_their_case_and_the_seats_return_later():
    slot, people = SlotFactory(capacity=3), family(2)
    booking = book(slot, people)
    case = case_of([account_of(people)])

    act = done(case, Act.VOID, sistik())

    assert states(booking) == ["VOIDED", "VOIDED"]
    events = BookingEvent.objects.filter(booking_id=booking.pk, what="VOIDED")
    assert {(event.reason, event.detail["case"]) for event in events} == {("hoarding", case.code)}
    freed = Seat.objects.filter(slot=slot, taken=False, visible_at__gt=timezone.now())
    assert freed.count() == 2
    assert selectors.progress_of(act) == selectors.Progress(1, 1, 0, 2)
    assert act.state == "DONE"
    check_books()


def test_the_account_is_told_what_happened_and_how_to_object():
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)

    done(case_of([account_of(people)]), Act.VOID, sistik())

    letter = Message.objects.get(kind="voided")
    assert letter.about == f"booking:{booking.code}"
    assert people[0].name in letter.text
    assert "/keberatan/" in letter.text


def test_voiding_always_takes_a_second_officer():
    people, officer = family(1), sistik()
    booking = book(SlotFactory(capacity=1), people)
    act = prepared(case_of([account_of(people)]), Act.VOID, officer)

    with pytest.raises(NeedsApproval) as refusal:
        acts.start(officer=officer, code=act.code, now=timezone.now())

    assert refusal.value.request.subject == acts.subject_of(act)
    assert "1 tempat" in refusal.value.request.words
    assert states(booking) == ["BOOKED"]


def test_an_approval_of_one_set_is_none_of_another():
    officer, first, second = sistik(), family(1), family(1)
    book(SlotFactory(capacity=1), first)
    book(SlotFactory(capacity=1), second)
    case = case_of([account_of(first), account_of(second)])
    agree(prepared(case, Act.VOID, officer, accounts=[account_of(first)]))
    other = prepared(case, Act.VOID, officer, accounts=[account_of(second)])

    with pytest.raises(NeedsApproval):
        acts.start(officer=officer, code=other.code, now=timezone.now())


def test_an_approval_is_used_once():
    people, officer = family(1), sistik()
    book(SlotFactory(capacity=1), people)
    act = begun(case_of([account_of(people)]), Act.VOID, officer)

    assert Approval.objects.get().state == "USED"
    with pytest.raises(errors.ActBegun):
        acts.start(officer=officer, code=act.code, now=timezone.now())


def test_who_has_arrived_is_left_alone_and_so_is_the_rest_of_the_family():
    slot, people = SlotFactory(capacity=3), family(3)
    booking = book(slot, people)
    Place.objects.filter(applicant=people[0]).update(
        state="CHECKED_IN", checked_in_at=timezone.now()
    )

    done(case_of([account_of(people)]), Act.VOID, sistik())

    assert states(booking) == ["CHECKED_IN", "VOIDED", "VOIDED"]


def test_who_arrives_after_the_act_was_shown_is_left_alone():
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    act = begun(case_of([account_of(people)]), Act.VOID, sistik())
    Place.objects.update(state="CHECKED_IN", checked_in_at=timezone.now())

    acts.run(act_id=act.pk, now=timezone.now())

    assert states(booking) == ["CHECKED_IN"]
    assert selectors.progress_of(act).left_alone == 1


def test_what_is_booked_after_the_act_was_shown_is_not_meant():
    slot, people = SlotFactory(capacity=2), family(2)
    before = book(slot, people[:1])
    act = begun(case_of([account_of(people)]), Act.VOID, sistik())
    after = book(slot, people[1:])

    acts.run(act_id=act.pk, now=timezone.now())

    assert (states(before), states(after)) == (["VOIDED"], ["BOOKED"])


def test_a_head_voids_at_the_own_office_only():
    here, there, people = SlotFactory(capacity=1), SlotFactory(capacity=1), family(2)
    ours, theirs = book(here, people[:1]), book(there, people[1:])
    case = case_of([account_of(people)], here.office)

    act = done(case, Act.VOID, head_of(here.office))

    assert (states(ours), states(theirs)) == (["VOIDED"], ["BOOKED"])
    assert selectors.reach_of(act).elsewhere == 1


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_others_prepare_nothing(role: str):
    place = PlaceFactory()
    office = place.booking.slot.office
    case = case_of([place.booking.account], office)
    officer = OfficerPostFactory(role=role, office=office).user

    with pytest.raises(NotAllowed):
        prepared(case, Act.VOID, officer)


def test_another_offices_head_starts_nothing():
    place = PlaceFactory()
    office = place.booking.slot.office
    act = prepared(case_of([place.booking.account], office), Act.VOID, head_of(office))

    with pytest.raises(NotAllowed):
        acts.start(officer=head_of(OfficeFactory()), code=act.code, now=timezone.now())


def test_an_act_about_nothing_is_not_prepared():
    with pytest.raises(errors.NothingToDo):
        prepared(case_of([UserFactory()]), Act.VOID, sistik())


def test_a_first_right_of_a_hoarder_ends_with_the_places():
    people = family(1)
    booking = book(SlotFactory(capacity=1), people)
    Place.objects.update(
        state="CLOSED_BY_OFFICE",
        live_person=None,
        live_seat=None,
        ended_at=timezone.now(),
        first_right_until=timezone.now() + timedelta(days=9),
    )

    done(case_of([account_of(people)]), Act.VOID, sistik())

    assert booking.places.get().first_right_until is None
    assert BookingEvent.objects.filter(what="CLOSED_BY_OFFICE", reason="voided").exists()


def test_a_suspended_account_keeps_its_places_and_books_nothing():
    slot, people = SlotFactory(capacity=3), family(2)
    booking = book(slot, people[:1])
    account = account_of(people)

    done(case_of([account]), Act.SUSPEND, sistik())

    account.refresh_from_db()
    assert account.suspended_at is not None
    assert states(booking) == ["BOOKED"]
    with pytest.raises(booking_errors.AccountSuspended):
        book(slot, people[1:])
    changing.cancel(
        account=account, code=booking.code, actor=Actor.citizen(account), now=timezone.now()
    )
    assert live() == 0


def test_a_suspended_account_neither_moves_nor_confirms():
    slot, people = SlotFactory(capacity=2), family(2)
    booked = book(slot, people[:1])
    held = book(slot, people[1:], confirm=False)
    account = account_of(people)
    done(case_of([account]), Act.SUSPEND, sistik())
    account.refresh_from_db()

    with pytest.raises(booking_errors.AccountSuspended):
        confirming.confirm(account=account, code=held.code, now=timezone.now())
    with pytest.raises(booking_errors.AccountSuspended):
        changing.reschedule(
            account=account,
            code=booked.code,
            slot_code=another_day(slot).code,
            actor=Actor.citizen(account),
            now=timezone.now(),
        )


def test_up_to_five_accounts_are_suspended_by_one_officer():
    accounts, officer = UserFactory.create_batch(5), sistik()
    act = prepared(case_of(accounts), Act.SUSPEND, officer)

    acts.start(officer=officer, code=act.code, now=timezone.now())
    acts.run(act_id=act.pk, now=timezone.now())

    assert User.objects.filter(suspended_at__isnull=False).count() == 5


def test_five_and_then_one_more_take_a_second_officer():
    accounts, officer = UserFactory.create_batch(6), sistik()
    case = case_of(accounts)
    done(case, Act.SUSPEND, officer, accounts=accounts[:5])
    act = prepared(case, Act.SUSPEND, officer)

    assert act.total == 1
    with pytest.raises(NeedsApproval):
        acts.start(officer=officer, code=act.code, now=timezone.now())


def test_a_limited_account_books_with_a_proof_of_work():
    slot, people = SlotFactory(capacity=1), family(1)
    account = account_of(people)

    done(case_of([account]), Act.LIMIT, sistik())

    with pytest.raises(ProofNeeded):
        book(slot, people)
    made = holding.hold(
        account=account,
        wish=wish(slot, people),
        actor=Actor.citizen(account),
        proved=True,
        now=timezone.now(),
    )
    assert states(row_of(made)) == ["BOOKED"]


def test_lifting_takes_back_what_the_case_did():
    account, officer = UserFactory(), sistik()
    case = case_of([account])
    done(case, Act.LIMIT, officer)
    done(case, Act.SUSPEND, officer)

    done(case, Act.LIFT, officer, why=Why("unfounded", "Keliru."))

    account.refresh_from_db()
    assert account.suspended_at is None
    assert not restricted.live(timezone.now()).exists()
    assert Message.objects.filter(kind="lifted").count() == 2


def test_a_restriction_that_ran_out_is_lifted_by_the_sweep():
    account, now = UserFactory(), timezone.now()
    until = now + timedelta(days=1)
    done(case_of([account]), Act.SUSPEND, sistik(), until=until)

    assert restrictions.end_lapsed(now) == 0
    assert restrictions.end_lapsed(until) == 1
    account.refresh_from_db()
    assert account.suspended_at is None
    assert restrictions.end_lapsed(until) == 0


def test_suspended_at_and_the_restriction_stay_in_step():
    accounts, officer = UserFactory.create_batch(3), sistik()
    case = case_of(accounts)
    done(case, Act.SUSPEND, officer)
    done(case, Act.LIFT, officer, accounts=accounts[:1], why=Why("settled", "Selesai."))

    flagged = set(User.objects.filter(suspended_at__isnull=False).values_list("pk", flat=True))
    standing = restricted.live(timezone.now()).filter(kind="SUSPENDED")
    assert (
        flagged
        == set(standing.values_list("account", flat=True))
        == {account.pk for account in accounts[1:]}
    )


def test_every_restriction_is_in_the_log_of_its_case():
    account = UserFactory()
    case = case_of([account])

    done(case, Act.SUSPEND, sistik())

    told = AuditEvent.objects.filter(subject=f"case:{case.code}").order_by("id")
    assert [event.act for event in told] == ["case.prepare", "case.start", "suspend", "case.done"]
    assert told[2].detail["account"] == account.code


def test_a_suspended_account_waits_with_its_first_right():
    slot, people = SlotFactory(capacity=1), family(1)
    book(slot, people)
    Place.objects.update(
        state="CLOSED_BY_OFFICE",
        live_person=None,
        live_seat=None,
        ended_at=timezone.now(),
        first_right_until=datetime(2031, 1, 1, tzinfo=slot.starts_at.tzinfo),
    )
    later = another_day(slot)
    done(case_of([account_of(people)]), Act.SUSPEND, sistik())

    served = first_rights.serve_first_rights(release=later.release, now=timezone.now())

    assert served == 0
    assert Place.objects.get().first_right_until is not None


def test_a_run_that_was_cut_off_is_gone_on_with_and_nothing_is_done_twice():
    accounts = UserFactory.create_batch(7)
    act = begun(case_of(accounts), Act.LIMIT, sistik())

    assert acts.run(act_id=act.pk, now=timezone.now(), most=3) == 3
    act.refresh_from_db()
    assert act.state == "RUNNING"
    assert acts.resume(timezone.now()) == 4
    assert acts.resume(timezone.now()) == 0
    act.refresh_from_db()
    assert act.state == "DONE"
    assert AuditEvent.objects.filter(act="limit").count() == 7
    assert AuditEvent.objects.filter(act="case.done").count() == 1


def test_what_dies_half_way_leaves_that_item_untouched(monkeypatch: pytest.MonkeyPatch):
    accounts = UserFactory.create_batch(3)
    act = begun(case_of(accounts), Act.LIMIT, sistik())
    real = restrictions.impose

    def die(*, account_id: int, **more: object) -> object:
        made = real(account_id=account_id, **more)
        if account_id == accounts[1].pk:
            raise SystemExit
        return made

    monkeypatch.setattr(restrictions, "impose", die)
    with pytest.raises(SystemExit):
        acts.run(act_id=act.pk, now=timezone.now())
    assert restricted.live(timezone.now()).count() == 1

    monkeypatch.undo()
    assert acts.resume(timezone.now()) == 2
    assert restricted.live(timezone.now()).count() == 3


def test_busy_rows_are_left_for_the_sweep(monkeypatch: pytest.MonkeyPatch):
    accounts = UserFactory.create_batch(3)
    act = begun(case_of(accounts), Act.LIMIT, sistik())
    real = restrictions.impose

    def busy(*, account_id: int, **more: object) -> object:
        if account_id == accounts[0].pk:
            raise Busy
        return real(account_id=account_id, **more)

    monkeypatch.setattr(restrictions, "impose", busy)
    assert acts.run(act_id=act.pk, now=timezone.now()) == 2
    monkeypatch.undo()

    assert acts.resume(timezone.now()) == 1
    assert BulkAct.objects.get().state == "DONE"


def test_accounts_restricted_meanwhile_are_left_alone():
    accounts = UserFactory.create_batch(2)
    case, officer = case_of(accounts), sistik()
    act = begun(case, Act.LIMIT, officer)
    done(case, Act.LIMIT, officer, accounts=accounts[:1])

    acts.run(act_id=act.pk, now=timezone.now())

    assert selectors.progress_of(act).left_alone == 1
