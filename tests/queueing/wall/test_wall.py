"""What the wall tells, to whom, and at which price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices import selectors
from offices.models import Office, Report
from offices.services import incidents
from paspor.kernel import sharing
from queueing.planning.models import OrderOffice
from queueing.wall import snapshot
from queueing.wall.rules import Standing
from tests.cache_prefix import new_cache_prefix
from tests.factories import (
    AppealFactory,
    ApprovalFactory,
    CaseFactory,
    ClusterFactory,
    IncidentFactory,
    NationalOrderFactory,
    OfficeFactory,
    ReportFactory,
    SlotFactory,
)

pytestmark = pytest.mark.django_db
PAGE, PART = "/sistik/", "/sistik/bagian/"


@pytest.fixture
def trouble(kanim):
    now = timezone.now()
    IncidentFactory(office=None, part="MAIL", started_at=now - timedelta(hours=3))
    late = OfficeFactory(name="Kantor Uji Terlambat")
    ReportFactory(office=late, state="OFFICE", late_at=now, was_late=True)
    ReportFactory(office=kanim, state="SISTIK", escalated_at=now)
    AppealFactory(due_at=now - timedelta(minutes=1))
    ApprovalFactory(office=kanim)
    CaseFactory()
    ClusterFactory(seats_held=1234)
    return late


def test_headquarters_alone_sees_it(officer, sign_in, kanim, client):
    assert "login" in client.get(PAGE).headers["Location"]
    head = sign_in(officer("HEAD", kanim))
    assert [head.get(path).status_code for path in (PAGE, PART)] == [403, 403]
    sistik = officer("SISTIK")
    assert [sign_in(sistik).get(path).status_code for path in (PAGE, PART)] == [200, 200]


def test_a_session_that_is_over_is_told_and_leads_nowhere(officer, sign_in, client):
    """The part that asks for itself must not become a page to sign in by."""
    assert client.get(PART).status_code == 403
    alone = sign_in(officer("SISTIK"), second_factor=False)
    answer = alone.get(PART)
    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_says_until_when_its_session_lasts(officer, sign_in):
    page = sign_in(officer("SISTIK")).get(PAGE)
    ends = page.context["ends"]
    assert ends
    assert f"Sesi ini berlaku sampai {ends}; setelah itu masuk lagi." in page.text


def test_it_tells_what_waits_and_what_is_broken(officer, sign_in, trouble):
    page = sign_in(officer("SISTIK")).get(PAGE)
    tiles = {tile.title: tile for tile in page.context["tiles"]}

    assert tiles["Gangguan"].value == "1"
    assert "seluruh Indonesia" in tiles["Gangguan"].lines[0].term
    assert tiles["Gangguan"].lines[0].text == "3 jam"
    reports = tiles["Laporan kendala"]
    assert reports.value == "2"
    lines = {line.term: line.text for line in reports.lines}
    assert lines["Ditangani kanim"] == "1, 1 lewat batas"
    assert lines["Diteruskan ke SISTIK"] == "1"
    assert tiles["Keberatan"].lines[0].text == "1"
    assert tiles["Persetujuan"].value == "1"
    assert tiles["Dugaan penimbunan"].lines[0].text == "1.234"
    assert {tile.title for tile in tiles.values() if tile.status and tile.status.tone == "error"}
    assert trouble.name in [each.site.name for each in page.context["worries"]]


def test_a_clearing_deadline_tells_who_waits_beyond_it(officer, sign_in, kanim):
    sistik = officer("SISTIK")
    order = NationalOrderFactory(kind="DEADLINE", amount=2, prepared_by=sistik)
    for waiting in (1200, 34):
        OrderOffice.objects.create(order=order, office=OfficeFactory(), waiting=waiting)
    page = sign_in(sistik).get(PAGE)
    (tile,) = (tile for tile in page.context["tiles"] if tile.title == "Perintah nasional")
    assert (tile.value, tile.href) == ("1.234", "/sistik/perintah/")
    assert "masih menunggu sesudah tenggat" in tile.unit
    assert tile.lines[0].text == "0 dari 2"


def test_saturdays_that_are_being_opened_tell_how_far_they_are(officer, sign_in, kanim):
    sistik = officer("SISTIK")
    order = NationalOrderFactory(kind="SATURDAY", amount=100, prepared_by=sistik)
    OrderOffice.objects.create(order=order, office=kanim, outcome="DONE", done_at=order.prepared_at)
    OrderOffice.objects.create(order=order, office=OfficeFactory())
    page = sign_in(sistik).get(PAGE)
    (tile,) = (tile for tile in page.context["tiles"] if tile.title == "Perintah nasional")
    assert tile.lines[0].term.startswith("Layanan Sabtu, s.d. ")
    assert tile.lines[0].text == "1 dari 2"


def test_nothing_of_an_incident_stands_where_it_is_not_renewed(officer, sign_in):
    IncidentFactory(office=None, text_id="Surat terlambat")
    incidents.tell_pages()
    browser = sign_in(officer("SISTIK"))
    assert "Surat terlambat" in browser.get("/petugas/email/").text
    assert "Surat terlambat" not in browser.get(PAGE).text


def test_a_tile_leads_to_a_screen_that_its_reader_may_open(officer, sign_in):
    browser = sign_in(officer("SISTIK"))
    ways = {tile.href for tile in browser.get(PAGE).context["tiles"]}
    assert len(ways) >= 9
    assert {way: browser.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)


def test_an_office_is_told_by_its_own_clock_and_its_worst(kanim):
    now = timezone.now()
    SlotFactory(office=kanim, day=kanim.today(now))
    closed = OfficeFactory()
    before = now - timedelta(days=2)
    SlotFactory(office=closed, day=closed.today(now), closed_at=before, closed_why="banjir")
    troubled = OfficeFactory()
    IncidentFactory(office=troubled, part="BOOKING")

    sites = {site.code: site.standing for site in snapshot.take(now).sites}
    assert sites[kanim.code] == Standing.SERVING
    assert sites[closed.code] == Standing.CLOSED
    assert sites[troubled.code] == Standing.TROUBLE


def test_a_province_tells_of_its_offices_while_it_is_folded(officer, sign_in, trouble, kanim):
    IncidentFactory(office=kanim)

    page = " ".join(sign_in(officer("SISTIK")).get(PAGE).text.split())

    assert '<details class="nation__province" id="p-dki-jakarta"> <summary' in page
    province = page.partition('id="p-dki-jakarta"')[2].partition("</summary>")[0]
    assert f"{Office.objects.count()} kantor" in province
    assert "1 ada gangguan" in province
    assert "1 laporan lewat batas" in province


def test_an_office_that_closes_during_the_day_needs_somebody(officer, sign_in, kanim):
    now = timezone.now()
    today = kanim.today(now)
    SlotFactory(office=kanim, day=today, starts_at=now - timedelta(hours=1), ends_at=now)
    SlotFactory(office=kanim, day=today, closed_at=now, closed_why="Listrik padam")

    page = sign_in(officer("SISTIK")).get(PAGE)

    (each,) = page.context["worries"]
    assert (each.site.code, each.site.standing) == (kanim.code, Standing.STOPPED)
    assert str(each.status.label).startswith("ditutup sejak ")
    assert str(each.status.label).endswith(": Listrik padam")


def test_a_long_sentence_about_closed_hours_is_shortened(officer, sign_in, kanim):
    now = timezone.now()
    why = "Listrik padam sejak pagi di seluruh gedung, dan genset belum menyala. " * 2
    SlotFactory(office=kanim, day=kanim.today(now), closed_at=now, closed_why=why.strip())

    page = sign_in(officer("SISTIK")).get(PAGE)

    (each,) = page.context["worries"]
    assert str(each.status.label).endswith("genset belum menyala. Listrik padam sejak…")


def test_an_office_that_closes_its_afternoon_serves_until_then(officer, sign_in, kanim):
    now = timezone.now()
    today, noon = kanim.today(now), now + timedelta(minutes=30)
    SlotFactory(office=kanim, day=today, starts_at=now - timedelta(minutes=30), ends_at=noon)
    shut = {"closed_at": now, "closed_why": "Listrik padam"}
    SlotFactory(office=kanim, day=today, starts_at=noon, **shut)

    page = sign_in(officer("SISTIK")).get(PAGE)

    (each,) = page.context["worries"]
    assert (each.site.code, each.site.standing) == (kanim.code, Standing.PARTLY)
    clock = f"{noon.astimezone(kanim.zone):%H.%M}"
    assert each.status.label == f"sebagian ditutup, mulai {clock}: Listrik padam"
    counted = {standing: count for standing, _tone, count in page.context["legend"]}
    assert (counted[Standing.PARTLY], counted[Standing.SERVING]) == (1, 1)
    assert counted[Standing.STOPPED] == 0


def test_the_page_needs_no_script(officer, sign_in, trouble):
    page = sign_in(officer("SISTIK")).get(PAGE).text
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    assert "Muat ulang" in page
    assert page.count(trouble.name) >= 2  # beside the map and in the list, not on it alone


def queries_of_a_snapshot() -> int:
    new_cache_prefix()
    with CaptureQueriesContext(connection) as asked:
        snapshot.take(timezone.now())
    return len(asked)


def test_a_snapshot_asks_as_much_of_many_offices_as_of_one(kanim):
    SlotFactory(office=kanim)
    queries_of_a_snapshot()  # what the process keeps, it has read
    few = queries_of_a_snapshot()
    for number in range(3):
        office = OfficeFactory()
        SlotFactory(office=office)
        ReportFactory(office=office, state=Report.State.RECEIVED)
        IncidentFactory(office=office, part="BOOKING")
        AppealFactory(due_at=timezone.now() + timedelta(days=number))
    assert queries_of_a_snapshot() == few
    assert few < 45


def test_one_snapshot_serves_all_who_look(officer, sign_in, kanim):
    first, second = (sign_in(officer("SISTIK")) for _ in range(2))
    first.get(PART)
    sharing.forget()  # another process of the portal
    with CaptureQueriesContext(connection) as asked:
        assert second.get(PART).status_code == 200
    told = " ".join(query["sql"] for query in asked)
    assert "offices_report" not in told
    assert "queueing_seat" not in told


def test_what_has_not_changed_is_not_sent_again(officer, sign_in, kanim):
    browser = sign_in(officer("SISTIK"))
    first = browser.get(PART)
    again = browser.get(PART, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert not again.content
    # How old the numbers are is told all the same, and by which files they are shown.
    assert int(again.headers["Paspor-Age"]) >= 0
    assert again.headers["Paspor-Page"] == browser.get(PAGE).context["made_of"]

    IncidentFactory(office=kanim, part="BOOKING")
    new_cache_prefix()
    changed = browser.get(PART, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert kanim.name in changed.text


def test_offices_are_known_from_the_directory(kanim):
    assert [site.code for site in snapshot.take(timezone.now()).sites] == [
        office.code for office in selectors.directory().offices
    ]
    assert reverse("wall") == PAGE
