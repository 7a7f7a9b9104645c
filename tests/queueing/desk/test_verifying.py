"""An officer verifies an account at the counter, with its page's code and the KTP."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import CounterCode, Message
from accounts.services import counter_codes
from accounts.services.counter_codes import Shown
from accounts.services.registration import Typed
from offices import policies
from offices.errors import ReasonNeeded
from offices.models import Approval
from offices.reasons import NO_REASON, Why
from offices.services import approvals
from offices.services.verifying import verify_account
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import OfficeFactory, PersonFactory, UserFactory
from tests.paspor.proving import set_figure

pytestmark = pytest.mark.django_db
NIK = "3271994501900001"
WHY = Why("mail_lost", "Tiga kali dikirim, tidak sampai")


@pytest.fixture
def waiting() -> CounterCode:
    typed = Typed(UserFactory(email="warga@contoh.test"))
    return counter_codes.issue(typed=typed, now=timezone.now())


def verify(by, office, waiting, why: Why = WHY):
    shown = Shown(f"{waiting.code[:4]}-{waiting.code[4:]}".lower(), NIK)
    return verify_account(officer=by, office=office, shown=shown, why=why, now=timezone.now())


def is_verified() -> bool:
    return EmailAddress.objects.filter(email="warga@contoh.test", verified=True).exists()


@pytest.mark.parametrize("role", ["COUNTER", "HEAD", "SISTIK"])
def test_it_is_logged_with_its_reason_and_told_to_the_account(role, officer, office, waiting):
    by = officer(role, None if role == "SISTIK" else office)
    user = verify(by, office, waiting)

    assert is_verified()
    event = AuditEvent.objects.get(act="verify_account")
    assert (event.actor_id, event.stream, event.reason) == (by.pk, office.code, "mail_lost")
    assert event.subject == f"account:{user.code}"
    waiting.refresh_from_db()
    assert event.detail == {"person": waiting.person_id}
    assert NIK not in str(event.detail)
    told = Message.objects.get(user=user)
    assert told.kind == "verified_at_counter"
    assert office.name in told.text


def test_nobody_else_may(officer, office, waiting):
    for by in (officer("PLANNER", office), officer("COUNTER", OfficeFactory()), UserFactory()):
        with pytest.raises(NotAllowed):
            verify(by, office, waiting)
    assert not is_verified()


@pytest.mark.parametrize("why", [NO_REASON, Why("mail_lost", " "), Why("traffic", "macet")])
def test_without_a_reason_of_the_list_and_words_nothing_happens(why, officer, office, waiting):
    with pytest.raises(ReasonNeeded):
        verify(officer("COUNTER", office), office, waiting, why)
    assert not is_verified()


def test_policy_may_ask_for_a_second_officer(officer, office, waiting):
    set_figure(policies.SECOND_FOR_VERIFYING, True)
    by = officer("COUNTER", office)
    with pytest.raises(NeedsApproval) as refusal:
        verify(by, office, waiting)
    assert not is_verified()

    approval = approvals.ask(
        request=refusal.value.request, officer=by, reason="mail_lost", now=timezone.now()
    )
    approvals.grant(
        approval=approval,
        second=officer("HEAD", office),
        used_second_factor=True,
        now=timezone.now(),
    )
    verify(by, office, waiting)
    assert is_verified()
    approval.refresh_from_db()
    assert approval.state == Approval.State.USED


def said(waiting: CounterCode, **other: str) -> dict[str, str]:
    usual = {"code": waiting.code, "nik": NIK, "seen": "on"}
    return usual | {"reason": WHY.reason, "note": WHY.note} | other


def test_the_page_verifies_and_masks(officer, office, waiting, sign_in: Callable[..., Client]):
    browser = sign_in(officer("COUNTER", office))
    address = f"/loket/{office.code}/verifikasi/"
    assert "Verifikasi akun" in browser.get(f"/loket/{office.code}/").content.decode()

    answer = browser.post(address, said(waiting), follow=True)

    assert is_verified()
    text = answer.content.decode()
    assert "w•••@contoh.test" in text
    assert "warga@contoh.test" not in text


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("code", "ABCD-EFGH", "tidak dikenal"),
        ("nik", "123", "NIK"),
        ("seen", "", "Lihat dahulu KTP"),
        ("reason", "", "Pilih alasan"),
    ],
)
def test_a_refusal_stands_on_the_page(name, value, told, officer, office, waiting, sign_in):
    browser = sign_in(officer("COUNTER", office))
    answer = browser.post(f"/loket/{office.code}/verifikasi/", said(waiting, **{name: value}))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not is_verified()


def test_the_page_is_not_found_elsewhere_and_asks_for_a_second_factor(
    officer,
    office,
    waiting,
    sign_in,
):
    address = f"/loket/{office.code}/verifikasi/"
    elsewhere = sign_in(officer("COUNTER", OfficeFactory()))
    assert elsewhere.post(address, said(waiting)).status_code == 404
    weak = sign_in(officer("COUNTER", office), second_factor=False)
    assert weak.post(address, said(waiting)).status_code in (302, 403)
    assert not is_verified()


def test_sistik_finds_the_page(officer, office, sign_in):
    browser = sign_in(officer("SISTIK"))
    assert browser.get("/loket/verifikasi/").url == f"/loket/{office.code}/verifikasi/"
    assert browser.get(f"/loket/{office.code}/verifikasi/").status_code == 200


def test_everybody_sees_how_many(client: Client, officer, office, waiting):
    verify(officer("COUNTER", office), office, waiting)
    PersonFactory()
    for path in ("/angka/", f"/kantor/{office.code}/angka/"):
        assert "dalam 30 hari terakhir: <strong>1</strong>" in client.get(path).content.decode()
    other = OfficeFactory()
    assert "<strong>0</strong>" in client.get(f"/kantor/{other.code}/angka/").content.decode()
