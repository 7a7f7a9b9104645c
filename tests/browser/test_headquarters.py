"""What only headquarters has in the admin: axe, nothing sideways, no error in the console."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from tests.browser.visitor import IN_TURN
from tests.factories import (
    AnnouncementFactory,
    ApplicantFactory,
    ConsentFactory,
    IdentityCheckFactory,
    IdentityClaimFactory,
    IncidentFactory,
    MailDomainFactory,
    MessageFactory,
    OfficeFactory,
    OfficerPostFactory,
    RelayFactory,
    ReportFactory,
    SlotFactory,
    SuppressionFactory,
)
from tests.offices.admin_pages import address


@pytest.fixture
def rows(portal) -> list[object]:
    applicant = ApplicantFactory(name="I Gusti Ayu Agung Istri Mirah Kencana Dewi")
    return [
        applicant,
        applicant.account,
        AnnouncementFactory(),
        ConsentFactory(),
        IdentityCheckFactory(),
        IdentityClaimFactory(),
        IncidentFactory(),
        MailDomainFactory(),
        MessageFactory(),
        RelayFactory(),
        ReportFactory(),
        SuppressionFactory(),
    ]


@pytest.mark.parametrize("first", IN_TURN)
def test_every_list_and_every_row_fits_and_keeps_its_contrast(visit, rows, first):
    visitor = visit(officer=OfficerPostFactory(office=None, role="SISTIK").user)
    paths = [reverse("admin:app_list", args=["accounts"])]
    for row in rows:
        paths += [address(row, "changelist"), address(row, "change", row.pk)]
    paths += [address(row, "add") for row in rows if may_be_added(row)]

    visitor.tour(paths, first=first)


def may_be_added(row: object) -> bool:
    model_admin = admin.site.get_model_admin(type(row))
    return bool(getattr(model_admin, "act_behind", lambda _: None)("add"))


def test_offices_are_found_and_counted_while_one_ticks(visit):
    parent = OfficeFactory(code="KANIM-SATU", name="Kantor Uji Satu", province="Uji Utara")
    OfficeFactory(
        code="ULP-DUA", kind="ULP", parent=parent, name="Unit Uji Dua", province="Uji Utara"
    )
    OfficeFactory(name="Kantor Uji Tiga", province="Uji Selatan")
    visitor = visit(officer=OfficerPostFactory(office=None, role="SISTIK").user)
    page = visitor.page
    page.goto(reverse("orders:new"))
    count = page.locator("[data-picker-count]")
    count.get_by_text("2 kantor terpilih: seluruh Indonesia").wait_for()

    page.get_by_label("Cari kantor").fill("dua")
    assert page.get_by_text("Uji Selatan", exact=True).is_hidden()
    page.get_by_label("Unit Uji Dua").check()
    count.get_by_text("1 kantor terpilih", exact=True).wait_for()
    page.get_by_label("Seluruh Uji Utara").check()
    count.get_by_text("2 kantor terpilih", exact=True).wait_for()
    visitor.check()


# How many lines each count beside a name takes.
LINES = """() => [...document.querySelectorAll(".disclosure > summary > .nums")].map(count => {
    const range = document.createRange();
    range.selectNodeContents(count);
    return new Set([...range.getClientRects()].map(line => line.top)).size;
})"""


@pytest.mark.parametrize("page_of", ["planning:start", "orders:new"])
def test_the_count_beside_a_long_province_keeps_its_line(visit, page_of):
    for province in ("Daerah Istimewa Yogyakarta", "Kepulauan Bangka Belitung Uji"):
        OfficeFactory(province=province)
    visitor = visit(officer=OfficerPostFactory(office=None, role="SISTIK").user)
    visitor.take(0)  # with reduced motion the new size would come a moment after it is measured
    page = visitor.page
    for width, size in ((360, "100%"), (320, "200%"), (1280, "100%")):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(reverse(page_of))
        page.evaluate("size => document.documentElement.style.fontSize = size", size)
        assert page.evaluate(LINES) == [1, 1]
        visitor.check()


CUT = """() => [...document.querySelectorAll("#dinding :is(a, dt, dd, p, span, h2, h3)")]
    .filter(part => getComputedStyle(part).overflowX !== "visible")
    .filter(part => !part.matches(".visually-hidden") && part.scrollWidth > part.clientWidth)
    .map(part => part.textContent)"""
ASIDE = """() => [...document.querySelectorAll("#dinding section")]
    .filter(part => part.scrollWidth > part.clientWidth).map(part => part.id)"""


def test_the_wall_cuts_no_label(visit):
    name = "Kantor Imigrasi Kelas I Khusus Non TPI Nusa Tenggara Timur Kepulauan"
    office = OfficeFactory(name=name)
    IncidentFactory(office=office, part="PRINTING")
    now = timezone.now()
    shut = {"closed_at": now, "closed_why": "Listrik padam di seluruh gedung sejak pagi. " * 4}
    SlotFactory(office=OfficeFactory(), day=office.today(now), **shut)
    visitor = visit(officer=OfficerPostFactory(office=None, role="SISTIK").user)
    page = visitor.page
    for width, height in ((360, 740), (1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/sistik/")
        assert page.get_by_role("link", name="Kanim Nusa Tenggara Timur").first.is_visible()
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        assert page.get_by_text("ditutup sejak").last.is_visible()
        assert page.evaluate(CUT) == []
        assert page.evaluate(ASIDE) == []
        visitor.check()
