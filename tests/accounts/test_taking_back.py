"""An account whose address somebody else changed is taken back from the former one."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts import policies
from accounts.errors import AddressHasAccount, FormerAddressTaken
from accounts.models import AddressChange, Message, TextCode, User
from accounts.services import address_changes, personal_data, registration, retention
from tests.accounts.entering import (
    PASSWORD,
    Phone,
    code_for,
    newest,
    person_with_account,
    signed_in,
    surely,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FORMER = "pemilik@contoh.test"
PRESENT = "perebut@contoh.test"


def changed_by_somebody(former: str = FORMER, present: str = PRESENT) -> Client:
    """The browser of whoever came in with the password, and changed the address."""
    browser = surely(signed_in(User.objects.get(email=former)))
    browser.post("/akun/email/", {"action_add": "", "email": present})
    browser.post("/akun/confirm-email/", {"code": code_for(present)})
    assert User.objects.filter(email=present).exists()
    return browser


def link_to(address: str) -> str:
    return re.search(r"/akun/alamat/kembali/\S+", newest(address).text).group()


@pytest.fixture
def owner() -> User:
    return person_with_account(email=FORMER)


def test_the_letter_to_the_former_address_takes_the_account_back(owner: User):
    his = changed_by_somebody()
    letter = newest(FORMER)
    assert letter.kind == "email_changed"
    assert "Mozilla" not in letter.text
    link = link_to(FORMER)

    page = Client().get(link).content.decode()
    assert FORMER in page
    assert User.objects.get().email == PRESENT  # opening it changes nothing

    answer = Client().post(link)
    assert answer.url == "/akun/password/reset/"
    owner.refresh_from_db()
    assert owner.email == FORMER
    assert not owner.has_usable_password()
    address = EmailAddress.objects.get(user=owner)
    assert (address.email, address.verified, address.primary) == (FORMER, True, True)
    assert his.get("/akun/").status_code == 302  # shut out
    assert not UserSession.objects.filter(user=owner).exists()
    said = Message.objects.filter(kind=address_changes.KIND).order_by("pk")
    assert [row.to for row in said] == [FORMER, PRESENT]
    assert "Pasang kata sandi baru" in said[0].text
    assert "dikembalikan" in said[1].text


def test_after_it_a_new_password_is_set_by_a_code_to_the_former_address(owner: User):
    changed_by_somebody()
    browser = Client()
    browser.post(link_to(FORMER))
    asked = browser.post("/akun/password/reset/", {"email": FORMER})
    typed = browser.post(asked.url, {"code": code_for(FORMER)})
    new = "teh-manis-di-sore-hari"
    browser.post(typed.url, {"password1": new, "password2": new})

    answer = Client().post("/akun/login/", {"login": FORMER, "password": new})
    assert answer.status_code == 302
    assert Client().post("/akun/login/", {"login": FORMER, "password": PASSWORD}).status_code == 200


def test_the_app_is_shut_out_too(owner: User):
    changed_by_somebody()
    phone = Phone().sign_in(User.objects.get())
    Client().post(link_to(FORMER))
    assert phone.auth("auth/session", method="GET").status_code in {401, 410}


def test_the_browser_that_takes_it_back_may_be_signed_in_to_it(owner: User):
    browser = changed_by_somebody()
    answer = browser.post(link_to(FORMER), follow=True)
    assert "Akun Anda kembali" in answer.content.decode()
    assert browser.get("/akun/").status_code == 302


def test_another_account_of_the_same_browser_stays_signed_in(owner: User):
    changed_by_somebody()
    other = signed_in(person_with_account())
    other.post(link_to(FORMER))
    assert other.get("/akun/").status_code == 200


def test_a_link_works_once(owner: User):
    changed_by_somebody()
    link = link_to(FORMER)
    Client().post(link)
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 409
        assert "tidak berlaku lagi" in answer.content.decode()
    assert Message.objects.filter(kind=address_changes.KIND).count() == 2


def test_changing_on_does_not_shake_the_owner_off(owner: User):
    """Whoever changed it changes it once more; neither of theirs undoes what the owner did."""
    changed_by_somebody()
    changed_by_somebody(PRESENT, "perebut-lagi@contoh.test")
    theirs = link_to(PRESENT)
    Client().post(link_to(FORMER))
    assert User.objects.get().email == FORMER
    assert Client().post(theirs).status_code == 409
    assert User.objects.get().email == FORMER


def test_an_earlier_change_can_still_be_taken_back(owner: User):
    """A later owner takes theirs back; who had the account before them keeps their days."""
    changed_by_somebody()
    first = link_to(FORMER)
    changed_by_somebody(PRESENT, "ketiga@contoh.test")
    Client().post(link_to(PRESENT))
    assert User.objects.get().email == PRESENT
    assert Client().get(first).status_code == 200


def test_a_link_ends_with_its_days(owner: User):
    changed_by_somebody()
    link = link_to(FORMER)
    change = AddressChange.objects.get()
    days = timedelta(days=policies.ADDRESS_BACK_DAYS.default)
    assert address_changes.ends_at(change) == change.at + days
    AddressChange.objects.update(at=timezone.now() - days)
    assert Client().get(link).status_code == 409
    retention.forget_sessions(now=timezone.now() + timedelta(seconds=1))
    assert not AddressChange.objects.exists()
    assert Client().post(link).status_code == 409
    assert User.objects.get().email == PRESENT


@pytest.mark.parametrize("token", ["x", "WzFd:salah", "%00", "WzFd"])
def test_a_link_of_nobody(client: Client, token: str):
    answer = client.get(f"/akun/alamat/kembali/{token}/")
    assert answer.status_code == 404
    assert "Salin seluruhnya" in answer.content.decode()


def test_second_steps_added_since_are_gone_and_older_ones_stay(owner: User):
    older = Authenticator.objects.create(user=owner, type="totp", data={})
    Authenticator.objects.filter(pk=older.pk).update(created_at=timezone.now() - timedelta(days=1))
    change = address_changes.note(account=owner, former=FORMER, now=timezone.now())
    User.objects.filter(pk=owner.pk).update(email=PRESENT)
    Authenticator.objects.create(user=owner, type="recovery_codes", data={})
    address_changes.take_back(address_changes.token_of(change), now=timezone.now())
    assert list(Authenticator.objects.all()) == [older]


def moved(owner: User, now: datetime) -> str:
    """The token for an account whose address was changed."""
    change = address_changes.note(account=owner, former=owner.email, now=now)
    User.objects.filter(pk=owner.pk).update(email=PRESENT)
    EmailAddress.objects.filter(user=owner).update(email=PRESENT)
    return address_changes.token_of(change)


def test_an_unproven_sign_up_does_not_keep_the_owner_out(owner: User):
    now = timezone.now()
    token = moved(owner, now)
    squatter = UserFactory(email=FORMER)
    address_changes.take_back(token, now=now)
    owner.refresh_from_db()
    squatter.refresh_from_db()
    assert owner.email == FORMER
    assert squatter.erased_at == now


def test_nobody_proves_the_former_address_but_by_its_mail(owner: User):
    """At a counter, or by a text: the mailbox is not asked there."""
    moved(owner, timezone.now())
    squatter = UserFactory(email=FORMER)
    with pytest.raises(AddressHasAccount):
        registration.lock_unproven(TextCode(account=squatter))
    AddressChange.objects.update(ended_at=timezone.now())
    assert registration.lock_unproven(TextCode(account=squatter)) == squatter


def test_the_former_address_may_have_a_proven_account_by_then(owner: User):
    now = timezone.now()
    token = moved(owner, now)
    person_with_account(email=FORMER)
    with pytest.raises(FormerAddressTaken):
        address_changes.take_back(token, now=now)
    answer = Client().post(f"/akun/alamat/kembali/{token}/")
    assert answer.status_code == 409
    assert "dipakai akun lain" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.email == PRESENT
    assert owner.has_usable_password()


def test_an_erased_account_is_not_taken_back(owner: User):
    now = timezone.now()
    token = moved(owner, now)
    personal_data.erase(user=owner, now=now)
    assert not AddressChange.objects.exists()
    assert Client().post(f"/akun/alamat/kembali/{token}/").status_code == 409


def test_one_reads_that_it_was_changed_in_ones_own_data(owner: User):
    now = timezone.now()
    moved(owner, now)
    held = personal_data.export(user=owner, now=now)
    assert held["address_changes"] == [{"former": FORMER, "at": now.isoformat(), "ended_at": None}]
