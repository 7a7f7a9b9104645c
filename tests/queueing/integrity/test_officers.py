"""Played insiders: what an officer's acts leave behind names the one and not the other."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from offices.models import Office
from paspor.kernel import audit
from queueing.booking.models import Booking, Place
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.officer_data import OfficerSignals
from queueing.integrity.services import officers
from queueing.quota.models import Release, Slot
from tests.factories import (
    AccountScoreFactory,
    ApplicantFactory,
    ApprovalFactory,
    BookingEventFactory,
    BookingFactory,
    ClusterFactory,
    OfficeFactory,
    OfficerPostFactory,
    OfficerScoreFactory,
    PersonFactory,
    PlaceFactory,
    ReleaseFactory,
    SeatFactory,
    SlotFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """The log is written by the database's clock, so everything is told from now."""
    return datetime.now(tz=UTC)


@pytest.fixture
def office() -> Office:
    return OfficeFactory()


@pytest.fixture
def open_day(office, now):
    """An hour around now, so that what is done now is done in the office's hours."""
    today = office.today(now)
    starts_at = now - timedelta(minutes=30)
    return SlotFactory(release__office=office, starts_at=starts_at, day=today)


def officer_of(office: Office) -> User:
    return OfficerPostFactory(office=office).user


def book(slot, officer: User, *, account: User | None = None, person=None, **fields) -> Place:
    """A visit that the officer made; with an account, one whose ticket it has taken."""
    place = visit(slot, officer, account=account, person=person, **fields)
    audit.record(
        "book_for", actor_id=officer.pk, subject=f"booking:{place.booking.code}",
        stream=slot.office.code, reason="walk_in", detail={"channel": "COUNTER", "proof": False},
    )  # fmt: skip
    return place


def visit(slot, officer: User, *, account: User | None = None, person=None, **fields) -> Place:
    """Half a minute after the one before, as a form takes."""
    after = timedelta(seconds=30 * Booking.objects.count())
    booking = BookingFactory(
        slot=slot, account=account, made_by=officer, channel="COUNTER",
        created_at=datetime.now(tz=UTC) + after,
    )  # fmt: skip
    applicant = ApplicantFactory(account=account, person=person or PersonFactory())
    fields = {"state": "SERVED", "live_person": None, "live_seat": None} | fields
    return PlaceFactory(booking=booking, applicant=applicant, ended_at=slot.ends_at, **fields)


def named(officer: User, now: datetime) -> dict[str, dict[str, int]]:
    """The signals about the officer, with their numbers."""
    officers.refresh(now=now)
    row = OfficerScore.objects.filter(officer=officer).first()
    return {kept["code"]: kept["params"] for kept in row.signals} if row else {}


def test_thirty_seats_for_one_brokers_accounts_are_named_and_an_honest_day_is_not(
    office, open_day, now
):
    seller, honest = officer_of(office), officer_of(office)
    brokers = [UserFactory(phone=f"+62811990020{n}") for n in range(3)]
    for n in range(30):
        book(open_day, seller, account=brokers[n % 3])
    for n in range(120):
        # Every tenth takes the ticket into an account, families of up to five.
        book(open_day, honest, account=UserFactory() if n % 10 == 0 else None)
    family = UserFactory()
    for _ in range(5):
        book(open_day, honest, account=family)

    signals = named(seller, now)

    assert signals["one_account"]["n"] == 10
    assert "one_hand" not in signals  # that takes two accounts
    assert OfficerScore.objects.get(officer=seller).score >= 45
    assert not OfficerScore.objects.filter(officer=honest).exists()


def test_seats_spread_over_some_brokers_accounts_are_named(office, open_day, now):
    """Nine for each of three stay below what one account may take."""
    seller = officer_of(office)
    brokers = [UserFactory() for _ in range(3)]
    for n in range(27):
        book(open_day, seller, account=brokers[n % 3])

    signals = named(seller, now)

    assert (set(signals), signals["few_accounts"]["n"]) == ({"few_accounts"}, 27)
    assert OfficerScore.objects.get(officer=seller).score >= 45


def test_tickets_of_one_hand_with_many_accounts_are_named(office, open_day, now):
    """A phone number or a cluster joins accounts that take two tickets each."""
    phones, cluster, honest = officer_of(office), officer_of(office), officer_of(office)
    found = ClusterFactory()
    for n in range(5):
        same_phone, clustered = UserFactory(phone="+628119900001"), UserFactory(phone="")
        AccountScoreFactory(account=clustered, cluster=found)
        family = UserFactory(phone=f"+62811990010{n}")
        for _ in range(2):
            book(open_day, phones, account=same_phone)
            book(open_day, cluster, account=clustered)
            book(open_day, honest, account=family)

    assert named(phones, now)["one_hand"]["n"] == 10
    assert set(named(cluster, now)) == {"one_hand"}
    assert not OfficerScore.objects.filter(officer=honest).exists()


def test_accounts_that_come_back_for_tickets_are_named(office, open_day, now):
    """An account holds five live places, so a broker has several; a family comes once."""
    seller, honest = officer_of(office), officer_of(office)
    for _ in range(4):
        broker, family = UserFactory(), UserFactory()
        booking = BookingFactory(slot=open_day, account=family, made_by=honest, channel="COUNTER")
        PlaceFactory.create_batch(4, booking=booking)
        for _ in range(3):
            book(open_day, seller, account=broker)

    assert named(seller, now)["few_accounts"]["n"] == 12
    assert not OfficerScore.objects.filter(officer=honest).exists()


@pytest.mark.parametrize(("seconds", "spoken"), [(12, {"in_a_row"}), (45, set())])
def test_visits_booked_faster_than_a_form_is_filled_in_are_named(
    office, open_day, now, seconds, spoken
):
    officer, colleague = officer_of(office), officer_of(office)
    for n in range(11):
        for one in (officer, colleague):
            place = book(open_day, one)
            apart = seconds if one == officer else 60
            at = now - timedelta(seconds=apart * n)
            Booking.objects.filter(pk=place.booking_id).update(created_at=at)

    assert set(named(officer, now)) == spoken
    assert not OfficerScore.objects.filter(officer=colleague).exists()


def paper(office: Office, officer: User, now: datetime, count: int) -> None:
    """Tickets for a day to come that nobody's account has taken."""
    starts_at = now + 3 * DAY
    release = Release.objects.filter(office=office).first() or ReleaseFactory(office=office)
    slot = Slot.objects.filter(release=release, starts_at=starts_at).first() or SlotFactory(
        release=release, starts_at=starts_at, day=office.today(starts_at)
    )
    for _ in range(count):
        visit(slot, officer)


def test_paper_for_other_days_far_beyond_what_colleagues_write_is_named(office, open_day, now):
    seller, others = officer_of(office), [officer_of(office) for _ in range(3)]
    paper(office, seller, now, 20)
    for other in others:
        paper(office, other, now, 5)
        for _ in range(20):
            visit(open_day, other)

    assert named(seller, now)["paper_ahead"]["usual"] == 5
    assert list(OfficerScore.objects.values_list("officer", flat=True)) == [seller.pk]


def test_an_office_where_everybody_helps_people_without_a_phone_is_not_named(office, now):
    officers_here = [officer_of(office) for _ in range(3)]
    for officer in officers_here:
        paper(office, officer, now, 16)

    assert named(officers_here[0], now) == {}


def test_an_officer_alone_is_compared_with_the_nation(office, now):
    officer, others = officer_of(office), [officer_of(OfficeFactory()) for _ in range(3)]
    for other in others:
        paper(other.posts.get().office, other, now, 6)
    paper(office, officer, now, 17)
    assert named(officer, now) == {}

    paper(office, officer, now, 1)

    assert set(named(officer, now)) == {"paper_ahead"}


@pytest.mark.parametrize(("came", "spoken"), [(12, {"absent"}), (13, set())])
def test_people_who_never_come_are_named(office, open_day, now, came, spoken):
    officer = officer_of(office)
    for n in range(8 + came):
        state = "NO_SHOW" if n < 8 else "SERVED"
        book(open_day, officer, state=state)

    assert set(named(officer, now)) == spoken


@pytest.mark.parametrize(
    ("act", "spoken"), [("verify_account", {"verified"}), ("see_identity", {"ktp_seen"})]
)
def test_an_officer_who_vouches_for_unusually_many_is_named(office, now, act, spoken):
    eager, others = officer_of(office), [officer_of(office) for _ in range(2)]
    for officer, count in [(eager, 15), *((other, 5) for other in others)]:
        for _ in range(count):
            audit.record(act, actor_id=officer.pk, stream=office.code)

    assert set(named(eager, now)) == spoken
    assert OfficerScore.objects.count() == 1


def test_one_person_again_and_again_is_named(office, open_day, now):
    officer, person = officer_of(office), PersonFactory()
    for _ in range(4):
        book(open_day, officer, person=person)

    assert named(officer, now)["same_person"]["n"] == 4


def test_a_visit_that_moved_counts_once(office, open_day, now):
    officer, person = officer_of(office), PersonFactory()
    places = [book(open_day, officer, person=person) for _ in range(4)]
    for old, new in zip(places, places[1:], strict=False):
        Place.objects.filter(pk=old.pk).update(moved_to=new)

    assert named(officer, now) == {}


@pytest.mark.parametrize(("late", "spoken"), [(3, {"quick_seats"}), (60, set())])
def test_seats_taken_the_moment_they_are_seen_are_named(office, open_day, now, late, spoken):
    officer = officer_of(office)
    for _ in range(5):
        place = book(open_day, officer, seat=SeatFactory(slot=open_day, taken=True))
        place.seat.visible_at = place.created_at - timedelta(seconds=late)
        place.seat.save(update_fields=["visible_at"])

    assert set(named(officer, now)) == spoken


@pytest.mark.parametrize(("proof", "spoken"), [(False, {"unproven"}), (True, set())])
def test_priority_without_proof_is_named(office, open_day, now, proof, spoken):
    officer = officer_of(office)
    for _ in range(5):
        audit.record(
            "book_for", actor_id=officer.pk, stream=office.code, reason="urgent",
            detail={"channel": "PRIORITY", "proof": proof},
        )  # fmt: skip

    assert set(named(officer, now)) == spoken


def test_half_of_all_for_another_reason_is_named(office, open_day, now):
    officer = officer_of(office)
    for reason in ["other"] * 15 + ["walk_in"] * 15:
        audit.record("book_for", actor_id=officer.pk, stream=office.code, reason=reason)

    assert named(officer, now)["other_reason"]["of"] == 30


@pytest.mark.parametrize(("of_age", "spoken"), [(10, {"not_of_age"}), (11, set())])
def test_priority_that_age_does_not_explain_is_named(office, open_day, now, of_age, spoken):
    officer = officer_of(office)
    for n in range(15 + of_age):
        place = visit(open_day, officer, entitlement="DISABLED" if n < 15 else "ELDERLY")
        Booking.objects.filter(pk=place.booking_id).update(channel="PRIORITY")
    visit(open_day, officer)

    assert set(named(officer, now)) == spoken


def test_many_posts_given_and_ended_are_named(office, now):
    officer = officer_of(office)
    for act in ["appoint", "end_post"] * 5:
        audit.record(act, actor_id=officer.pk, stream=office.code)

    assert set(named(officer, now)) == {"grants"}


@pytest.mark.parametrize(("is_there", "spoken"), [(False, {"nik_unseen"}), (True, set())])
def test_reading_niks_of_people_who_do_not_come_is_named(office, now, is_there, spoken):
    officer, slot = officer_of(office), SlotFactory(release__office=office, starts_at=now)
    elsewhere = SlotFactory(starts_at=now)
    place = PlaceFactory(booking__slot=slot if is_there else elsewhere)
    for _ in range(10):
        audit.record(
            "nik.read", actor_id=officer.pk, stream=office.code,
            subject=f"applicant:{place.applicant.code}",
        )  # fmt: skip

    assert set(named(officer, now)) == spoken


@pytest.mark.parametrize(("hours", "spoken"), [(0, set()), (2, set()), (5, {"off_hours"})])
def test_acts_long_before_the_office_opens_are_named(office, now, hours, spoken):
    officer = officer_of(office)
    starts_at = now + timedelta(hours=hours)
    local = now.astimezone(office.zone).date()
    SlotFactory(release__office=office, starts_at=starts_at, day=local)
    for _ in range(10):
        audit.record("issue_referral", actor_id=officer.pk, stream=office.code)

    assert set(named(officer, now)) == spoken


def test_acts_on_a_day_without_hours_are_named(office, now):
    officer = officer_of(office)
    for _ in range(10):
        audit.record("change_capacity", actor_id=officer.pk, stream=office.code)

    assert set(named(officer, now)) == {"off_hours"}


def history(officer: User, slot, *events: tuple[str, str]) -> None:
    place = PlaceFactory(booking__slot=slot)
    for what, reason in events:
        BookingEventFactory(
            booking=place.booking, place_id=place.pk, what=what, reason=reason,
            actor_kind="OFFICER", actor_id=officer.pk,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "spoken"), [("NO_SHOW", {"no_show_undone"}), ("CHECKED_IN", set())]
)
def test_absences_taken_back_are_named_and_slips_of_the_hand_are_not(
    office, open_day, now, first, spoken
):
    officer = officer_of(office)
    for _ in range(5):
        history(officer, open_day, (first, ""), ("BOOKED", "undone"))

    assert set(named(officer, now)) == spoken


@pytest.mark.parametrize(("reason", "spoken"), [("traffic", {"late_arrivals"}), ("", set())])
def test_many_late_arrivals_are_named(office, open_day, now, reason, spoken):
    officer = officer_of(office)
    for _ in range(40):
        history(officer, open_day, ("CHECKED_IN", reason))

    assert set(named(officer, now)) == spoken


def test_a_restless_way_in_is_named(office, now):
    officer = officer_of(office)
    for act in ["second_factor.refused"] * 8 + ["sign_in.new_device", "second_factor.reset"]:
        audit.record(act, actor_id=officer.pk, stream=office.code)

    assert named(officer, now)["sign_ins"]["n"] == 10


@pytest.mark.parametrize(("detail", "is_noticed"), [({}, False), ({"device": "ab"}, True)])
def test_failed_sign_ins_count_only_from_a_device_of_the_officer(office, now, detail, is_noticed):
    officer = officer_of(office)
    for _ in range(10):
        audit.record(
            "sign_in.refused", actor_id=None, subject=f"user:{officer.code}",
            stream=office.code, detail=detail,
        )  # fmt: skip

    assert ("sign_ins" in named(officer, now)) is is_noticed


def test_both_of_a_pair_that_agrees_unread_are_named(office, now):
    asker, second = officer_of(office), officer_of(office)
    for _ in range(10):
        ApprovalFactory(
            office=office, asked_by=asker, second=second, state="USED", used_at=now,
            decided_at=now, asked_at=now - timedelta(seconds=8),
        )  # fmt: skip

    assert set(named(asker, now)) == {"pair_agrees"}
    assert set(named(second, now)) == {"pair_agrees"}


def test_what_lies_before_the_window_is_forgotten(office, open_day, now):
    officer, broker = officer_of(office), UserFactory()
    for _ in range(10):
        book(open_day, officer, account=broker)
    assert "one_account" in named(officer, now)

    Booking.objects.update(created_at=now - 31 * DAY)

    assert named(officer, now + DAY / 24) == {}


def test_counting_again_and_twice_changes_nothing(office, now):
    officer = officer_of(office)
    for _ in range(10):
        audit.record("second_factor.refused", actor_id=officer.pk, stream="NATIONAL")

    assert officers.refresh(now=now) == 1
    assert officers.refresh(now=now + timedelta(seconds=1)) == 1
    row = OfficerScore.objects.get()
    assert (row.office, row.score) == (None, 15)


def test_who_is_erased_is_no_longer_noticed(office):
    row = OfficerScoreFactory(office=office)

    OfficerSignals().erase(row.officer, row.counted_at)

    assert not OfficerScore.objects.exists()
    assert OfficerSignals().export(row.officer) == {}
