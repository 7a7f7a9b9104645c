"""SISTIK's word on mail domains, in the admin."""

from typing import Any

import pytest

from accounts.models import MailDomain
from paspor.kernel.models import AuditEvent
from tests.factories import MailDomainFactory, OfficeFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/accounts/maildomain/"
SAID = {"domain": "Buang.example", "verdict": "BLOCKED", "reason": "Aduan warga"}


def test_sistik_decides_and_nobody_else(officer: Any, sign_in: Any) -> None:
    assert sign_in(officer("HEAD", OfficeFactory())).post(f"{PAGE}add/", SAID).status_code == 403
    assert sign_in(officer("SISTIK")).post(f"{PAGE}add/", SAID).status_code == 302

    row = MailDomain.objects.get()
    assert (row.domain, row.source, row.reason) == ("buang.example", "OFFICER", "Aduan warga")
    assert AuditEvent.objects.filter(act="decide_mail_domain").count() == 1


def test_domain_of_the_list_is_excepted_in_its_own_row(officer: Any, sign_in: Any) -> None:
    row = MailDomainFactory()
    said = {"verdict": "ALLOWED", "reason": "Penyedia sungguhan"}

    assert sign_in(officer("SISTIK")).post(f"{PAGE}{row.pk}/change/", said).status_code == 302

    row.refresh_from_db()
    assert (row.source, row.verdict) == ("OFFICER", "ALLOWED")


@pytest.mark.parametrize("wrong", [{"domain": "bukan domain"}, {"reason": ""}])
def test_what_is_wrong_is_said_at_the_field(officer: Any, sign_in: Any, wrong: Any) -> None:
    page = sign_in(officer("SISTIK")).post(f"{PAGE}add/", SAID | wrong)

    assert page.status_code == 200
    assert page.context["errors"]
    assert not MailDomain.objects.exists()
