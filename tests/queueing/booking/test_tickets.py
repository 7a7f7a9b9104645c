import base64
from datetime import UTC, date, datetime
from functools import partial
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import selectors as people_selectors
from accounts.models import Applicant
from accounts.services import applicants, personal_data
from paspor.kernel.masking import mask_nik
from queueing.booking import errors, selectors, tickets
from queueing.booking.models import BookingEvent, Place
from queueing.booking.services.tickets import claim_ticket
from tests.at_once import at_once
from tests.factories import (
    ApplicantFactory,
    BookingFactory,
    PlaceFactory,
    SlotFactory,
    UserFactory,
    invented_nik,
)
from tests.queueing.booking.visits import book, family

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
TICKET = tickets.Ticket(
    code="ABCDEFGH",
    office_code="KANIM-UJI",
    day=date(2030, 1, 7),
    starts_at=datetime(2030, 1, 7, 1, tzinfo=UTC),
    people=3,
)


def test_signed_ticket_says_what_was_signed(settings: Any) -> None:
    settings.TICKET_KEYS = f"t1:{OLD}"
    assert tickets.verify(tickets.sign(TICKET)) == TICKET


def test_ticket_can_be_checked_with_the_public_key_alone(settings: Any) -> None:
    settings.TICKET_KEYS = f"t1:{OLD}"
    token, keys = tickets.sign(TICKET), tickets.public_keys()
    settings.TICKET_KEYS = f"t9:{NEW}"

    assert tickets.verify(token, keys=keys) == TICKET
    with pytest.raises(errors.TicketInvalid):
        tickets.verify(token)


def test_keys_rotate_by_id(settings: Any) -> None:
    settings.TICKET_KEYS = f"t1:{OLD}"
    before = tickets.sign(TICKET)
    settings.TICKET_KEYS = f"t2:{NEW},t1:{OLD}"
    after = tickets.sign(TICKET)

    assert before.split(".")[1] == "t1"
    assert after.split(".")[1] == "t2"
    assert tickets.verify(before) == tickets.verify(after) == TICKET


def test_ticket_of_another_key_under_our_id_is_refused(settings: Any) -> None:
    settings.TICKET_KEYS = f"t1:{NEW}"
    forged = tickets.sign(TICKET)
    settings.TICKET_KEYS = f"t1:{OLD}"
    with pytest.raises(errors.TicketInvalid):
        tickets.verify(forged)


@given(place=st.integers(0, 10_000), character=st.characters(min_codepoint=33, max_codepoint=126))
def test_any_changed_character_is_noticed(place: int, character: str) -> None:
    token = tickets.sign(TICKET)
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(errors.TicketInvalid):
        tickets.verify(changed)


def test_another_spelling_of_the_same_signature_is_refused() -> None:
    token = tickets.sign(TICKET)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = token[:-1] + alphabet[alphabet.index(token[-1]) + 1]
    with pytest.raises(errors.TicketInvalid):
        tickets.verify(twin)


@given(st.text(max_size=500))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(errors.TicketInvalid):
        tickets.verify(text)


def test_signed_rubbish_is_refused(settings: Any) -> None:
    """Not ours to have signed, yet a bug of ours must not bring the counter down."""
    settings.TICKET_KEYS = f"t1:{OLD}"
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(OLD))
    for payload in (b"\xff", b"a|b", b"a|b|20300107|99999999999999|1", b"a|b|x|1|1"):
        signed = f"P1.t1.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}"
        signature = base64.urlsafe_b64encode(key.sign(signed.encode())).rstrip(b"=").decode()
        with pytest.raises(errors.TicketInvalid):
            tickets.verify(f"{signed}.{signature}")


@pytest.mark.django_db
def test_qr_code_holds_no_personal_data_and_no_style() -> None:
    people = family(2)
    booking = book(SlotFactory(capacity=2), people)

    shown = tickets.ticket(selectors.booking_by_id(booking.pk))

    said = tickets.verify(shown.token)
    assert (said.code, said.office_code) == (booking.code, booking.slot.office.code)
    assert said.people == 2
    assert all(person.name not in shown.token for person in people)
    assert shown.qr_svg.startswith("<svg role=")
    assert "style" not in shown.qr_svg
    assert "viewBox" in shown.qr_svg


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Asia/Jakarta", "DTSTART:20300107T010000Z"),
        ("Asia/Makassar", "DTSTART:20300107T000000Z"),
        ("Asia/Jayapura", "DTSTART:20300106T230000Z"),
    ],
)
def test_calendar_tells_the_same_instant_everywhere(zone: str, starts_at: str) -> None:
    eight = datetime(2030, 1, 7, 8, tzinfo=ZoneInfo(zone))
    slot = SlotFactory(release__office__timezone=zone, starts_at=eight)
    booking = selectors.booking_by_id(PlaceFactory(booking__slot=slot).booking_id)

    lines = tickets.ics(selectors.visit_facts(booking)).split("\r\n")

    assert starts_at in lines
    assert f"UID:{booking.code}@localhost" in lines
    assert "URL:http://localhost:8000/cek/" in lines
    assert "GEO:-6.20000;106.80000" in lines
    assert "SEQUENCE:0" in lines


@pytest.mark.django_db
def test_calendar_folds_and_escapes() -> None:
    slot = SlotFactory(release__office__name="Kantor; Imigrasi, Kelas Satu \\ " + "é" * 60)
    booking = selectors.booking_by_id(PlaceFactory(booking__slot=slot).booking_id)

    text = tickets.ics(selectors.visit_facts(booking))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "LOCATION:Kantor\\; Imigrasi\\, Kelas Satu \\\\ " + "é" * 60 in unfolded
    assert tickets.ics(selectors.visit_facts(booking)) == text


def paper_ticket(**applicant: Any) -> Any:
    """A visit booked at a counter: nobody's account."""
    booking = BookingFactory(account=None, made_by=UserFactory())
    return PlaceFactory(booking=booking, applicant=ApplicantFactory(account=None, **applicant))


@pytest.mark.django_db
def test_paper_ticket_is_claimed_with_code_and_birth_date() -> None:
    place, account = paper_ticket(), UserFactory()
    code = place.booking.code

    claimed = claim_ticket(
        account=account,
        code=f"{code[:4]}-{code[4:]}",
        birth_date=place.applicant.birth_date,
        now=timezone.now(),
    ).booking

    assert claimed.account == account
    assert selectors.booking_of(account, code).booking == claimed
    assert BookingEvent.objects.get().what == "CLAIMED"


def claim(place: Any, account: Any) -> Any:
    return claim_ticket(
        account=account,
        code=place.booking.code,
        birth_date=place.applicant.birth_date,
        now=timezone.now(),
    ).booking


def at_counter(n: int) -> Any:
    """A visit of one, as an officer at the counter makes it."""
    row = applicants.add_counter_applicant(
        name="Suwarni Rahayu",
        nik=invented_nik(n),
        birth_date=date(1990, 8, 17),
        sex="M",
        officer=UserFactory(),
        today=date(2030, 1, 1),
        now=timezone.now(),
    )
    booking = BookingFactory(account=None, made_by=UserFactory())
    return PlaceFactory(booking=booking, applicant=row)


def own(account: Any, n: int) -> Any:
    return applicants.add_applicant(
        account=account,
        name="Suwarni",
        nik=invented_nik(n),
        birth_date=date(1990, 8, 17),
        sex="M",
        now=timezone.now(),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [False, True])
def test_people_of_a_claimed_ticket_belong_to_the_account(is_known: bool) -> None:
    """Their data are exported, who read them is told, and erasure takes them along."""
    place, account = at_counter(1), UserFactory()
    mine = own(account, 1) if is_known else place.applicant
    applicants.read_nik(
        applicant=place.applicant, reader=UserFactory(), reason="cocokkan", now=timezone.now()
    )

    claim(place, account)

    held = personal_data.export(user=account, now=timezone.now())
    assert "Suwarni Rahayu" in [person["name"] for person in held["applicants"]]
    assert "nik.read" in [reading["act"] for reading in held["readings"]]
    assert Place.objects.get().applicant == mine
    assert list(people_selectors.applicants_of(account)) == [mine]

    Place.objects.update(state="SERVED", live_person=None, live_seat=None, ended_at=Now())
    personal_data.erase(user=account, now=timezone.now())
    assert not Applicant.objects.exclude(name="", nik_sealed=None).exists()


@pytest.mark.django_db
def test_a_found_ticket_gives_away_no_nik() -> None:
    place, account = at_counter(1), UserFactory()
    own(account, 2)

    claim(place, account)

    shown = personal_data.export(user=account, now=timezone.now())["applicants"]
    assert sorted(person["nik"] for person in shown) == [invented_nik(2), mask_nik(invented_nik(1))]


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", ["birth_date", "code", "claimed"])
def test_ticket_that_is_not_theirs_to_claim_is_unknown(spoil: str) -> None:
    place = paper_ticket()
    code, birth_date = place.booking.code, place.applicant.birth_date
    if spoil == "claimed":
        claim_ticket(account=UserFactory(), code=code, birth_date=birth_date, now=timezone.now())
    if spoil == "birth_date":
        birth_date = date(1990, 8, 18)
    if spoil == "code":
        code = "ZZZZZZZZ"
    with pytest.raises(errors.TicketUnknown):
        claim_ticket(account=UserFactory(), code=code, birth_date=birth_date, now=timezone.now())


@pytest.mark.usefixtures("committed_db")
def test_two_who_claim_each_others_tickets_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accounts = UserFactory.create_batch(2)
    tickets = [at_counter(1), at_counter(2)]
    for place, account in zip(tickets, accounts, strict=True):
        claim(place, account)
    both_hold_their_lists, hold = Barrier(2), applicants.hold_applicants_of

    def hold_and_wait(account: Any) -> Any:
        held = hold(account)
        both_hold_their_lists.wait()
        return held

    monkeypatch.setattr(applicants, "hold_applicants_of", hold_and_wait)

    def claim_of_other(place: Any, account: Any) -> None:
        with pytest.raises(errors.TicketUnknown):
            claim(place, account)

    at_once(
        [
            partial(claim_of_other, tickets[1], accounts[0]),
            partial(claim_of_other, tickets[0], accounts[1]),
        ]
    )


@pytest.mark.django_db
def test_claimed_people_count_towards_the_accounts_limit() -> None:
    people = family(5)
    book(SlotFactory(capacity=5), people)
    place = paper_ticket()
    with pytest.raises(errors.TooManyPlaces):
        claim_ticket(
            account=people[0].account,
            code=place.booking.code,
            birth_date=place.applicant.birth_date,
            now=timezone.now(),
        )
