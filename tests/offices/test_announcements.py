"""An office tells its people beforehand, in both languages, until the last day is over."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from offices.errors import AnnouncementInvalid, AnnouncementOver
from offices.models import Announcement
from offices.services import announcements
from offices.services.announcements import AnnouncementWish
from offices.services.incidents import Texts
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from tests.factories import AnnouncementFactory, OfficeFactory
from tests.offices.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 28)
BOTH = Texts("Sabtu buka", "Open on Saturday")


def announce(officer, office, **changes: object) -> Announcement:
    wish = {"kind": "EXTRA_DAY", "texts": BOTH, "first_day": DAY, "last_day": DAY} | changes
    return announcements.announce(
        officer=officer, wish=AnnouncementWish(office=office, **wish), now=NOW
    )


def test_the_planner_of_the_office_announces_and_withdraws_once(officer, kanim, ulp):
    planner = officer("PLANNER", kanim)
    row = announce(planner, ulp)
    for role in ("COUNTER", "PLANNER"):
        stranger = officer(role, ulp if role == "COUNTER" else OfficeFactory())
        with pytest.raises(NotAllowed):
            announcements.withdraw(officer=stranger, announcement=row, now=NOW)
        with pytest.raises(NotAllowed):
            announce(stranger, ulp)
    announcements.withdraw(officer=planner, announcement=row, now=NOW)
    with pytest.raises(AnnouncementOver):
        announcements.withdraw(officer=planner, announcement=row, now=NOW)

    acts = AuditEvent.objects.filter(stream=ulp.code).order_by("at", "id")
    assert list(acts.values_list("act", flat=True)) == ["announce", "withdraw_announcement"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("text_en", {"texts": Texts("Tutup", " ")}),
        ("text_id", {"texts": Texts("x" * 501, "Closed")}),
        ("last_day", {"last_day": DAY - timedelta(days=1)}),
        ("last_day", {"last_day": DAY + timedelta(days=31)}),
        ("last_day", {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 22)}),
    ],
)
def test_what_is_missing_or_over_is_refused(officer, kanim, field, changes):
    with pytest.raises(AnnouncementInvalid) as refusal:
        announce(officer("HEAD", kanim), kanim, **changes)
    assert list(refusal.value.fields) == [field]


def test_the_admin_announces_and_changes_nothing_afterwards(officer, sign_in, kanim):
    client = sign_in(officer("PLANNER", kanim))
    page = "/admin/offices/announcement/"
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    typed = {"office": kanim.pk, "kind": "MALL_DAY", "text_id": "Di mal", "text_en": "In the mall"}
    client.post(f"{page}add/", typed | {"first_day": day, "last_day": day})
    row = Announcement.objects.get()
    changed = client.post(f"{page}{row.pk}/change/", typed | {"text_id": "Lain"})
    client.post(page, {"_selected_action": [row.pk], "action": "withdraw"})
    row.refresh_from_db()

    assert (changed.status_code, row.text_id, bool(row.withdrawn_at)) == (403, "Di mal", True)
    assert sign_in(officer("COUNTER", kanim)).get(f"{page}add/").status_code == 403


def test_it_is_written_and_shown_in_paragraphs_of_plain_text(officer, sign_in, kanim):
    client = sign_in(officer("PLANNER", kanim))
    door = "/admin/offices/announcement/add/"
    assert client.get(door).text.count("<textarea") == 2
    today = kanim.today(timezone.now())
    typed = {"office": kanim.pk, "kind": "OTHER", "first_day": today, "last_day": today}
    # As a browser sends it: two characters for each end of a line, counted as one.
    long = "Kami pindah.\r\n\r\nPintu <b>barat</b>.\r\n" + "x" * 466
    too_long = client.post(door, typed | {"text_id": long + "x", "text_en": "We move"})
    assert "500" in too_long.text
    assert not Announcement.objects.exists()

    client.post(door, typed | {"text_id": long, "text_en": "We move"})

    assert len(Announcement.objects.get().text_id) == 500
    page = Client().get(f"/kantor/{kanim.code}/").text
    assert "<p>Kami pindah.</p>\n\n<p>Pintu &lt;b&gt;barat&lt;/b&gt;.<br>x" in page


def test_page_and_api_tell_it_until_its_end(client: Client, kanim):
    today = kanim.today(timezone.now())
    days = {"first_day": today, "last_day": today}
    AnnouncementFactory(office=kanim, text_id="Hari ini tutup", text_en="Closed today", **days)
    AnnouncementFactory(office=kanim, text_id="Ditarik", withdrawn_at=timezone.now(), **days)
    AnnouncementFactory(text_id="Kantor lain", **days)
    yesterday = today - timedelta(days=1)
    AnnouncementFactory(office=kanim, text_id="Kemarin", first_day=yesterday, last_day=yesterday)
    page = client.get(f"/kantor/{kanim.code}/").content.decode()
    english = client.get(f"/api/v1/offices/{kanim.code}", headers={"Accept-Language": "en"})

    assert "Hari ini tutup" in page
    assert not {"Ditarik", "Kantor lain", "Kemarin"} & set(page.split())
    assert "Kantor lain" not in page
    told = english.json()["announcements"]
    assert [each["text"] for each in told] == ["Closed today"]
