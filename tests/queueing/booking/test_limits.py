"""What is bounded for everyone: each limit at its edge, and whom it must not touch."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from paspor.kernel import policy
from paspor.kernel.models import PolicyValue
from paspor.kernel.problems import sentence
from queueing.booking import errors, policies
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import changing
from tests.factories import ApplicantFactory, SlotFactory, UserFactory
from tests.queueing.booking.limit_events import (
    act,
    counted,
    database_now,
    did,
    hold,
    limit,
    minute_after,
)
from tests.queueing.booking.visits import (
    account_of,
    another_hour,
    book,
    family,
    lapse,
    taken,
)

pytestmark = pytest.mark.django_db
NAMES = [figure.key for figure in policies.IN_HOURS + policies.IN_DAYS]
DAY, MONTH = timedelta(hours=24), timedelta(days=30)
SECOND = timedelta(seconds=1)


def window(name: str) -> timedelta:
    return DAY if name.endswith(("holds", "let_go")) else MONTH


def refusal(*args: Any, **more: Any) -> errors.BookingLimitReached:
    """Holding this visit is refused, and takes no seat."""
    slot = args[0]
    before = taken(slot)
    with pytest.raises(errors.BookingLimitReached) as told:
        hold(*args, **more)
    assert taken(slot) == before
    return told.value


@pytest.mark.parametrize("name", NAMES)
def test_last_one_is_let_through(name: str) -> None:
    me = counted()
    limit(name, 2)
    did(name, me, database_now() - SECOND)

    assert hold(SlotFactory(capacity=1), [me])


@pytest.mark.parametrize("name", NAMES)
def test_one_more_is_refused_until_the_oldest_in_the_way_has_aged(name: str) -> None:
    me = counted()
    limit(name, 2)
    oldest = database_now() - timedelta(hours=3)
    for at in (oldest, oldest + timedelta(hours=1)):
        did(name, me, at)

    told = refusal(SlotFactory(capacity=1), [me])

    assert told.limit == name
    assert told.ends_at == minute_after(oldest + window(name))
    assert told.extras == {"limit": name, "ends_at": told.ends_at.isoformat()}


@pytest.mark.parametrize("name", NAMES)
def test_window_ends_to_the_second(name: str) -> None:
    me = counted()
    limit(name, 1)
    did(name, me, database_now() - window(name))
    assert hold(SlotFactory(capacity=1), [me])

    other = counted()
    did(name, other, database_now() - window(name) + SECOND)
    refusal(SlotFactory(capacity=1), [other])


def test_whole_visit_must_fit() -> None:
    people = family(3)
    limit("account_holds", 5)
    oldest = database_now() - timedelta(hours=2)
    for minutes in range(3):
        act("holds", ApplicantFactory(account=account_of(people)), oldest + minutes * SECOND)

    assert refusal(SlotFactory(capacity=3), people).ends_at == minute_after(oldest + DAY)
    assert hold(SlotFactory(capacity=2), people[:2])


def test_of_several_limits_the_one_that_holds_longest_is_told() -> None:
    me = counted()
    limit("account_let_go", 1)
    limit("account_cancellations", 1)
    for what in ("let_go", "cancellations"):
        act(what, me, database_now())

    assert refusal(SlotFactory(capacity=1), [me]).limit == "account_cancellations"


def test_addresses_that_look_alike_count_together() -> None:
    one = ApplicantFactory(account=UserFactory(email="budi.uji@gmail.com"))
    other = ApplicantFactory(account=UserFactory(email="budiuji+paspor@googlemail.com"))
    stranger = ApplicantFactory(account=UserFactory(email="budiuji@contoh.test"))
    limit("account_bookings", 1)
    act("bookings", one, database_now())

    assert refusal(SlotFactory(capacity=1), [other]).limit == "account_bookings"
    assert hold(SlotFactory(capacity=1), [stranger])


def test_office_may_let_more_come_from_one_device() -> None:
    slot, me = SlotFactory(capacity=1), counted()
    limit("device_bookings", 1)
    did("device_bookings", me, database_now())
    refusal(slot, [me])

    limit("device_bookings", 5, scope=slot.office.code)

    assert hold(slot, [me])


def test_hold_that_ran_out_counts_before_the_sweep() -> None:
    people = family(1)
    limit("account_let_go", 1)
    lapse(book(SlotFactory(capacity=1), people, confirm=False))

    assert refusal(SlotFactory(capacity=1), people).limit == "account_let_go"


def test_what_is_held_counts_as_booked() -> None:
    people = family(2)
    limit("account_bookings", 1)
    book(SlotFactory(capacity=1), people[:1], confirm=False)

    assert refusal(SlotFactory(capacity=1), people[1:]).limit == "account_bookings"


def _not_counted(name: str, **booking: Any) -> Place:
    me = counted()
    limit(name, 1)
    return act(name.split("_", 1)[1], me, database_now(), **booking)


NOT_THEIRS = {
    "an officer's booking": ("account_bookings", {"officer": True}),
    "a move": ("account_bookings", {"reason": "moved"}),
    "a closing's alternative": ("account_holds", {"reason": "office_closed"}),
    "given up, the fault being ours": ("account_cancellations", {"no_fault": True}),
}


@pytest.mark.parametrize("case", NOT_THEIRS)
def test_what_was_not_their_own_doing_does_not_count(case: str) -> None:
    name, booking = NOT_THEIRS[case]
    if booking.get("officer"):
        booking = {"made_by": UserFactory()}
    place = _not_counted(name, **booking)

    assert hold(SlotFactory(capacity=1), [place.applicant])


@pytest.mark.parametrize("name", ["account_holds", "account_bookings"])
def test_what_the_office_closed_does_not_count(name: str) -> None:
    place = _not_counted(name)
    Place.objects.filter(pk=place.pk).update(state="CLOSED_BY_OFFICE")

    assert hold(SlotFactory(capacity=1), [place.applicant])


def test_voided_place_stays_with_the_account_and_not_with_the_person() -> None:
    place = _not_counted("account_bookings")
    limit("person_bookings", 1)
    Place.objects.filter(pk=place.pk).update(state="VOIDED")
    owner = ApplicantFactory(person=place.applicant.person)

    assert hold(SlotFactory(capacity=1), [owner])
    # Of two limits that end in the same instant either may be told.
    PolicyValue.objects.filter(key="person_bookings").update(value=9)
    policy.forget()
    assert refusal(SlotFactory(capacity=1), [place.applicant]).limit == "account_bookings"


def test_cancelling_is_never_refused() -> None:
    people = family(1)
    limit("account_cancellations", 1)
    for name in ("holds", "let_go", "bookings"):
        limit(f"account_{name}", 1)
    booking = book(SlotFactory(capacity=1), people)
    act("cancellations", people[0], database_now())

    _cancel(booking, people)

    assert not booking.places.exclude(state="CANCELLED").exists()


def _cancel(booking: Booking, people: list[Any]) -> None:
    account = account_of(people)
    changing.cancel(
        account=account, code=booking.code, actor=Actor.citizen(account), now=timezone.now()
    )


def test_family_of_five_that_changes_its_mind_twice_in_a_day_is_not_limited() -> None:
    people = family(5, kk_digest="k" * 64)
    slot = SlotFactory(capacity=30)
    later = another_hour(slot)

    lapse(hold(slot, people, confirm=False))
    for _again in range(2):
        _cancel(hold(slot, people), people)
    booking = hold(slot, people)
    account = account_of(people)
    moved = changing.reschedule(
        account=account,
        code=booking.code,
        slot_code=later.code,
        actor=Actor.citizen(account),
        now=timezone.now(),
    ).booking

    assert moved.places.filter(state="BOOKED").count() == 5


def test_cafe_that_books_for_twenty_families_is_not_limited() -> None:
    slot = SlotFactory(capacity=100)

    for _family in range(20):
        hold(slot, family(5))

    assert taken(slot) == 100


def test_sentence_tells_the_moment_by_the_offices_clock() -> None:
    told = errors.BookingLimitReached(
        limit="account_holds",
        ends_at=datetime.fromisoformat("2026-11-26T11:11:30+09:00").astimezone(
            SlotFactory(release__office__timezone="Asia/Jayapura").office.zone
        ),
        now=datetime.fromisoformat("2026-11-26T02:11:30+00:00"),
        most=40,
        span=24,
    )

    assert sentence(told) == (
        "Satu akun dapat menahan paling banyak 40 tempat dalam 24 jam. "
        "Anda dapat memesan lagi Kamis, 26 November 2026, pukul 11.12 WIT."
    )
    assert told.retry_after == 30
    with translation.override("en"):
        assert "Thursday, 26 November 2026, 11:12 WIT" in sentence(told)
