"""SISTIK's page of the sending domain."""

from typing import Any

import pytest

from tests.accounts.dns_server import DnsServer, dns_server
from tests.accounts.sending_domain import REVERSE
from tests.accounts.sending_domain import house as house
from tests.cache_prefix import new_cache_prefix

__all__ = ["dns_server", "house"]


@pytest.mark.django_db
def test_headquarters_looks_and_reads(house: DnsServer, officer: Any, sign_in: Any, kanim: Any):
    new_cache_prefix()
    house.zone[REVERSE, "PTR"] = []
    browser = sign_in(officer("SISTIK"))
    assert "Belum diperiksa" in browser.get("/petugas/email/domain/").text
    assert house.asked == []
    page = browser.post("/petugas/email/domain/", follow=True).text
    assert "tidak memiliki nama balik" in page
    assert "Kunci DKIM di DNS sama" in page
    assert sign_in(officer("HEAD", kanim)).get("/petugas/email/domain/").status_code == 403
