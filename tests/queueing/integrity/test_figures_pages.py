"""The public figures as pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from paspor.kernel import heads, ledger
from tests.factories import OfficeFactory, PlaceFactory
from tests.paspor.ledger import write
from tests.queueing.pages.visitors import near_hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    slot = near_hour(days=3, capacity=37)
    PlaceFactory.create_batch(4, booking__slot=slot)
    return slot.office


def test_an_office_shows_its_days_with_every_number(client, office):
    page = client.get(f"/kantor/{office.code}/angka/").content.decode()

    assert office.name in page
    assert 'data-label="Dibuka">41</td>' in page
    assert 'data-label="Dipesan">4</td>' in page
    assert "masih berubah" in page
    assert "Tempat yang dikonfirmasi untuk hari itu" in page


def test_the_page_of_an_office_leads_there(client, office):
    assert f"/kantor/{office.code}/angka/" in client.get(f"/kantor/{office.code}/").content.decode()


def test_an_office_without_quota_in_the_span_says_so(client, office):
    page = client.get(f"/kantor/{office.code}/angka/?rentang=90-hari-lalu").content.decode()
    assert "Tidak ada hari dengan kuota" in page


def test_an_unknown_office_has_no_figures(client):
    assert client.get("/kantor/tidak-ada/angka/").status_code == 404


def test_the_nation_lists_offices_with_their_sums(client, office):
    page = client.get("/angka/?rentang=7-hari-lagi").content.decode()

    assert f"/kantor/{office.code}/angka/?rentang=7-hari-lagi" in page
    assert page.count('data-label="Dibuka">41</td>') == 2  # the office, and the nation


def test_offices_without_any_figure_are_names_in_a_fold(client, office):
    quiet = OfficeFactory(name="Kantor Imigrasi Sepi")

    page = client.get("/angka/?rentang=7-hari-lagi").content.decode()

    table, fold = page.split('<details class="disclosure"')
    assert office.name in table
    assert quiet.name not in table
    assert "1 kantor tanpa kuota dan tanpa janji" in fold
    assert f"/kantor/{quiet.code}/angka/?rentang=7-hari-lagi" in fold


def test_without_a_quiet_office_nothing_is_folded(client, office):
    assert (
        "tanpa kuota dan tanpa janji"
        not in client.get("/angka/?rentang=7-hari-lagi").content.decode()
    )


@pytest.mark.parametrize("asked", ["", "?rentang=selamanya", "?rentang=&page=x"])
def test_a_span_that_is_none_is_the_usual_one(client, asked):
    page = client.get(f"/angka/{asked}").content.decode()
    assert 'rentang=30-hari-lalu" aria-current="true"' in page


def test_heads_of_the_log_stand_on_both_pages(client, office):
    write(2, office.code)
    ledger.sequence(timezone.now())
    heads.take(timezone.now())
    (day,) = heads.heads_of_days(heads.days())

    nation = client.get("/angka/").content.decode()
    own = client.get(f"/kantor/{office.code}/angka/").content.decode()

    assert day.digest in nation
    assert f"/api/v1/ledger/heads?day={day.day}" in nation
    assert day.heads[0].digest in own


def test_pages_are_in_english_too(client, office):
    client.cookies["django_language"] = "en"
    assert "Places confirmed" in client.get("/angka/").content.decode()


@pytest.mark.parametrize("offices", [1, 20])
def test_statements_do_not_grow_with_offices(client, offices):
    for _ in range(offices):
        near_hour(OfficeFactory(), days=3)
    with CaptureQueriesContext(connection) as asked:
        client.get("/angka/?rentang=7-hari-lagi")
    # Sums: offices, figures, accounts verified by both ways. The page: offices, days of heads.
    assert len(asked) == 6


def test_statements_do_not_grow_with_days(client):
    office = OfficeFactory()
    for days in range(1, 7):
        near_hour(office, days=days)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/kantor/{office.code}/angka/")
    assert len(asked) <= 5
