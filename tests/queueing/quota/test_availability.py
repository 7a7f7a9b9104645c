"""What is free, read through a picture two seconds old at most."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from threading import Lock, get_ident
from time import monotonic
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import translation

from offices.models import Holiday, Office, SpecialDay
from offices.reasons import Why
from paspor.kernel import sharing
from queueing.quota import errors, rules, selectors, snapshots
from queueing.quota.models import Channel, Release, Seat, Slot
from queueing.quota.nearest import FirstRooms, first_rooms
from queueing.quota.search import Answer, Point, Sort, Sought, answer
from queueing.quota.selectors import Availability, Day, Question
from queueing.quota.services import closing, releases
from tests.at_once import at_once
from tests.cache_prefix import new_cache_prefix
from tests.databases import owner_connection
from tests.factories import LONG_AGO, ApplicantFactory, OfficeFactory
from tests.fake_cache import FakeCache
from tests.live import PATIENCE, wait_until
from tests.queueing.quota.conftest import MONDAY, NOW, book, make_office, officer_of, prepared


@pytest.fixture(autouse=True)
def _fresh() -> None:
    sharing.forget()


def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of what is shared, which goes on when its one number is raised."""
    clock = [monotonic()]
    monkeypatch.setattr(sharing, "monotonic", lambda: clock[0])
    return clock


def look(office: Office, days: int = 1, now: datetime = NOW, **asked: object) -> Availability:
    """What is free from MONDAY on, past every copy."""
    sharing.forget()
    new_cache_prefix()
    question = Question(MONDAY, MONDAY + timedelta(days=days - 1), **asked)
    return selectors.availability(office, question, now)


def look_at(office: Office, **asked: object) -> Day:
    return look(office, **asked).days[0]


def test_an_open_day_lists_its_hours_with_free_seats(office: Office) -> None:
    prepared(office)
    slot = Slot.objects.earliest("starts_at")
    book(slot.pk, [ApplicantFactory()], code="SATU")

    day = look_at(office)

    assert (day.day, day.state, day.why) == (MONDAY, "open", "")
    assert [(hour.slot_code == slot.code, hour.free) for hour in day.hours] == [
        (True, 15),
        (False, 16),
    ]
    assert day.hours[0].starts_at == datetime(2029, 12, 10, 1, tzinfo=UTC)


def test_each_channel_is_counted_by_itself(office: Office) -> None:
    prepared(office)

    free = [hour.free for hour in look_at(office, channel=Channel.PRIORITY).hours]

    assert free == [3, 3]


def test_seats_that_are_taken_or_hidden_are_not_free(office: Office) -> None:
    prepared(office)
    first, second = Slot.objects.order_by("starts_at")
    first.seats.update(taken=True)
    second.seats.update(visible_at=datetime(2999, 1, 1, tzinfo=UTC))

    day = look_at(office)

    assert (day.state, day.why_code) == ("full", "all_taken")
    assert day.why == "Semua tempat pada hari itu sudah terisi."


def test_a_day_with_too_few_seats_together_is_full_for_a_family(office: Office) -> None:
    prepared(office)
    for slot in Slot.objects.all():
        slot.seats.filter(number__gt=2).update(taken=True)

    assert look_at(office, people=2).state == "open"
    family = look_at(office, people=3)
    assert (family.state, family.why_code) == ("two_hours", "too_few_together")
    assert "3 orang" in family.why
    assert look_at(office, people=5).state == look_at(office, people=3, pairs=False).state == "full"


def test_every_reason_for_a_closed_day_is_told(office: Office) -> None:
    prepared(office, days=2)
    closing.withdraw_day(
        office=office,
        day=MONDAY,
        why=Why("utilities", "Listrik padam"),
        officer=officer_of(office),
        now=NOW,
    )
    friday = MONDAY + timedelta(days=4)
    SpecialDay.objects.create(office=office, day=friday, kind="CLOSURE", reason="Apel")
    thursday = MONDAY + timedelta(days=3)
    Holiday.objects.create(day=thursday, name="Natal", state="CONFIRMED", decided_at=NOW)

    days = look(office, days=6).days

    assert [(day.state.value, day.why) for day in days] == [
        ("closed", "Kantor tutup: Listrik padam"),
        ("open", ""),
        ("not_open", "Kuota hari itu belum dibuka."),
        ("closed", "Hari libur: Natal."),
        ("closed", "Kantor tutup: Apel"),
        ("closed", "Kantor tidak melayani pada hari itu."),
    ]


@pytest.mark.parametrize(
    ("day", "name", "told"),
    [
        (date(2030, 1, 1), "Tahun Baru Masehi", "Public holiday: New Year's Day."),
        # One of an officer's own: nobody knows it in English.
        (date(2030, 1, 8), "Hari Jadi Kota Uji", "Public holiday: Hari Jadi Kota Uji."),
    ],
)
def test_a_holiday_has_its_english_name(office: Office, day: date, name: str, told: str) -> None:
    Holiday.objects.create(day=day, name=name, state="CONFIRMED", decided_at=NOW)
    with translation.override("en"):
        found = {one.day: one.why for one in look(office, days=30).days}
    assert found[day] == told


def test_a_day_that_its_calendar_took_away_says_no_more_than_that(office: Office) -> None:
    prepared(office)
    Slot.objects.update(closed_at=NOW, closed_why=rules.DAY_GONE)
    assert look(office, days=1).days[0].why == "Kantor tidak melayani pada hari itu."


def test_a_day_not_yet_open_says_when_it_opens(office: Office) -> None:
    opens_at = datetime(2029, 12, 7, 7, tzinfo=UTC)
    prepared(office, opens_at=opens_at)

    days = look(office, days=60).days

    assert (days[0].state, days[0].opens_at) == ("not_open", opens_at)
    assert days[1].opens_at == opens_at  # this Friday reaches it, by the weekly rhythm
    assert days[58].day == date(2030, 2, 6)
    assert days[58].opens_at == datetime(2030, 1, 11, 7, tzinfo=UTC)


def test_what_is_promised_is_what_is_planned(office: Office) -> None:
    promised = look(office, days=40).days[39].opens_at
    now = NOW
    while not Release.objects.filter(last_day__gte=MONDAY + timedelta(days=39)).exists():
        releases.plan_due(now)
        now += timedelta(days=7)

    assert Release.objects.latest("last_day").opens_at == promised


def test_what_an_office_does_not_offer_is_not_called_full(office: Office) -> None:
    prepared(office)

    passport = look_at(office, passport_type="POLYCARBONATE")
    channel = look_at(office, channel=Channel.SAME_DAY)

    assert (passport.state, passport.why_code) == ("not_offered", "passport_type")
    assert (channel.state, channel.why_code) == ("not_offered", "channel")


@pytest.mark.parametrize(
    ("minutes_before", "states"), [(61, ["open"]), (60, ["open"]), (0, ["closed"])]
)
def test_hours_within_the_cutoff_are_not_offered(
    office: Office, minutes_before: int, states: list[str]
) -> None:
    """Hours begin at 8 and 9; booking ends 60 minutes before."""
    prepared(office)
    first = Slot.objects.earliest("starts_at")

    found = look(office, now=first.starts_at - timedelta(minutes=minutes_before))

    assert [day.state for day in found.days] == states
    assert len(found.days[0].hours) == {61: 2, 60: 1, 0: 0}[minutes_before]


def test_today_follows_the_clock_of_the_office(db: None) -> None:
    """At 22.30 UTC it is Monday in Jakarta and in Jayapura; at 15.30 UTC in Jayapura only."""
    jakarta, jayapura = make_office(), make_office("Asia/Jayapura")
    prepared(jakarta)
    prepared(jayapura)
    late_sunday = datetime(2029, 12, 9, 15, 30, tzinfo=UTC)

    assert rules.window(jakarta.today(late_sunday))[0] == MONDAY - timedelta(days=1)
    assert rules.window(jayapura.today(late_sunday))[0] == MONDAY
    sunday = MONDAY - timedelta(days=1)
    with pytest.raises(errors.DayPast):
        selectors.availability(jayapura, Question(sunday, sunday), late_sunday)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (0, -1, errors.DaysOutOfOrder),
        (0, 62, errors.TooManyDays),
        (-8, 0, errors.DayPast),
        (80, 95, errors.DayTooFar),
    ],
)
def test_impossible_spans_are_refused(
    office: Office, first: int, last: int, refusal: type[Exception]
) -> None:
    question = Question(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))

    with pytest.raises(refusal):
        selectors.availability(office, question, NOW)


def test_reasons_speak_the_readers_language(office: Office) -> None:
    with translation.override("id"):
        assert look_at(office).why == "Kuota hari itu belum dibuka."


def test_a_question_costs_few_queries_and_the_next_none(
    office: Office, django_assert_num_queries: object, django_assert_max_num_queries: object
) -> None:
    prepared(office, days=30)
    question = Question(MONDAY, MONDAY + timedelta(days=29))

    with django_assert_max_num_queries(6):  # calendar 3, releases 1, picture 1, policy 1
        selectors.availability(office, question, NOW)
    with django_assert_num_queries(0):
        selectors.availability(office, Question(MONDAY, MONDAY, people=5), NOW)


def test_a_new_calendar_does_not_hold_up_the_counting(
    office: Office, django_assert_num_queries: object
) -> None:
    prepared(office, days=30)
    snapshots.take(office, NOW)

    with django_assert_num_queries(1):
        snapshots.take(office, NOW)


def test_nobody_sees_a_picture_older_than_two_seconds(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes: one reads all the time, the other now and then what that one left."""
    time, take = FakeCache(monkeypatch), snapshots.take
    taken_at: dict[int, float] = {}
    pictures = []

    def noted(office: Office, now: datetime) -> snapshots.Picture:
        # The database's clock goes on too, as it does not within a test.
        at = LONG_AGO + timedelta(seconds=time.now)
        pictures.append(replace(take(office, now), as_of=at))
        taken_at[id(pictures[-1])] = time.now
        return pictures[-1]

    monkeypatch.setattr(snapshots, "take", noted)
    steady, seldom = sharing.Copies[Any](), sharing.Copies[Any]()
    draw, ages = Random(2), []
    for step in range(600):
        if step > 300:  # a third process that takes a picture and never comes back with it
            time.set(f"quota:picture:{snapshots.LAYOUT}:{office.pk}:{office.today(NOW)}:taking", 1)
        for copies in [steady, seldom] if draw.random() < 0.3 else [steady]:
            monkeypatch.setattr(sharing, "_copies", copies)
            picture = snapshots.current_picture(office, NOW)
            ages.append(time.now - taken_at[id(picture)])
        time.now += 0.1

    assert 1 < max(ages) < 2.05


def test_a_shared_picture_lapses_in_the_cache_by_itself(office: Office) -> None:
    prepared(office)

    snapshots.current_picture(office, NOW)

    key = f"quota:picture:{snapshots.LAYOUT}:{office.pk}:{office.today(NOW)}"
    server = caches["default"]._cache.get_client()
    assert 0 < server.pttl(caches["default"].make_key(key)) <= 1000


def test_a_picture_says_when_it_was_taken(office: Office) -> None:
    prepared(office)
    question = Question(MONDAY, MONDAY)

    first = selectors.availability(office, question, NOW).as_of
    second = selectors.availability(office, question, NOW).as_of

    assert first == second > LONG_AGO


class Crowd:
    """Many readers at once: whoever takes a picture does so when all have come for one.

    Nothing that is shared lapses meanwhile, however long a busy machine takes.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.pictures: list[snapshots.Picture] = []
        self._come: set[int] = set()
        self._take, self._many = snapshots.take, 0
        patch.setattr(snapshots, "take", self._taken_late)
        patch.setattr(snapshots, "shared", self._shared)
        for patience in ("PATIENCE_SECONDS", "WAIT_SECONDS", "LOCK_SECONDS"):
            patch.setattr(sharing, patience, PATIENCE)

    def ask(self, office: Office, many: int) -> None:
        self._many = many
        question = Question(MONDAY, MONDAY)
        answers = at_once([lambda: selectors.availability(office, question, NOW)] * many)
        assert {answer.days[0].state for answer in answers} == {"open"}

    def _shared(self, key: str, make: Callable[[], Any], **how: Any) -> Any:
        self._come.add(get_ident())
        return sharing.shared(key, make, sharing.Age(PATIENCE, PATIENCE, PATIENCE), **how)

    def _taken_late(self, office: Office, now: datetime) -> snapshots.Picture:
        wait_until(lambda: len(self._come) == self._many, what="all have come")
        self.pictures.append(self._take(office, now))
        return self.pictures[-1]


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    return Crowd(monkeypatch)


def test_a_crowd_takes_one_picture(committed_db: str, crowd: Crowd) -> None:
    office = make_office()
    prepared(office)

    crowd.ask(office, 30)

    assert len(crowd.pictures) == 1


def test_a_crowd_of_processes_takes_one_picture(
    committed_db: str, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each caller with copies of its own, as in as many processes: the cache holds the lock."""
    office = make_office()
    prepared(office)
    monkeypatch.setattr(sharing, "_copies", _Separate())

    crowd.ask(office, 12)

    assert len(crowd.pictures) == 1


def test_at_expiry_one_reader_asks_and_nobody_waits_for_it(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty real threads; the database is held up, so the asking one hangs meanwhile."""
    office = make_office()
    prepared(office)
    question = Question(MONDAY, MONDAY)
    clock = stopped_clock(monkeypatch)
    selectors.availability(office, question, NOW)
    # Over in the cache, and still young enough in this process.
    clock[0] += (sharing.LIVELY.look + sharing.LIVELY.copy) / 2
    caches["default"].delete(f"quota:picture:{snapshots.LAYOUT}:{office.pk}:{office.today(NOW)}")
    asked: list[str] = []
    answered: list[Availability] = []

    def count(execute: Any, sql: str, *arguments: Any) -> Any:
        asked.append(sql)
        return execute(sql, *arguments)

    def read() -> None:
        with connection.execute_wrapper(count):
            answered.append(selectors.availability(office, question, NOW))

    def let_go() -> None:
        try:
            seconds = sharing.PATIENCE_SECONDS - 1
            wait_until(lambda: len(answered) == 49, what="the others read on", seconds=seconds)
        finally:
            holding.rollback()

    with owner_connection(committed_db) as holding:
        holding.autocommit = False
        holding.execute("LOCK TABLE queueing_slot")
        at_once([let_go, *[read] * 50])

    assert (len(asked), len(answered)) == (1, 50)
    assert len({answer.as_of for answer in answered}) == 2


class _Separate:
    """Copies that no other caller shares."""

    def within(self, key: str, seconds: float) -> None:
        return None

    def keep(self, key: str, picture: snapshots.Picture) -> snapshots.Picture:
        return picture

    def lock_of(self, key: str) -> Lock:
        return Lock()


def test_without_the_cache_each_asks_for_itself_and_gets_an_answer(
    committed_db: str, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office()
    prepared(office)
    monkeypatch.setattr(caches["default"], "_breaker", _Away())

    crowd.ask(office, 10)

    assert len(crowd.pictures) == 1  # the threads of one process still share its copy


class _Away:
    def allows(self) -> bool:
        return False


@pytest.fixture
def three_offices(db: None) -> list[Office]:
    """Eastward from Jakarta: the first is full on its one day, the others have room."""
    found = []
    for n, longitude in enumerate(["106.800", "107.600", "110.400"]):
        office = make_office()
        Office.objects.filter(pk=office.pk).update(longitude=longitude, name=f"Kanim {n}")
        office.refresh_from_db()
        prepared(office)
        found.append(office)
    Seat.objects.filter(slot__office=found[0]).update(taken=True)
    return found


def searched(point: Point, *, limit: int = 5, sort: Sort = Sort.DISTANCE, **need: object) -> Answer:
    sought = Sought(**need)
    found = rooms(people=sought.people)
    return answer(found, point, sought, sort=sort, limit=limit, now=NOW)


def nearest(point: Point, **need: object) -> list[str]:
    return [found.office.code for found in searched(point, **need).found]


def rooms(people: int = 1) -> FirstRooms:
    sharing.forget()
    new_cache_prefix()
    return first_rooms(people=people, now=NOW)


def test_the_nearest_with_room_comes_first(three_offices: list[Office]) -> None:
    full, near, far = three_offices

    assert nearest(Point(-6.2, 106.8)) == [near.code, far.code]
    assert nearest(Point(-6.2, 106.8), limit=1) == [near.code]
    assert nearest(Point.of(far)) == [near.code]


def test_the_first_hour_with_room_for_all_is_named(three_offices: list[Office]) -> None:
    _, near, _ = three_offices
    first, second = Slot.objects.filter(office=near).order_by("starts_at")
    first.seats.filter(number__gt=2).update(taken=True)

    found = searched(Point(-6.2, 106.8), people=3, limit=1).found[0]

    assert (found.room.day, found.room.slot_code, found.room.free) == (MONDAY, second.code, 16)
    assert found.km == pytest.approx(88.4, abs=1)


def test_what_does_not_fit_is_left_out(three_offices: list[Office]) -> None:
    _, near, far = three_offices
    here = Point(-6.2, 106.8)
    Office.objects.filter(pk=near.pk).update(needs_referral=True)

    assert nearest(here) == [far.code]
    assert nearest(here, before=MONDAY - timedelta(days=1)) == []
    assert nearest(here, before=MONDAY) == [far.code]
    assert nearest(here, passport_type="POLYCARBONATE") == []


def why(**need: object) -> str:
    found = searched(Point(-6.2, 106.8), **need)
    assert (found.nowhere is None) == bool(found.found)
    return found.nowhere.why if found.nowhere else ""


def test_why_there_is_none_within_reach_and_what_would_do(three_offices: list[Office]) -> None:
    full, near, far = three_offices
    Office.objects.filter(pk=far.pk).update(passport_types=["POLYCARBONATE"])
    OfficeFactory(latitude="-9.0", longitude="120.0")  # has opened nothing
    Office.objects.filter(pk=near.pk).update(latitude="-6.2")

    assert why(radius_km=100) == ""
    assert why(radius_km=50) == "full"
    assert why(radius_km=50, passport_type="POLYCARBONATE") == "not_offered"
    assert why(before=MONDAY - timedelta(days=1)) == "after_date"

    told = searched(Point(-6.2, 106.8), radius_km=50).nowhere
    assert told.sentence.startswith("Penuh untuk 1 orang sampai Senin, 10 Desember 2029.")
    assert told.closest.office == near
    assert told.opens_at > NOW

    from_sumba = searched(Point(-9.0, 119.0), radius_km=50).nowhere
    assert from_sumba.sentence.startswith("Tidak ada kantor dalam jarak 50 km. Yang terdekat")
    unopened = searched(Point(-9.0, 120.0), radius_km=50, before=MONDAY).nowhere
    assert unopened.why == "not_open"
    assert unopened.sentence.startswith(
        "Tidak ada tempat untuk 1 orang sampai Senin, 10 Desember 2029. Kuota belum dibuka."
    )


def test_by_day_the_soonest_comes_first(three_offices: list[Office]) -> None:
    _, near, far = three_offices
    Slot.objects.filter(office=near).update(day=MONDAY + timedelta(days=1))

    assert nearest(Point(-6.2, 106.8)) == [near.code, far.code]
    assert nearest(Point(-6.2, 106.8), sort=Sort.DAY) == [far.code, near.code]


def test_the_whole_country_is_looked_at(three_offices: list[Office]) -> None:
    """However many full offices lie between: nobody is told "nothing" while there is room."""
    _, near, far = three_offices
    Seat.objects.filter(slot__office=near).update(taken=True)
    OfficeFactory.create_batch(70, latitude="-6.2", longitude="106.9")

    assert nearest(Point(-6.2, 106.8)) == [far.code]


def test_it_takes_few_questions_where_nothing_fits(
    three_offices: list[Office], django_assert_max_num_queries
) -> None:
    OfficeFactory.create_batch(20)
    Seat.objects.update(taken=True)

    of_openings = 5  # why there is none; shared by all readers, as the rooms are
    with django_assert_max_num_queries(4 + of_openings):
        assert nearest(Point(-6.2, 106.8)) == []


def test_locks_of_keys_long_gone_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MOST_COPIES", 5)
    copies: sharing.Copies[int] = sharing.Copies()

    with copies.lock_of("in use"):
        for n in range(20):
            copies.lock_of(f"key {n}")
            assert len(copies._looking) <= 7
        assert copies.lock_of("in use").locked()


def test_the_same_picture_from_the_cache_stays_the_same_object(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written from it stands, in each process, as long as nobody took a new one."""
    clock = stopped_clock(monkeypatch)
    first = snapshots.current_picture(office, NOW)
    clock[0] += (sharing.LIVELY.look + sharing.LIVELY.copy) / 2
    assert snapshots.current_picture(office, NOW) is first
    key = f"quota:picture:{snapshots.LAYOUT}:{office.pk}:{office.today(NOW)}"
    caches["default"].set(key, replace(first, days={}), 5)
    clock[0] += sharing.LIVELY.look
    assert snapshots.current_picture(office, NOW).days == {}
