"""A family with a visit in each state, and people who wait, object or are somebody else."""

import datetime as dt
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone

from accounts.models import Applicant, LostStep, Message
from accounts.services import address_changes, lost_steps
from accounts.services.applicants import add_applicant
from offices.models import Office, PassportType
from offices.reasons import Why
from queueing.admission import rules as admission
from queueing.admission.services import turns
from queueing.booking import reminder_links
from queueing.booking.actors import Actor
from queueing.booking.models import Booking, Place
from queueing.booking.services import changing, closing, holding
from queueing.booking.services.holding import PlaceRequest, Wish
from queueing.management.commands import seed_demo
from queueing.quota.models import Channel, Seat, Slot
from queueing.quota.services.closing import approval_request
from queueing.watching import links as watch_links
from tests.accounts.entering import person_with_account
from tests.asking import columns
from tests.factories import (
    ApplicantFactory,
    ApprovalFactory,
    BookingFactory,
    IdentityClaimFactory,
    MessageFactory,
    PlaceFactory,
    ReleaseFactory,
    SlotFactory,
    SuppressionFactory,
    WatchFactory,
)
from tests.queueing.admission.lining import seen_by, share
from tests.queueing.booking.visits import lapse
from tests.screens.acts import GUARDED
from tests.screens.scenes import security_key
from tests.screens.stage import Stage

LONG_NAME = "I Gusti Ayu Agung Istri Mirah Kencana Dewi"
# Codes of visits that are looked up without signing in.
VISIT, BORN = "K7QX4M2P", "1988-08-14"
PAPER, PAPER_BORN = "H3WD9R6T", "1990-08-17"
HOLD = timedelta(minutes=9, seconds=40)


def fill(stage: Stage) -> None:
    citizen = stage.users["warga"]
    add_applicant(
        account=citizen, name=LONG_NAME, nik="3174995203920014", birth_date=dt.date(1992, 3, 12),
        sex=Applicant.Sex.FEMALE, now=stage.now,
    )  # fmt: skip
    people = list(citizen.applicants.order_by("pk"))
    near, later, full, closed = _days(stage.office)
    booked = book(near, [people[0], people[2]])
    booked.code = VISIT
    booked.save(update_fields=["code"])
    held = book(later, [people[1]], confirm=False)
    lapsed = book(later, [people[3]], confirm=False)
    lapse(lapsed)
    Seat.objects.filter(slot__office=stage.office, slot__day=full.day).update(taken=True)
    stage.scenes["hold"] = lambda: _wind_up(held)
    stage.names |= {
        "slot": near.code,
        "slot_later": later.code,
        "day": near.day.isoformat(),
        "day_full": full.day.isoformat(),
        "booked": booked.code,
        "held": held.code,
        "lapsed": lapsed.code,
        "person": people[0].code,
        "person_long": people[3].code,
        "office_plain": _without(PassportType.POLYCARBONATE).code,
        "reminder": reminder_links.token_of(booked.pk),
    }
    _busy(stage)
    _one_who_waits(stage)
    _one_with_a_past(stage, near, later)
    _newcomers(stage)
    _claimants(stage)
    _paper_of_a_closed_day(stage, closed)
    stage.scenes["crowd"] = lambda: _crowd(stage)


def _busy(stage: Stage) -> None:
    """As if many others had booked: each hour otherwise, the same at every run."""
    slots = Slot.objects.filter(office=stage.office, closed_at=None, starts_at__gt=stage.now)
    for slot in slots:
        share = (slot.day.toordinal() * 37 + slot.hour.hour * 17) % 70
        free = slot.seats.filter(taken=False, number__lt=share * slot.seats.count() // 100)
        free.update(taken=True)


def _days(office: Office) -> tuple[Slot, Slot, Slot, Slot]:
    """An hour of the second open day, a later one of the same day, the fourth's, the seventh's."""
    free = Slot.objects.filter(
        office=office,
        closed_at=None,
        day__gt=office.today(timezone.now()) + timedelta(days=1),
        seats__channel=Channel.ONLINE,
        seats__taken=False,
        seats__visible_at__lte=timezone.now(),
    )
    days = sorted(set(free.values_list("day", flat=True)))
    hours = list(free.filter(day=days[1]).order_by("starts_at").distinct())
    full, closed = (free.filter(day=days[n]).order_by("starts_at").first() for n in (3, 6))
    return hours[1], hours[3], full, closed


def _without(kind: PassportType) -> Office:
    return Office.objects.exclude(passport_types__contains=[kind]).order_by("code").first()


def book(slot: Slot, people: list[Applicant], *, confirm: bool = True) -> Booking:
    account = people[0].account
    places = tuple(PlaceRequest(person.code, "NEW", "ELECTRONIC") for person in people)
    made = holding.hold(
        account=account,
        wish=Wish(slot.code, places, confirm=confirm),
        actor=Actor.citizen(account),
        proved=True,
        now=timezone.now(),
    )
    return Booking.objects.get(pk=made.booking_id)


def _wind_up(held: Booking) -> None:
    Booking.objects.filter(pk=held.pk).update(held_until=timezone.now() + HOLD)


def _one_who_waits(stage: Stage) -> None:
    """For seats at two places, with mails of which one was refused."""
    waiting = person_with_account(email="penanti@contoh.test")
    ApplicantFactory(account=waiting, name="Yohana Pattiasina", is_holder=True)
    WatchFactory(account=waiting, office=stage.office, passport_type="ELECTRONIC")
    watch = WatchFactory(account=waiting, office=Office.objects.get(code=seed_demo.DENPASAR))
    for state in ("QUEUED", "DELIVERED", "REFUSED", "ACCEPTED"):
        MessageFactory(user=waiting, state=state, kind="visit-booked", subject="Janji temu Anda")
    stage.users["penanti"] = waiting
    stage.names |= {"watch": watch.code, "watch_link": watch_links.token_of(waiting.pk)}


def _one_with_a_past(stage: Stage, near: Slot, later: Slot) -> None:
    """Served, absent, cancelled and moved."""
    user = person_with_account(email="riwayat@contoh.test")
    person = ApplicantFactory(account=user, name="Ketut Suardana", is_holder=True)
    for days, state in ((400, Place.State.SERVED), (200, Place.State.NO_SHOW)):
        past = _past_hour(stage, days)
        booking = BookingFactory(account=user, slot=past)
        PlaceFactory(
            booking=booking, applicant=person, state=state,
            live_person=None, live_seat=None, ended_at=past.ends_at,
        )  # fmt: skip
    cancelled = book(later, [person])
    citizen = Actor.citizen(user)
    changing.cancel(account=user, code=cancelled.code, actor=citizen, now=timezone.now())
    stage.users["riwayat"] = user
    stage.names["cancelled"] = cancelled.code


def _past_hour(stage: Stage, days: int) -> Slot:
    starts_at = (stage.now - timedelta(days=days)).replace(hour=2, minute=0, second=0)
    day = starts_at.date()
    release = ReleaseFactory(office=stage.office, first_day=day, last_day=day)
    return SlotFactory(release=release, starts_at=starts_at)


def _newcomers(stage: Stage) -> None:
    """Signed up, and nothing yet: the empty lists. And one who only ever used codes."""
    stage.users["baru"] = person_with_account(email="baru@contoh.test")
    stage.users["tanpa sandi"] = person_with_account(email="tanpa.sandi@contoh.test")
    stage.users["tanpa sandi"].set_unusable_password()
    stage.users["tanpa sandi"].save(update_fields=["password"])
    guarded = person_with_account(email=GUARDED)
    totp.TOTP.activate(guarded, totp.generate_totp_secret())
    RecoveryCodes.activate(guarded)
    key = Authenticator.objects.create(
        user=guarded,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Kunci di meja", "credential": security_key.credential()},
    )
    refused = person_with_account(email="surat.ditolak@contoh.test")
    SuppressionFactory(address=refused.email, at=stage.now)
    stage.users["surat ditolak"] = refused
    stage.users["kunci"] = guarded
    stage.names["key"] = str(key.pk)
    robbed = person_with_account(email="perebut@contoh.test")
    change = address_changes.note(account=robbed, former="pemilik@contoh.test", now=stage.now)
    stage.names["address_back"] = address_changes.token_of(change)
    lost = LostStep.objects.create(
        account=robbed,
        code_asked_at=stage.now,
        begun_at=stage.now,
        due_at=stage.now + timedelta(days=7),
    )
    stage.names["step_keep"] = lost_steps.token_of(lost)
    stage.names["letter"] = Message.objects.filter(kind__contains="booked").latest("pk").code


def _claimants(stage: Stage) -> None:
    """Whose NIK somebody else has booked with: one who may claim it, and one who did."""
    squatted = stage.users["warga"].applicants.order_by("pk").first()
    for who in ("pengklaim", "pengklaim lain"):
        claimant = person_with_account(email=f"{who.replace(' ', '.')}@contoh.test")
        person = ApplicantFactory(
            account=claimant, name="Pemilik Sah", person=squatted.person, is_holder=True
        )
        stage.users[who] = claimant
        stage.names["person_claiming" if who == "pengklaim" else "claim_own"] = person.code
    claim = IdentityClaimFactory(account=claimant, applicant=person)
    stage.names["claim_own"] = claim.code


def _paper_of_a_closed_day(stage: Stage, closed: Slot) -> None:
    """Booked at the counter for somebody without an account; then the day was closed."""
    seat = closed.seats.filter(taken=False, channel=Channel.ONLINE).order_by("number").first()
    Seat.objects.filter(pk=seat.pk).update(taken=True)
    made_by = stage.users["loket"]
    booking = BookingFactory(code=PAPER, account=None, made_by=made_by, slot=closed)
    person = ApplicantFactory(account=None, name="Lina Marpaung")
    PlaceFactory(booking=booking, applicant=person, seat=seat)
    stage.names["day_closed"] = closed.day.isoformat()
    why = Why("disaster", "Pemeliharaan listrik gedung")
    officer = stage.users["kepala"]
    ApprovalFactory(
        **columns(approval_request(stage.office, closed.day, None, why)),
        asked_by=officer,
        state="GRANTED",
        second=stage.users["sistik"],
        decided_at=stage.now,
    )
    closing.close_day(
        office=stage.office, day=closed.day, why=why, officer=officer, now=timezone.now()
    )


def _crowd(stage: Stage) -> None:
    """One pass, which somebody else has."""
    with seen_by(stage.portal):
        share(passes=1, waves=(admission.wave_of(timezone.now()) - 5,))
        turns.take("SOMEBODY", now=timezone.now())
