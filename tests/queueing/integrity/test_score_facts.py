"""What counts as an account's own act, and what is shared: one case each, in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import IdentityCheck, User
from queueing.booking.models import Booking, Place
from queueing.integrity.models.scores import AccountScore
from queueing.integrity.personal_data import AssessmentData
from queueing.integrity.services import scoring
from tests.factories import (
    AccountScoreFactory,
    ApplicantFactory,
    BookingFactory,
    IdentityCheckFactory,
    IdentityClaimFactory,
    MailDomainFactory,
    PlaceFactory,
    TraceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)


def visit(account, *, at=NOW - timedelta(days=1), took=60.0, state="BOOKED", **fields):
    """A visit of one person, held at a moment and confirmed ``took`` seconds later."""
    booking = BookingFactory(account=account, **fields)
    over = state not in Place.LIVE
    place = PlaceFactory(
        booking=booking,
        state=state,
        booked_at=None if state == "EXPIRED" else at + timedelta(seconds=took),
        **({"live_person": None, "live_seat": None, "ended_at": at} if over else {}),
    )
    Booking.objects.filter(pk=booking.pk).update(created_at=at)
    Place.objects.filter(pk=place.pk).update(created_at=at)
    return place


def reasons(account):
    scoring.score_all(now=NOW)
    row = AccountScore.objects.filter(account=account).first()
    return {one["code"]: one["params"]["count"] for one in row.reasons} if row else {}


@pytest.fixture
def account() -> User:
    return UserFactory()


@pytest.mark.parametrize(("took", "found"), [(0.4, {"speed": 1}), (1.0, {}), (0.0, {})])
def test_a_confirmation_is_too_fast_within_a_second_and_not_when_booked_at_once(
    account, took, found
):
    visit(account, took=took)
    assert reasons(account) == found


@pytest.mark.parametrize(("gap", "found"), [(0.5, {"speed": 1}), (1.5, {})])
def test_two_holds_within_a_second_are_no_hands(account, gap, found):
    at = NOW - timedelta(days=1)
    visit(account, at=at)
    visit(account, at=at + timedelta(seconds=gap))
    assert reasons(account) == found


@pytest.mark.parametrize("fields", [{"moves_used": 1}, {"no_fault": True}])
def test_what_a_move_or_a_closing_made_is_nobodys_haste(account, fields):
    at = NOW - timedelta(days=1)
    visit(account, at=at, took=0.1, **fields)
    visit(account, at=at, took=0.1, **fields)
    assert reasons(account) == {}


def test_what_an_officer_booked_counts_for_nobody(account):
    for _n in range(9):
        visit(account, took=0.1, made_by=UserFactory())
    assert reasons(account) == {}


@pytest.mark.parametrize(("late", "found"), [(0.9, {"first_second": 1}), (1.0, {}), (-1, {})])
def test_the_first_second_is_the_one_after_the_opening(account, late, found):
    opens = NOW - timedelta(days=2)
    visit(account, at=opens + timedelta(seconds=late), slot__release__opens_at=opens)
    assert reasons(account) == found


def test_holds_let_go_are_counted_by_visit(account):
    for hour in range(6):
        visit(account, at=NOW - timedelta(hours=hour + 1), state="EXPIRED")
    assert reasons(account) == {"let_go": 6}


def test_what_is_older_than_the_window_is_forgotten(account):
    visit(account, at=NOW - timedelta(days=91), took=0.1)
    assert reasons(account) == {}


def checked(applicant, outcome):
    return IdentityCheckFactory(
        applicant=applicant,
        outcome=outcome,
        checked_at=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(days=1),
    )


def test_a_nik_that_was_not_found_is_a_signal_until_it_is_found(account):
    applicant = ApplicantFactory(account=account)
    checked(applicant, IdentityCheck.Outcome.NOT_FOUND)
    assert reasons(account) == {"not_found": 1}

    checked(applicant, IdentityCheck.Outcome.MATCH)
    assert reasons(account) == {}


@pytest.mark.parametrize(("is_same_family", "found"), [(False, {"disputes": 1}), (True, {})])
def test_a_dispute_that_was_lost_is_a_signal_but_not_within_a_family(
    account, is_same_family, found
):
    lost = visit(account)
    IdentityClaimFactory(
        state="ACCEPTED",
        booking=BookingFactory(),
        lost_place=lost,
        loser=account,
        is_same_family=is_same_family,
        settled_at=NOW,
    )
    assert reasons(account) == found


def test_niks_in_a_row_are_seen_within_an_account_and_over_accounts(account):
    others = [UserFactory() for _n in range(3)]
    for serial, owner in enumerate([account, account, account, *others], start=1):
        ApplicantFactory(account=owner, nik_stem="deret", nik_last4=f"{serial:04}")
    assert reasons(account) == {"series_own": 3, "series": 6}
    assert reasons(others[0]) == {"series": 6}


def test_a_name_that_repeats_is_seen(account):
    for owner in (account, UserFactory(), UserFactory()):
        ApplicantFactory(account=owner, name="Uji Coba", birth_date="1990-05-05")
    assert reasons(account) == {"names": 3}


def test_a_device_strengthens_only_what_an_account_shows(account):
    helped = UserFactory()
    for user in (account, helped, UserFactory(), UserFactory()):
        TraceFactory(user=user, device="hp-desa", address=None, at=NOW - timedelta(days=1))
    visit(account, took=0.1)
    assert reasons(account) == {"speed": 1, "device": 4}
    assert reasons(helped) == {}


def test_addresses_of_one_mailbox_are_seen():
    users = [UserFactory(email=f"satu+{n}@contoh.test") for n in range(3)]
    assert reasons(users[0]) == {"lookalike": 3}


def test_a_mailbox_that_is_thrown_away_is_seen_by_its_domain_and_those_above():
    MailDomainFactory(domain="buang.test", verdict="BLOCKED")
    thrown = UserFactory(email="satu@kotak.buang.test")
    assert reasons(thrown) == {"disposable": 1}
    assert reasons(UserFactory(email="satu@buang.tetap.test")) == {}


def test_people_are_told_the_reasons_without_score_and_numbers(account):
    AccountScoreFactory(account=account)

    told = AssessmentData().export(account)["automated_assessment"]

    assert told["reasons"] == [
        {"code": "speed", "text": "Memesan lebih cepat daripada tangan manusia"}
    ]
    assert set(told) == {"at", "reasons"}
    assert AssessmentData().export(UserFactory()) == {"automated_assessment": None}


def test_an_erased_account_has_no_score(account):
    AccountScoreFactory(account=account)
    AssessmentData().erase(account, timezone.now())
    assert not AccountScore.objects.exists()
