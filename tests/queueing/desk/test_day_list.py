"""The day list: who gets it, what is in it, and that nobody else can read it."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Message
from accounts.services.messages import unpacked
from offices.models import OfficeKey
from offices.services import office_keys
from paspor.kernel.errors import NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.booking import tickets
from queueing.booking.models import Place
from queueing.desk import errors
from queueing.desk.models import DayList
from queueing.desk.services import day_lists
from tests.factories import (
    BookingFactory,
    OfficeFactory,
    OfficerPostFactory,
    OpeningHoursFactory,
    PlaceFactory,
    SlotFactory,
)
from tests.queueing.desk.conftest import NOW, START
from tests.queueing.desk.day_lists import PUBLIC, give_key, opened

pytestmark = pytest.mark.django_db
DAY = START.date()
EVENING = START - timedelta(hours=14)  # 18.00 WIB the day before


@pytest.fixture
def at_counter(office):
    return OfficerPostFactory(office=office).user


def make(officer, office, *, now=NOW) -> DayList:
    return day_lists.make(officer=officer, office=office, day=DAY, now=now)


def test_the_office_reads_names_codes_hours_and_no_nik(office, at_counter, place):
    give_key(office)
    header, inside = opened(make(at_counter, office))
    (hour,) = inside["hours"]
    (person,) = hour["people"]
    assert (header["office"], header["day"]) == (office.code, "2030-01-07")
    assert hour["from"] == int(START.timestamp())
    assert (person["name"], person["booking"]) == ("Sari Dewi", place.booking.code)
    assert person["nik"].endswith("0001")
    assert person["coming"] is False
    assert not person["nik"].isdecimal()


def test_what_lies_in_the_database_tells_no_name(office, at_counter, place):
    give_key(office)
    made = make(at_counter, office)
    assert "Sari" not in made.content
    assert DayList.objects.filter(content__contains=place.booking.code).count() == 0


def test_who_moved_or_cancelled_is_not_on_it(office, at_counter, place):
    give_key(office)
    fields = {"live_person": None, "live_seat": None, "ended_at": NOW}
    Place.objects.filter(pk=place.pk).update(state="CANCELLED", **fields)
    assert opened(make(at_counter, office))[1]["hours"] == []


def test_without_a_key_there_is_no_file(office, at_counter, place):
    with pytest.raises(errors.NoOfficeKey):
        make(at_counter, office)


def test_an_officer_of_another_office_gets_none(office, place):
    give_key(office)
    stranger = OfficerPostFactory(role="HEAD").user
    with pytest.raises(NotAllowed):
        make(stranger, office)


@pytest.mark.parametrize("days", [-1, 8])
def test_days_that_are_over_or_far_ahead_have_none(office, at_counter, days):
    give_key(office)
    with pytest.raises(errors.NotADayForList):
        make(at_counter, office, now=NOW - timedelta(days=days))


def test_making_and_reading_are_logged(office, at_counter, place):
    give_key(office)
    make(at_counter, office)
    day_lists.record_reading(officer=at_counter, office=office, day=DAY, now=NOW)
    told = AuditEvent.objects.filter(stream=office.code).order_by("id")
    assert [(event.act, event.actor_id, event.detail["people"]) for event in told] == [
        ("day_list.made", at_counter.pk, 1),
        ("day_list.read", at_counter.pk, 1),
    ]


def test_in_the_evening_it_is_made_once_and_sent(office, at_counter, place):
    give_key(office)
    assert [day_lists.make_due(now=EVENING) for _ in range(2)] == [1, 0]
    (letter,) = Message.objects.filter(kind="day_list")
    assert letter.to == at_counter.email
    (file,) = unpacked(letter)
    assert file.content.decode() == DayList.objects.get().content
    assert "Sari" not in letter.text + letter.html


def test_an_office_with_a_mailbox_gets_it_there(office, at_counter, place):
    office.email = "kantor@contoh.test"
    office.save()
    give_key(office)
    day_lists.make_due(now=EVENING)
    assert Message.objects.get(kind="day_list").to == "kantor@contoh.test"


def test_at_noon_it_is_not_evening_yet(office, place):
    give_key(office)
    assert day_lists.make_due(now=EVENING - timedelta(hours=6)) == 0


def test_an_evening_that_was_missed_is_made_up_for_before_the_first_hour(office, place):
    give_key(office)
    assert day_lists.make_due(now=START) == 0
    assert day_lists.make_due(now=START - timedelta(hours=2)) == 1
    assert DayList.objects.get().day == DAY


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Jakarta", 10), ("Asia/Makassar", 9), ("Asia/Jayapura", 8)]
)
def test_it_is_evening_by_the_offices_own_clock(zone, hour):
    """17.00 in each of the three zones, by the hour in UTC."""
    east = OfficeFactory(timezone=zone)
    give_key(east)
    starts_at = datetime(2030, 1, 6, hour, tzinfo=UTC) + timedelta(hours=15)  # 08.00 there
    PlaceFactory(
        booking=BookingFactory(slot=SlotFactory(release__office=east, starts_at=starts_at))
    )
    evening = datetime(2030, 1, 6, hour, tzinfo=UTC)
    assert day_lists.make_due(now=evening - timedelta(minutes=1)) == 0
    assert day_lists.make_due(now=evening) == 1


def test_where_nobody_comes_tomorrow_nothing_is_sent(office, slot):
    give_key(office)
    assert day_lists.make_due(now=EVENING) == 0


def test_old_files_are_emptied(office, at_counter, place):
    give_key(office)
    make(at_counter, office)
    assert day_lists.forget_old(now=NOW + timedelta(days=14)) == 0
    assert day_lists.forget_old(now=NOW + timedelta(days=15)) == 1


def test_a_head_sets_the_key_and_it_is_logged(office):
    head = OfficerPostFactory(office=office, role="HEAD").user
    for _ in range(2):
        office_keys.set_key(officer=head, office=office, public=PUBLIC, now=NOW)
    key = OfficeKey.objects.get()
    event = AuditEvent.objects.get(act="office_key")
    assert (key.public, event.actor_id) == (PUBLIC, head.pk)
    assert event.detail == {"key": key.fingerprint, "before": ""}


@pytest.mark.parametrize("role", ["COUNTER", "PLANNER"])
def test_nobody_else_of_the_office_may(office, role):
    officer = OfficerPostFactory(office=office, role=role).user
    with pytest.raises(NotAllowed):
        office_keys.set_key(officer=officer, office=office, public=PUBLIC, now=NOW)


def at(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=["KANIM-LOKET", *args])


def test_the_counter_makes_fetches_and_prints(counter, office, place):
    give_key(office)
    page = counter.post(at("day-list-make"), {"day": DAY}, follow=True).content.decode()
    made = DayList.objects.get()
    assert at("day-list-file", made.code) in page
    assert counter.get(at("day-list-file", made.code)).content.decode() == made.content
    text = counter.get(at("day-list-print", DAY)).content.decode()
    assert "Sari Dewi" in text
    assert AuditEvent.objects.filter(act="day_list.read").count() == 1


def test_the_next_day_of_service_is_offered_for_print(counter, office):
    give_key(office)
    thursday = DAY + timedelta(days=3)  # after a Monday
    OpeningHoursFactory(office=office, weekday=thursday.weekday())

    page = counter.get(at("day-list")).content.decode()

    offered = [
        day for n in range(8) if at("day-list-print", day := DAY + timedelta(days=n)) in page
    ]
    assert offered == [DAY, thursday]
    assert f'value="{thursday}"' in page


def test_another_offices_file_is_not_found(stranger, office, at_counter, place):
    give_key(office)
    made = make(at_counter, office)
    for path in (at("day-list"), at("day-list-file", made.code), at("day-list-print", DAY)):
        assert stranger.get(path).status_code == 404
    own = reverse("desk:day-list-file", args=["KANIM-ASING", made.code])
    assert stranger.get(own).status_code == 404


def test_the_key_page_is_the_heads(counter, officer, office, sign_in):
    assert counter.get(at("day-list-key")).status_code == 404
    head = sign_in(officer("HEAD", office))
    assert head.post(at("day-list-key"), {"public": "bukan"}).status_code == 422
    assert head.post(at("day-list-key"), {"public": PUBLIC}).status_code == 302
    assert OfficeKey.objects.get().office == office


def test_a_visit_of_today_that_ended_still_shows_on_the_print(counter, office, slot):
    PlaceFactory(booking=BookingFactory(slot=slot), applicant__name="Budi")
    OfficeFactory()
    assert "Budi" in counter.get(at("day-list-print", DAY)).content.decode()


def test_the_page_for_the_laptop_fetches_nothing(counter, office):
    answer = counter.get(at("day-list-offline"))
    text = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert "default-src 'none'" in unescape(text)
    assert [found for found in ("@import", "url(", "<link", " src=") if found in text] == []
    assert all(key in text for key in tickets.public_keys().values())
