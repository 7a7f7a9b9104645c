"""A screen's address without an office: which of them, among a nation's."""

import pytest

from offices.officer_pages import MOST_AT_A_GLANCE
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db


def test_many_offices_are_folded_by_province_and_found_by_name(clock, officer, sign_in):
    for n in range(MOST_AT_A_GLANCE):
        OfficeFactory(name=f"Kantor Uji {n:02}", province=f"Uji {n % 2}")
    client = sign_in(officer("SISTIK"))
    few = client.get("/rencana/").content.decode()
    assert ('disclosure--counted" open' in few, 'name="cari"' in few) == (True, False)

    OfficeFactory(name="Kantor Uji Jauh", province="Uji Jauh")
    page = client.get("/rencana/").content.decode()
    assert 'disclosure--counted" open' not in page
    assert "6 kantor" in page
    found = client.get("/rencana/", {"cari": "jauh"}).content.decode()
    assert ("Kantor Uji Jauh" in found, "Kantor Uji 01" in found) == (True, False)
    assert 'disclosure--counted" open' in found
    assert "Tidak ada kantor dengan nama itu" in client.get("/rencana/?cari=xyz").content.decode()
