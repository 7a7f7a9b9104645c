"""Who is booked on the days of an announcement is mailed of it, once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message
from queueing.booking.services import announcing
from tests.factories import (
    AnnouncementFactory,
    BookingFactory,
    OfficeFactory,
    PlaceFactory,
    ReleaseFactory,
    SlotFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 7, 3, tzinfo=UTC)  # Monday, 10.00 WIB
NIGHT = datetime(2030, 1, 7, 17, tzinfo=UTC)  # 00.00 WIB of Tuesday
DAY = date(2030, 1, 12)


@pytest.fixture
def office():
    return OfficeFactory()


def booked(office, day: date = DAY, **fields: object):
    release = ReleaseFactory(office=office, first_day=day, last_day=day)
    starts_at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    slot = SlotFactory(release=release, starts_at=starts_at)
    booking = BookingFactory(slot=slot, **fields)
    PlaceFactory(booking=booking)
    return booking


def announcement(office, **fields: object):
    return AnnouncementFactory(office=office, **({"first_day": DAY, "last_day": DAY} | fields))


def test_each_account_booked_then_is_mailed_once(office, monkeypatch):
    monkeypatch.setattr(announcing, "BATCH", 1)
    english = UserFactory(language="en")
    first = booked(office, account=english)
    PlaceFactory(booking=BookingFactory(slot=first.slot, account=english))
    PlaceFactory(booking=BookingFactory(slot=first.slot))
    others = [booked(office, DAY + timedelta(days=1)), booked(OfficeFactory())]
    over = {"state": "CANCELLED", "live_person": None, "live_seat": None, "ended_at": NOW}
    cancelled = PlaceFactory(booking=BookingFactory(slot=first.slot), **over)
    row = announcement(office)
    assert [announcing.tell(NOW), announcing.tell(NOW)] == [2, 0]

    mails = Message.objects.filter(about=f"announcement:{row.code}")
    assert "Trial announcement" in mails.get(to=english.email).text
    unasked = [each.account.email for each in (*others, cancelled.booking)]
    assert not mails.filter(to__in=unasked).exists()
    row.refresh_from_db()
    assert row.mailed_at == NOW


def test_paragraphs_stay_paragraphs_in_the_mail(office):
    booked(office)
    announcement(office, text_id="Kami pindah.\n\nPintu <b>barat</b>.")
    announcing.tell(NOW)
    mail = Message.objects.get(kind="announcement")
    assert "Kami pindah.\n\nPintu <b>barat</b>." in mail.text
    assert "Kami pindah.<br><br>Pintu &lt;b&gt;barat&lt;/b&gt;." in mail.html


def test_what_is_withdrawn_or_over_is_not_mailed(office):
    booked(office)
    announcement(office, withdrawn_at=NOW)
    assert announcing.tell(NOW) == 0
    announcement(office)
    assert announcing.tell(NOW + timedelta(days=6)) == 0


def test_at_night_only_what_is_near_is_told(office):
    booked(office)
    booked(office, date(2030, 1, 9))
    announcement(office)
    near = announcement(office, first_day=date(2030, 1, 9), last_day=date(2030, 1, 9))

    assert announcing.tell(NIGHT) == 1
    assert Message.objects.get().about == f"announcement:{near.code}"
    assert announcing.tell(NIGHT + timedelta(hours=10)) == 1
