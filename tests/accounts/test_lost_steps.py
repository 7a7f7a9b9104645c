"""Whoever lost phone, key and spare codes gets in again after some days, unless it is stopped."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import readings, tasks
from accounts.models import LostStep, Message, User
from accounts.policies import LOST_STEP_DAYS
from accounts.services import address_changes, lost_steps, personal_data, retention
from paspor.kernel.models import AuditEvent
from tests.accounts.entering import (
    PASSWORD,
    Phone,
    code_for,
    newest,
    person_with_account,
    signed_in,
)
from tests.factories import OfficerPostFactory, SuppressionFactory

pytestmark = pytest.mark.django_db
LOST = "/akun/2fa/hilang/"
A_DAY = timedelta(days=1)
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def owner() -> User:
    user = person_with_account(email="pemilik@contoh.test")
    totp.TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def authenticator_code() -> str:
    return totp.format_hotp_value(
        totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time()))
    )


def come_in(browser: Client) -> None:
    """With the second step, which was not lost."""
    answer = browser.post("/akun/2fa/authenticate/", {"code": authenticator_code()})
    assert answer.status_code == 302
    assert "_auth_user_id" in browser.session


def at_the_door(user: User) -> Client:
    """With the password, before the second step."""
    browser = signed_in(user)
    assert "_auth_user_id" not in browser.session
    return browser


def asked(user: User) -> LostStep:
    """Through the page, to the end."""
    browser = at_the_door(user)
    browser.post(f"{LOST}kode/")
    browser.post(LOST, {"code": step_code(user)})
    return LostStep.objects.get(account=user, begun_at__isnull=False, ended_at=None)


def step_code(user: User) -> str:
    letter = Message.objects.filter(user=user, kind="lost_step_code").latest("pk")
    return re.search(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", letter.text, re.MULTILINE).group()


def why_not(user: User) -> str:
    """What the page says, where it offers nothing."""
    page = at_the_door(user).get(LOST).content.decode()
    assert f'action="{LOST}kode/"' not in page
    return page


def sweep(now: datetime) -> None:
    lost_steps.warn_and_take_off(now=now)


def later(**span: float) -> datetime:
    return timezone.now() + timedelta(**span)


def has_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def reset_by_mail(user: User, password: str = "teh-manis-di-sore-hari") -> None:
    browser = Client()
    browser.post("/akun/password/reset/", {"email": user.email})
    answer = browser.post("/akun/password/reset/confirm/", {"code": code_for(user.email)})
    browser.post(answer.url, {"password1": password, "password2": password})
    user.refresh_from_db()
    assert user.check_password(password)


def test_password_and_a_code_from_the_mailbox_begin_it(owner: User):
    browser = at_the_door(owner)
    assert LOST in browser.get("/akun/2fa/authenticate/").content.decode()

    browser.post(f"{LOST}kode/")
    answer = browser.post(LOST, {"code": step_code(owner)})

    assert answer.url == LOST
    row = LostStep.objects.get()
    assert row.due_at - row.begun_at == LOST_STEP_DAYS.default * A_DAY
    letter = newest(owner.email)
    assert letter.kind == "lost_step_asked"
    assert "Dilepas mulai" in letter.text
    assert "Langkah kedua dilepas mulai" in browser.get(LOST).content.decode()
    assert has_step(owner)
    assert AuditEvent.objects.get(act="second_step.lost").subject == f"account:{owner.code}"


def test_a_day_ahead_a_letter_warns_then_the_step_goes_and_every_session_ends(owner: User):
    inside = at_the_door(owner)
    come_in(inside)
    row = asked(owner)

    sweep(row.due_at - A_DAY - timedelta(minutes=1))
    assert newest(owner.email).kind == "lost_step_asked"
    sweep(row.due_at - A_DAY)
    assert newest(owner.email).kind == "lost_step_soon"
    sweep(row.due_at - timedelta(seconds=1))
    assert has_step(owner)

    sweep(row.due_at)
    assert not has_step(owner)
    assert inside.get("/akun/").status_code == 302
    assert newest(owner.email).kind == "lost_step_off"
    row.refresh_from_db()
    assert row.end == "TAKEN_OFF"
    assert "_auth_user_id" in signed_in(owner).session  # the password alone
    assert [event.act for event in readings.events_of(owner)] == [
        "second_step.off",
        "second_step.lost",
    ]


def test_whoever_is_warned_late_has_the_whole_day(owner: User):
    row = asked(owner)
    late = row.due_at + timedelta(hours=5)

    sweep(late)
    assert has_step(owner)
    row.refresh_from_db()
    assert row.due_at == late + A_DAY
    sweep(late + timedelta(hours=23))
    assert has_step(owner)
    sweep(late + A_DAY)
    assert not has_step(owner)


def test_the_task_sweeps(owner: User):
    row = asked(owner)
    LostStep.objects.update(
        begun_at=later(days=-8), due_at=later(days=-1), reminded_at=row.begun_at
    )
    tasks.go_on_with_lost_steps()
    assert not has_step(owner)


def test_the_own_page_of_data_and_the_export_tell_of_it(owner: User):
    row = asked(owner)
    lost_steps.keep(user=owner, end=LostStep.End.LINK, now=timezone.now())
    browser = at_the_door(owner)
    come_in(browser)

    page = browser.get("/akun/data/").content.decode()
    assert "Langkah kedua diminta untuk dilepas" in page
    assert "Permintaan melepas langkah kedua dihentikan" in page
    held = personal_data.export(user=owner, now=timezone.now())
    assert [each["act"] for each in held["account_events"]] == [
        "second_step.kept",
        "second_step.lost",
    ]
    assert held["lost_steps"][0]["asked_at"] == row.begun_at.isoformat()


def test_the_code_counts_five_times_and_a_quarter_of_an_hour(owner: User, monkeypatch: Any):
    browser = at_the_door(owner)
    browser.post(f"{LOST}kode/")
    for _ in range(5):
        page = browser.post(LOST, {"code": "AAAA-AAAA"}).content.decode()
        assert "Kode tidak cocok" in page
    browser.post(LOST, {"code": step_code(owner)})
    assert LostStep.objects.get().begun_at is None

    LostStep.objects.update(code_asked_at=later(minutes=-16), code_tries=0)
    browser.post(LOST, {"code": step_code(owner)})
    assert LostStep.objects.get().begun_at is None


def test_a_code_is_sent_once_a_minute(owner: User):
    browser = at_the_door(owner)
    browser.post(f"{LOST}kode/")
    page = browser.post(f"{LOST}kode/", follow=True).content.decode()
    assert "Tunggu satu menit" in page
    assert Message.objects.filter(kind="lost_step_code").count() == 1


def test_a_stranger_is_asked_to_sign_in(client: Client):
    for answer in (client.get(LOST), client.post(f"{LOST}kode/"), client.post("/akun/2fa/tetap/")):
        assert "/akun/login/" in answer.url


def test_whoever_came_by_the_mailbox_types_the_password_too(owner: User):
    browser = Client()
    browser.post("/akun/login/code/", {"email": owner.email})
    browser.post("/akun/login/code/confirm/", {"code": code_for(owner.email)})

    page = browser.post(f"{LOST}kode/").content.decode()
    assert "Isi kata sandi." in page
    page = browser.post(f"{LOST}kode/", {"password": "bukan-kata-sandinya"}).content.decode()
    assert "Kata sandi tidak cocok." in page
    assert not LostStep.objects.exists()
    # Nor by typing a code without having asked for one here.
    lost_steps.ask(user=owner, now=timezone.now())
    browser.post(LOST, {"code": step_code(owner)})
    assert LostStep.objects.get().begun_at is None

    LostStep.objects.all().delete()
    browser.post(f"{LOST}kode/", {"password": PASSWORD})
    browser.post(LOST, {"code": step_code(owner)})
    assert LostStep.objects.get().begun_at


def test_a_password_that_the_mailbox_made_is_no_proof(owner: User):
    reset_by_mail(owner, PASSWORD)
    assert "E-mail saja tidak cukup" in why_not(owner)
    browser = at_the_door(owner)
    browser.post(f"{LOST}kode/")
    assert not LostStep.objects.exists()


def test_it_is_one_again_once_it_was_used_with_the_second_step(owner: User):
    reset_by_mail(owner, PASSWORD)
    come_in(at_the_door(owner))
    owner.refresh_from_db()
    assert owner.password_by_mail_at is None
    asked(owner)


def test_the_owner_coming_by_the_mailbox_does_not_own_the_password(owner: User):
    """Who else reads the mailbox made it, and the owner does not know it."""
    reset_by_mail(owner, PASSWORD)
    browser = Client()
    browser.post("/akun/login/code/", {"email": owner.email})
    browser.post("/akun/login/code/confirm/", {"code": code_for(owner.email)})
    come_in(browser)
    owner.refresh_from_db()
    assert owner.password_by_mail_at is not None
    assert "E-mail saja tidak cukup" in why_not(owner)


def test_without_a_second_step_a_reset_marks_nothing():
    user = person_with_account(email="tanpa@contoh.test")
    reset_by_mail(user)
    assert user.password_by_mail_at is None


def test_nobody_without_a_password_asks(owner: User):
    owner.set_unusable_password()
    owner.save()
    browser = Client()
    browser.post("/akun/login/code/", {"email": owner.email})
    browser.post("/akun/login/code/confirm/", {"code": code_for(owner.email)})
    assert "E-mail saja tidak cukup" in browser.get(LOST).content.decode()


def test_an_officers_is_taken_off_by_two_officers(owner: User):
    OfficerPostFactory(user=owner)
    page = why_not(owner)
    assert "dua petugas melepasnya" in page
    assert "Buat akun baru" not in page


def test_one_who_will_be_an_officer_is_one(owner: User):
    OfficerPostFactory(user=owner, starts_at=later(days=3))
    assert "dua petugas melepasnya" in why_not(owner)


def test_not_while_a_former_address_can_take_the_account_back(owner: User):
    change = address_changes.note(account=owner, former="dulu@contoh.test", now=timezone.now())
    assert "baru diganti" in why_not(owner)
    change.at = later(days=-15)
    change.save()
    asked(owner)


def test_not_where_no_letter_arrives(owner: User):
    SuppressionFactory(address=owner.email)
    assert "tidak ada yang dapat memperingatkan Anda" in why_not(owner)


def test_three_times_in_thirty_days(owner: User):
    for _ in range(3):
        asked(owner)
        LostStep.objects.filter(ended_at=None).update(code_asked_at=later(minutes=-2))
        lost_steps.keep(user=owner, end=LostStep.End.LINK, now=timezone.now())
    assert "sudah 3 kali diminta" in why_not(owner)
    LostStep.objects.update(begun_at=later(days=-31), due_at=later(days=-24))
    asked(owner)


def test_what_would_stand_against_it_stops_it_at_the_end_too(owner: User):
    row = asked(owner)
    sweep(row.due_at - A_DAY)
    OfficerPostFactory(user=owner)
    sweep(row.due_at)
    assert has_step(owner)
    row.refresh_from_db()
    assert row.end == "CHANGED"
    assert newest(owner.email).kind == "lost_step_kept"


def test_the_letters_link_stops_it_and_opening_it_changes_nothing(owner: User):
    row = asked(owner)
    link = re.search(r"/akun/2fa/tetap/\S+", newest(owner.email).text).group()

    assert "Pertahankan langkah kedua" in Client().get(link).content.decode()
    row.refresh_from_db()
    assert row.ended_at is None

    assert Client().post(link).url == "/akun/password/reset/"
    row.refresh_from_db()
    assert row.end == "LINK"
    assert newest(owner.email).kind == "lost_step_kept"
    assert Client().get(link).status_code == 409
    assert Client().get("/akun/2fa/tetap/bukan-tautan/").status_code == 404
    sweep(row.due_at + A_DAY)
    assert has_step(owner)


def test_signing_in_with_the_second_step_stops_it(owner: User):
    row = asked(owner)
    come_in(at_the_door(owner))
    row.refresh_from_db()
    assert row.end == "SIGN_IN"


def test_a_spare_code_stops_it(owner: User):
    row = asked(owner)
    code = Authenticator.objects.get(user=owner, type="recovery_codes").wrap().get_unused_codes()[0]
    at_the_door(owner).post("/akun/2fa/authenticate/", {"code": code})
    row.refresh_from_db()
    assert row.end == "SIGN_IN"


def test_a_code_that_is_awaited_is_worth_nothing_after_a_sign_in(owner: User):
    thief = at_the_door(owner)
    thief.post(f"{LOST}kode/")
    code = step_code(owner)
    come_in(at_the_door(owner))
    thief.post(LOST, {"code": code})
    assert not LostStep.objects.exists()


def test_a_new_password_by_mail_stops_it(owner: User):
    row = asked(owner)
    reset_by_mail(owner)
    row.refresh_from_db()
    assert row.end == "CHANGED"


def test_another_address_stops_it(owner: User):
    browser = at_the_door(owner)
    come_in(browser)
    row = asked(owner)
    browser.post("/akun/reauthenticate/", {"password": PASSWORD})
    browser.post("/akun/email/", {"action_add": "", "email": "baru@contoh.test"})
    browser.post("/akun/confirm-email/", {"code": code_for("baru@contoh.test")})
    row.refresh_from_db()
    assert row.end == "CHANGED"


def test_every_signed_in_device_tells_of_it_and_can_stop_it(owner: User):
    inside = at_the_door(owner)
    come_in(inside)
    assert "diminta untuk dilepas" not in inside.get("/akun/").content.decode()
    row = asked(owner)

    assert "Langkah kedua akun Anda diminta untuk dilepas" in inside.get("/").content.decode()
    assert inside.post("/akun/2fa/tetap/").url == "/akun/password/change/"
    row.refresh_from_db()
    assert row.end == "DEVICE"
    assert "diminta untuk dilepas" not in inside.get("/akun/").content.decode()


def test_the_app_asks_and_keeps(owner: User):
    inside = Phone()
    inside.auth("auth/login", {"email": owner.email, "password": PASSWORD})
    inside.auth("auth/2fa/authenticate", {"code": authenticator_code()})
    assert inside.send("GET", "/api/v1/me").json()["second_step_until"] is None

    outside = Phone()
    outside.auth("auth/login", {"email": owner.email, "password": PASSWORD})
    told = outside.auth("auth/2fa/lost", method="GET").json()["data"]
    assert (told["days"], told["needs_password"], told["why_not"]) == (7, False, None)
    outside.auth("auth/2fa/lost", {})
    wrong = outside.auth("auth/2fa/lost/confirm", {"code": "AAAA-AAAA"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "step_code_wrong")
    told = outside.auth("auth/2fa/lost/confirm", {"code": step_code(owner)}).json()["data"]
    assert told["due_at"]

    assert inside.send("GET", "/api/v1/me").json()["second_step_until"]
    assert inside.send("POST", "/api/v1/me/second-step/keep", {}).status_code == 204
    assert LostStep.objects.get().end == "DEVICE"


def test_the_app_of_a_stranger_is_refused():
    assert Phone().auth("auth/2fa/lost", method="GET").status_code == 401


def lost_row(user: User, **fields: Any) -> LostStep:
    return LostStep.objects.create(account=user, code_asked_at=timezone.now(), **fields)


def test_the_database_keeps_one_open_and_none_taken_off_unwarned(owner: User):
    now = timezone.now()
    row = lost_row(owner)
    with pytest.raises(IntegrityError, match="loststep_one_open"), transaction.atomic():
        lost_row(owner)
    row.delete()
    whole = {"begun_at": now - 8 * A_DAY, "due_at": now - A_DAY}
    ended = {"ended_at": now, "end": "TAKEN_OFF"}
    with pytest.raises(IntegrityError, match="loststep_off_in_time"), transaction.atomic():
        lost_row(owner, **whole, **ended)
    early = whole | {"due_at": now + A_DAY, "reminded_at": now}
    with pytest.raises(IntegrityError, match="loststep_off_in_time"), transaction.atomic():
        lost_row(owner, **early, **ended)
    with pytest.raises(IntegrityError, match="loststep_waits_once_begun"), transaction.atomic():
        lost_row(owner, due_at=now)
    with pytest.raises(IntegrityError, match="loststep_ends_somehow"), transaction.atomic():
        lost_row(owner, **whole, ended_at=now)
    lost_row(owner, **whole, reminded_at=now - 2 * A_DAY, **ended)


def test_erasure_and_time_forget_it(owner: User):
    asked(owner)
    lost_steps.keep(user=owner, end=LostStep.End.LINK, now=timezone.now())
    retention.forget_sessions(now=later(days=179))
    assert LostStep.objects.exists()
    retention.forget_sessions(now=later(days=181))
    assert not LostStep.objects.exists()
    lost_row(owner)
    retention.forget_sessions(now=later(days=2))
    assert not LostStep.objects.exists()

    asked(owner)
    personal_data.erase(user=owner, now=timezone.now())
    assert not LostStep.objects.exists()
