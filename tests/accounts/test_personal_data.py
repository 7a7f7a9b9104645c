"""Export, erasure, who read what, and forgetting by itself."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import ports, tasks
from accounts.errors import ErasureBlocked
from accounts.models import Applicant, Message, Person, User
from accounts.services import (
    address_changes,
    applicants,
    messages,
    people,
    personal_data,
    retention,
)
from paspor.kernel import audit, formatting
from paspor.kernel.errors import NotFound
from paspor.kernel.models import AuditEvent, Note
from tests.accounts.applicants import NOW, add, booked
from tests.accounts.entering import (
    PASSWORD,
    Phone,
    code_for,
    person_with_account,
    signed_in,
    surely,
)
from tests.accounts.messages import mail_to
from tests.factories import OfficeFactory, OfficerPostFactory, UserFactory, invented_nik

pytestmark = pytest.mark.django_db


def test_an_export_holds_everything_in_clear_and_is_logged():
    user = person_with_account(phone="+6281234567890")
    add(user, kk="3171990101100001")
    mail_to(user)

    held = json.loads(json.dumps(personal_data.export(user=user, now=NOW)))

    assert held["account"]["email"] == user.email
    assert held["account"]["phone"] == "+6281234567890"
    [person] = held["applicants"]
    assert (person["nik"], person["kk"]) == (invented_nik(1), "3171990101100001")
    assert held["messages"][0]["to"] == user.email
    assert {"bookings", "posts", "consents", "devices", "readings"} <= held.keys()
    assert AuditEvent.objects.get(act="data.export").subject == f"account:{user.code}"


def test_an_export_holds_nothing_of_others():
    other = person_with_account()
    add(other)
    assert personal_data.export(user=UserFactory(), now=NOW)["applicants"] == []


def all_text() -> str:
    """Everything that the tables of accounts hold, as text."""
    tables = ["accounts_user", "accounts_applicant", "accounts_message", "account_emailaddress"]
    with connection.cursor() as cursor:
        texts = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|'), '') FROM {table} t")
            texts.append(cursor.fetchone()[0])
    return "".join(texts)


def test_erasure_leaves_nothing_readable_and_keeps_the_digest():
    now = timezone.now()
    user = person_with_account(email="hapus@contoh.test", phone="+6281234567890")
    row = add(user, name="Suwarni Rahayu")
    mail_to(user)

    personal_data.erase(user=user, now=now)
    tasks.sweep_messages()

    held = all_text()
    for trace in ("hapus@contoh", "Suwarni", "81234567890", "rahasia"):
        assert trace not in held
    user.refresh_from_db()
    assert (user.is_active, user.erased_at) == (False, now)
    assert not user.has_usable_password()
    row.refresh_from_db()
    assert (row.name, row.nik_sealed, row.erased_at) == ("", None, now)
    assert people.find_or_make_person(invented_nik(1)) == row.person
    assert Person.objects.count() == 1
    assert Message.objects.get(kind="uji").state == "FAILED"
    assert AuditEvent.objects.filter(act="account.erased").count() == 1


def test_erasure_is_told_by_a_last_letter_and_the_address_goes_with_it(mailoutbox):
    now = timezone.now()
    user = person_with_account(email="hapus@contoh.test")

    personal_data.erase(user=user, now=now)

    message = Message.objects.get(kind="account_erased")
    assert (message.user, message.to) == (None, "hapus@contoh.test")
    tasks.sweep_messages()
    [letter] = mailoutbox
    assert letter.to == ["hapus@contoh.test"]
    text = " ".join(letter.body.split())
    assert f"dihapus {formatting.moment(timezone.localtime(now))}" in text
    assert "/laporan/" in text
    assert "/akun/signup/" in text
    message.refresh_from_db()
    assert (message.state, message.to, message.text, message.subject) == ("ACCEPTED", "", "", "")
    assert "hapus@contoh" not in all_text()


def test_a_last_letter_that_nobody_takes_is_given_up_with_its_address():
    now = timezone.now()
    user = person_with_account(email="hapus@contoh.test")
    personal_data.erase(user=user, now=now)
    Message.objects.filter(kind="account_erased").update(attempts=messages.MOST_ATTEMPTS)

    messages.end_hopeless(now=timezone.now())

    message = Message.objects.get(kind="account_erased")
    assert (message.state, message.to, message.subject) == ("FAILED", "", "")


def test_the_demo_forgets_the_last_address_a_day_late(settings, mailoutbox):
    settings.DEMO = True
    now = timezone.now()
    user = person_with_account(email="hapus@contoh.test")
    personal_data.erase(user=user, now=now)
    tasks.sweep_messages()
    assert Message.objects.get(kind="account_erased").to == "hapus@contoh.test"

    Message.objects.update(changed_at=timezone.now() - timedelta(days=2))
    tasks.forget_messages()

    assert "hapus@contoh" not in all_text()


def test_who_lost_the_account_by_a_new_address_learns_of_its_erasure(mailoutbox):
    now = timezone.now()
    user = person_with_account(email="baru@contoh.test")
    address_changes.note(account=user, former="lama@contoh.test", now=timezone.now())

    personal_data.erase(user=user, now=now)
    tasks.sweep_messages()

    told = {letter.to[0]: " ".join(letter.body.split()) for letter in mailoutbox}
    assert set(told) == {"baru@contoh.test", "lama@contoh.test"}
    assert "sebelumnya memakai alamat ini" in told["lama@contoh.test"]
    assert not Message.objects.exclude(to="").exists()


def test_a_sign_up_that_nobody_proved_is_forgotten_without_a_letter():
    personal_data.erase(user=UserFactory(), now=timezone.now())
    assert not Message.objects.filter(kind="account_erased").exists()


def test_erasure_takes_what_officers_noted_of_its_people():
    user = person_with_account()
    row = add(user)
    applicants.read_nik(applicant=row, reader=UserFactory(), reason="Suwarni lupa", now=NOW)
    audit.record("account.locked", actor_id=7, subject=f"account:{user.code}", note="Suwarni")

    personal_data.erase(user=user, now=NOW)

    assert not Note.objects.exists()
    assert AuditEvent.objects.filter(note_id__isnull=False).count() == 2


def test_erasure_signs_out_everywhere_and_frees_the_address():
    user = person_with_account(email="hapus@contoh.test")
    browsers = [signed_in(user), signed_in(user)]
    keys = [browser.session.session_key for browser in browsers]
    personal_data.erase(user=user, now=NOW)
    for browser in browsers:
        assert browser.get("/akun/").status_code == 302
    assert not UserSession.objects.exists()
    assert not Session.objects.filter(session_key__in=keys).exists()
    answer = Client().post("/akun/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 200
    Client().post(
        "/akun/signup/",
        {"email": "hapus@contoh.test", "password1": PASSWORD, "consent": "on"},
    )
    assert User.objects.filter(email="hapus@contoh.test").exists()


def test_erasure_is_postponed_while_booked_and_says_why():
    user = person_with_account()
    booked(add(user))
    with pytest.raises(ErasureBlocked) as refusal:
        personal_data.erase(user=user, now=NOW)
    assert "janji temu" in refusal.value.params["why"]
    assert User.objects.get(pk=user.pk).erased_at is None

    page = surely(signed_in(user)).get("/akun/data/hapus/").content.decode()
    assert "Akun belum dapat dihapus" in page
    assert '<a href="/janji/">Janji saya</a>' in page


def test_erasure_is_postponed_while_an_officer():
    with pytest.raises(ErasureBlocked):
        personal_data.erase(user=OfficerPostFactory().user, now=NOW)


def test_an_erased_account_is_not_erased_again():
    user = person_with_account()
    personal_data.erase(user=user, now=NOW)
    with pytest.raises(NotFound):
        personal_data.erase(user=user, now=NOW)


def test_a_port_that_fails_undoes_the_whole_erasure(monkeypatch: pytest.MonkeyPatch):
    user = person_with_account()
    add(user)

    class Broken(type(ports.all_ports()[0])):
        def erase(self, user: User, now: Any) -> None:
            super().erase(user, now)
            raise RuntimeError

    monkeypatch.setattr(ports, "all_ports", lambda: (Broken(),))
    with pytest.raises(RuntimeError):
        personal_data.erase(user=user, now=NOW)
    assert Applicant.objects.get().name


def signed_in_a_while_ago(user: User) -> Client:
    browser = signed_in(user)
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    return browser


def test_downloading_ones_data_asks_for_the_password_again_after_a_while():
    user = person_with_account()
    add(user)
    browser = signed_in_a_while_ago(user)
    for path in ("/akun/data/unduh/", "/akun/data/hapus/"):
        assert "/akun/reauthenticate/" in browser.get(path).url
    assert "/akun/reauthenticate/" in browser.get("/akun/data/unduh/").url

    answer = surely(browser).get("/akun/data/unduh/")

    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.json()["applicants"][0]["nik"] == invented_nik(1)


def test_erasing_on_the_web_needs_a_tick_and_signs_out():
    user = person_with_account()
    browser = surely(signed_in(user))
    assert "Beri tanda" in browser.post("/akun/data/hapus/").content.decode()
    assert browser.post("/akun/data/hapus/", {"sure": "on"}).url == "/"
    assert User.objects.get(pk=user.pk).erased_at is not None
    assert "_auth_user_id" not in browser.session


def test_the_owner_sees_who_read_the_nik():
    user = person_with_account()
    officer = UserFactory()
    office = OfficeFactory(name="Kanim Uji")
    siti = add(user, name="Siti Aminah")
    applicants.read_nik(
        applicant=siti, reader=officer, reason="nama buram", now=NOW, stream=office.code
    )

    page = signed_in(user).get("/akun/data/").content.decode()
    [held] = personal_data.export(user=user, now=NOW)["readings"][-1:]

    assert "Petugas Kanim Uji" in page
    assert f"S••• A•••, NIK {siti.masked_nik}" in page
    assert "Alasan: nama buram" in page
    assert officer.email not in page
    assert (held["office"], held["office_name"]) == (office.code, "Kanim Uji")
    assert (held["applicant"], held["name"]) == (siti.code, "S••• A•••")
    assert held["reason"] == "nama buram"


def test_why_a_nik_was_read_for_a_case_is_not_told():
    user = person_with_account()
    applicants.read_nik(
        applicant=add(user), reader=UserFactory(), reason="diminta polisi", now=NOW, case="K7QX"
    )
    page = signed_in(user).get("/akun/data/").content.decode()
    assert "Petugas kantor pusat" in page
    assert "diminta polisi" not in page
    assert "diminta polisi" not in json.dumps(personal_data.export(user=user, now=NOW))


def test_a_fresh_sign_in_is_proof_enough_on_the_web():
    browser = signed_in(person_with_account())
    assert browser.get("/akun/data/unduh/").status_code == 200
    assert browser.get("/akun/data/hapus/").status_code == 200


def test_a_fresh_verification_is_proof_enough_in_both_doors():
    address = "baru@contoh.test"
    browser, phone = Client(), Phone()
    browser.post("/akun/signup/", {"email": address, "password1": PASSWORD, "consent": "on"})
    browser.post("/akun/confirm-email/", {"code": code_for(address)})
    assert browser.get("/akun/data/unduh/").status_code == 200

    address = "lain@contoh.test"
    phone.auth("auth/signup", {"email": address, "password": PASSWORD, "consent": True})
    phone.auth("auth/email/verify", {"key": code_for(address)})
    assert phone.send("GET", "/api/v1/me/export").status_code == 200


def test_a_removed_applicant_is_forgotten_after_90_days_and_not_before():
    user = person_with_account()
    old, fresh, kept = add(user, 1), add(user, 2), add(user, 3)
    for row, days in ((old, 91), (fresh, 89)):
        gone = timezone.now() - timedelta(days=days)
        Applicant.objects.filter(pk=row.pk).update(removed_at=gone)

    tasks.forget_people()

    forgotten = Applicant.objects.filter(erased_at__isnull=False)
    assert [row.pk for row in forgotten] == [old.pk]
    assert Applicant.objects.get(pk=kept.pk).name


def test_who_was_at_a_counter_is_forgotten_after_a_year_unless_booked():
    rows = [at_counter(n) for n in (1, 2)]
    booked(rows[1])
    Applicant.objects.update(created_at=timezone.now() - timedelta(days=366))
    tasks.forget_people()
    assert [bool(row.name) for row in Applicant.objects.order_by("pk")] == [False, True]


def at_counter(n: int) -> Applicant:
    return applicants.add_counter_applicant(
        name="Suwarni",
        nik=invented_nik(n),
        birth_date=NOW.date().replace(year=1990),
        sex="M",
        officer=UserFactory(),
        today=NOW.date(),
        now=NOW,
    )


def test_more_than_a_batch_is_forgotten_past_those_who_must_stay(monkeypatch):
    """Whoever is booked is met first, in every run, and holds up nobody."""
    monkeypatch.setattr(retention, "BATCH", 2)
    rows = [at_counter(n) for n in range(7)]
    for row in rows[:2]:
        booked(row)
    Applicant.objects.update(created_at=timezone.now() - timedelta(days=366))

    assert retention.forget_applicants(now=timezone.now()) == 5

    assert [bool(row.name) for row in Applicant.objects.order_by("pk")] == [True] * 2 + [False] * 5


def test_more_than_a_batch_of_sign_ups_is_forgotten_past_those_who_must_stay(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    people = UserFactory.create_batch(7)
    for user in people[:2]:
        booked(add(user, people.index(user)))
    User.objects.update(joined_at=timezone.now() - timedelta(days=8))
    due = User.objects.filter(pk__in=[user.pk for user in people])

    assert retention.forget_unverified_accounts(now=timezone.now()) == 5

    assert due.filter(erased_at=None).count() == 2


def test_forgetting_stops_when_its_time_is_over(monkeypatch, settings):
    assert 2 * retention.LONGEST_SECONDS < settings.CELERY_TASK_SOFT_TIME_LIMIT
    monkeypatch.setattr(retention, "LONGEST_SECONDS", 0)
    at_counter(1)
    Applicant.objects.update(created_at=timezone.now() - timedelta(days=366))
    assert retention.forget_applicants(now=timezone.now()) == 0


def test_a_sign_up_never_verified_gives_its_address_back_after_a_week():
    signup = {"email": "salah@contoh.test", "password1": PASSWORD, "consent": "on"}
    Client().post("/akun/signup/", signup)
    verified = person_with_account()
    for days, there in ((6, True), (8, False)):
        User.objects.update(joined_at=timezone.now() - timedelta(days=days))
        tasks.forget_people()
        assert User.objects.filter(email="salah@contoh.test").exists() is there
    assert EmailAddress.objects.get().user == verified


def test_old_messages_lose_their_address_and_keep_their_state():
    message = mail_to(UserFactory())
    old = timezone.now() - timedelta(days=181)
    Message.objects.update(created_at=old, state="ACCEPTED")
    tasks.forget_messages()
    message.refresh_from_db()
    assert (message.to, message.subject, message.state) == ("", "", "ACCEPTED")


def test_ended_sessions_and_old_devices_are_forgotten():
    user = person_with_account()
    for _number in range(3):
        signed_in(user)
    ended, old, _kept = UserSession.objects.order_by("pk")
    Session.objects.filter(session_key=ended.session_key).update(expire_date=timezone.now())
    UserSession.objects.filter(pk=old.pk).update(last_seen_at=timezone.now() - timedelta(days=181))
    tasks.forget_sessions()
    assert UserSession.objects.count() == 1


@pytest.mark.parametrize("port", ports.all_ports(), ids=lambda port: type(port).__name__)
def test_every_app_answers_all_that_is_asked_of_it(port: Any) -> None:
    asked = [name for name in vars(ports.PersonalDataPort) if not name.startswith("_")]

    assert [name for name in asked if not callable(getattr(port, name, None))] == []
