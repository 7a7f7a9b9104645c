"""Throw-away mailboxes: the lists, the officers' words, and the doors that ask."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from disposable_email_domains import blocklist
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import rules, selectors
from accounts.errors import MailDomainInvalid, ReasonNeeded
from accounts.models import MailDomain, User
from accounts.services import mail_domains
from paspor.kernel.models import AuditEvent
from tests.accounts.entering import PASSWORD, Phone, person_with_account, signed_in, surely
from tests.factories import MailDomainFactory, UserFactory

PACKAGED = min(blocklist)
SAID = "e-mail sekali pakai"


def decided(domain: str, verdict: str) -> MailDomain:
    return MailDomainFactory(
        domain=domain, verdict=verdict, source="OFFICER", reason="uji", decided_by=UserFactory()
    )


@pytest.mark.parametrize(
    ("email", "domains"),
    [
        ("a@B.Example.ID", ["b.example.id", "example.id"]),
        ("a@bücher.example", ["xn--bcher-kva.example"]),
        ("a@example", []),
        ("a@192.0.2.1", []),
        ("tanpa-keong", []),
    ],
)
def test_domains_of_an_address(email: str, domains: list[str]) -> None:
    assert rules.domains_of(email) == domains


@pytest.mark.parametrize(
    ("verdicts", "listed", "disposable"),
    [
        ({}, set(), False),
        ({}, {"buang.example"}, True),
        ({}, {"satu.buang.example"}, True),
        ({"buang.example": "ALLOWED"}, {"satu.buang.example"}, False),
        ({"buang.example": "BLOCKED"}, set(), True),
        ({"buang.example": "BLOCKED", "satu.buang.example": "ALLOWED"}, set(), False),
    ],
)
def test_nearest_verdict_wins_over_lists(
    verdicts: dict[str, str], listed: set[str], disposable: bool
) -> None:
    domains = rules.domains_of("a@satu.buang.example")
    assert rules.is_disposable(domains, verdicts, listed) is disposable


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email",
    ["Budi.Uji+x@GoogleMail.com", "+tag@contoh.test", "a+b+c@contoh.test", "a.b@contoh.test"],
)
def test_mailbox_is_called_the_same_here_and_in_the_database(email: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_mail_key(%s)", [email.lower()])
        assert cursor.fetchone() == (rules.mail_key(email),)


@pytest.mark.django_db
def test_packages_list_stands_until_a_file_was_read() -> None:
    assert selectors.is_disposable(f"a@surat.{PACKAGED}")

    mail_domains.refresh(domains=["buang.example"], now=timezone.now())

    assert not selectors.is_disposable(f"a@surat.{PACKAGED}")
    assert selectors.is_disposable("a@surat.buang.example")


@pytest.mark.django_db
def test_officers_word_wins_over_both_lists() -> None:
    decided(PACKAGED, "ALLOWED")
    decided("baru.example", "BLOCKED")

    assert not selectors.is_disposable(f"a@{PACKAGED}")
    assert selectors.is_disposable("a@baru.example")


@pytest.mark.django_db
def test_deciding_is_in_the_log_and_may_be_done_anew() -> None:
    officer = UserFactory()
    for verdict in MailDomain.Verdict:
        mail_domains.decide(
            officer=officer,
            domain="Buang.Example.",
            verdict=verdict,
            reason="Aduan warga",
            now=timezone.now(),
        )

    assert MailDomain.objects.get().verdict == "ALLOWED"
    events = AuditEvent.objects.filter(act="decide_mail_domain", actor_id=officer.pk)
    assert [event.detail["verdict"] for event in events.order_by("id")] == ["BLOCKED", "ALLOWED"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("domain", "reason", "error"),
    [("bukan domain", "uji", MailDomainInvalid), ("buang.example", " ", ReasonNeeded)],
)
def test_deciding_needs_a_domain_and_a_reason(domain: str, reason: str, error: Any) -> None:
    with pytest.raises(error):
        mail_domains.decide(
            officer=UserFactory(),
            domain=domain,
            verdict=MailDomain.Verdict.BLOCKED,
            reason=reason,
            now=timezone.now(),
        )


def read(folder: Path, *lines: str) -> str:
    file, said = folder / "domains.txt", StringIO()
    file.write_text("\n".join(lines))
    call_command("refresh_mail_domains", file, stdout=said)
    return said.getvalue().strip()


@pytest.mark.django_db
def test_file_is_read_again_and_tells_what_changed(tmp_path: Path) -> None:
    decided("tetap.example", "ALLOWED")

    assert read(tmp_path, "# daftar", "a.example", "b.example") == "2 added, 0 kept, 0 removed."
    assert read(tmp_path, "a.example", "b.example") == "0 added, 2 kept, 0 removed."
    assert read(tmp_path, "B.example", "", "c.example") == "1 added, 1 kept, 1 removed."
    assert set(MailDomain.objects.values_list("domain", flat=True)) == {
        "b.example",
        "c.example",
        "tetap.example",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [["a.example", "bukan domain"], ["# kosong"]])
def test_wrong_file_changes_nothing(tmp_path: Path, lines: list[str]) -> None:
    row = MailDomainFactory()

    with pytest.raises(CommandError, match="Nothing was changed"):
        read(tmp_path, *lines)

    assert MailDomain.objects.get() == row


@pytest.mark.django_db
def test_sign_up_is_refused_at_the_field_whether_there_is_an_account_or_not(client: Client) -> None:
    person_with_account(email=f"lama@{PACKAGED}")
    pages = []
    for name in ("lama", "baru"):
        said = {"email": f"{name}@{PACKAGED}", "password1": PASSWORD, "consent": "on"}
        page = client.post("/akun/signup/", said)
        assert SAID in page.context["form"].errors["email"][0]
        pages.append(page.context["form"].errors)

    assert pages[0] == pages[1]
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_app_is_told_the_code() -> None:
    said = {"email": f"baru@{PACKAGED}", "password": PASSWORD, "consent": True}

    answer = Phone().auth("auth/signup", said)

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["param"], error["code"]) == ("email", "mail_disposable")


@pytest.mark.django_db
def test_address_is_not_changed_to_a_throw_away_one() -> None:
    user = person_with_account()
    browser = surely(signed_in(user))
    phone = Phone().sign_in(user)
    phone.auth("auth/reauthenticate", {"password": PASSWORD})

    page = browser.post("/akun/email/", {"action_add": "", "email": f"baru@{PACKAGED}"})
    answer = phone.auth("account/email", {"email": f"baru@{PACKAGED}"})

    assert SAID in page.content.decode()
    assert answer.json()["errors"][0]["code"] == "mail_disposable"


@pytest.mark.django_db
def test_account_from_before_still_signs_in() -> None:
    user = person_with_account(email=f"lama@{PACKAGED}")

    assert signed_in(user).get("/akun/").status_code == 200
