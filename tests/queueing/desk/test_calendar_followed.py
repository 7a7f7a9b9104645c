"""From an officer's holiday to the citizen's other day, and what a crash on the way leaves."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Message
from offices.models import Approval, CalendarChange, Holiday, OfficerPost
from offices.services import calendar, holidays
from paspor.kernel import audit
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Place
from queueing.booking.services import closing as booking_closing
from queueing.quota.models import Slot
from queueing.quota.services import following
from tests.factories import BookingFactory, HolidayFactory, OpeningHoursFactory, PlaceFactory
from tests.queueing.desk.conftest import NOW, START, slot_on
from tests.reasons import WHY, WHY_FIELDS

pytestmark = pytest.mark.django_db
TUESDAY = START + timedelta(days=1)
WEDNESDAY = START + timedelta(days=2)
AT_ONCE = timedelta(0)


@pytest.fixture
def booked(office) -> Place:
    """Somebody on Tuesday, and room on Wednesday."""
    OpeningHoursFactory(office=office, weekday=1)
    OpeningHoursFactory(office=office, weekday=2)
    slot_on(office, WEDNESDAY, capacity=3)
    return PlaceFactory(booking=BookingFactory(slot=slot_on(office, TUESDAY)))


@pytest.fixture
def holiday(office, booked) -> Holiday:
    return HolidayFactory(office=office, day=booked.booking.slot.day, name="Hari Jadi Kota")


def confirm(client, holiday):
    return client.post(
        reverse("admin:offices_holiday_changelist"),
        {"action": "confirm", "_selected_action": [holiday.pk]} | WHY_FIELDS,
        follow=True,
    ).content.decode()


def is_closed(place: Place) -> bool:
    return Slot.objects.get(pk=place.booking.slot_id).closed_at is not None


def test_a_holiday_with_people_booked_gives_them_another_day(
    clock, officer, office, sign_in, booked, holiday, django_capture_on_commit_callbacks
):
    planner, head = sign_in(officer("PLANNER", office)), sign_in(officer("HEAD", office))

    assert "persetujuan" in confirm(planner, holiday)
    holiday.refresh_from_db()
    assert (holiday.state, is_closed(booked)) == ("PROPOSED", False)

    approval = Approval.objects.get(act="holiday")
    head.post(
        reverse("admin:offices_approval_changelist"),
        {"action": "grant", "_selected_action": [approval.pk], "why": ""},
    )
    with django_capture_on_commit_callbacks(execute=True):
        confirm(planner, holiday)
    booking_closing.follow_closures(NOW)

    holiday.refresh_from_db()
    booked.refresh_from_db()
    new = Place.objects.get(state="BOOKED")
    assert holiday.state == "CONFIRMED"
    assert (booked.state, booked.moved_to) == ("CLOSED_BY_OFFICE", new)
    assert (new.booking.slot.starts_at, new.applicant) == (WEDNESDAY, booked.applicant)
    told = Message.objects.get(user=booked.booking.account)
    assert "Hari Jadi Kota" in told.text


def confirmed(officer, office, holiday) -> None:
    """The change is committed; what should follow it never runs, as after a crash."""
    head = officer("HEAD", office)
    Approval.objects.create(
        code="UJI", act="holiday", subject=holidays.subject_of(holiday), office=office,
        reason="uji", asked_by=head, second=officer("HEAD", office), state="GRANTED",
        asked_at=NOW, decided_at=NOW, expires_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    holidays.confirm(officer=head, holiday=holiday, why=WHY, now=NOW)


def test_a_crash_before_the_day_followed_is_made_good(officer, office, booked, holiday):
    confirmed(officer, office, holiday)
    assert not is_closed(booked)

    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 1
    assert is_closed(booked)
    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 0


def test_what_crashed_weeks_ago_is_made_good(officer, office, booked, holiday):
    confirmed(officer, office, holiday)
    CalendarChange.objects.update(made_at=Now() - timedelta(days=20))

    assert following.follow_cut_off(now=NOW) == 1
    assert is_closed(booked)


def test_following_does_not_read_the_log(officer, office, booked, holiday, monkeypatch):
    """Its rows are evidence: other keys in an event's detail change nothing."""

    def renamed(act: str, *, detail: dict[str, object], **columns: object) -> AuditEvent:
        other = {f"old_{key}": value for key, value in detail.items()}
        return audit.record(f"old_{act}", detail=other, **columns)

    monkeypatch.setattr(calendar, "audit", SimpleNamespace(record=renamed))
    confirmed(officer, office, holiday)
    assert not AuditEvent.objects.filter(detail__has_key="first_day").exists()

    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 1
    assert is_closed(booked)
    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 0


def test_a_change_and_its_row_are_undone_together(officer, office, booked, holiday, monkeypatch):
    def lost(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(calendar.ports, "follow_after_commit", lost)
    with pytest.raises(OperationalError), transaction.atomic():
        confirmed(officer, office, holiday)

    holiday.refresh_from_db()
    assert (holiday.state, CalendarChange.objects.count()) == ("PROPOSED", 0)


def test_what_the_log_alone_knew_is_carried_over(officer, office, booked, holiday):
    """By the migration that made the rows: unfinished here, followed there, and too old."""
    head = officer("HEAD", office)
    span = {"first_day": "2030-01-08", "last_day": None, "weekday": 1}
    mark = {"actor_id": head.pk, "subject": f"office:{office.code}", "stream": office.code}
    before = {"before": [["2030-01-08", 20]], "approved": True}
    audit.record("set_hours", detail=span | before, **mark)
    audit.record("end_hours", detail=span, **mark)
    audit.record("follow_calendar", detail=span | {"change": "end_hours"}, **mark)
    audit.record("set_capacity", detail=span, **mark)
    old = AuditEvent(act="set_special_day", detail=span, at=Now() - timedelta(days=8), **mark)
    old.save()
    audit.record("confirm_holiday", detail=span, **(mark | {"subject": "nation"}))

    with connection.cursor() as cursor:
        cursor.execute(import_module("offices.migrations.0018_calendar_changes_of_the_log").FILL)

    rows = CalendarChange.objects.order_by("id")
    assert [(row.act, row.office, row.followed_at is None) for row in rows] == [
        ("set_special_day", office, False),
        ("set_hours", office, True),
        ("end_hours", office, False),
        ("confirm_holiday", None, True),
    ]
    kept = rows.get(act="set_hours")
    assert (kept.weekday, kept.before, kept.is_approved) == (1, [["2030-01-08", 20]], True)


def test_following_under_way_is_left_to_itself(officer, office, booked, holiday):
    confirmed(officer, office, holiday)
    assert following.follow_cut_off(now=NOW) == 0
    assert not is_closed(booked)


def test_what_was_followed_is_not_followed_again(
    officer, office, booked, holiday, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(officer, office, holiday)
    assert AuditEvent.objects.get(act="follow_calendar").detail["change"] == "confirm_holiday"
    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 0


def test_a_second_change_of_the_same_day_is_followed_too(
    officer, office, booked, holiday, django_capture_on_commit_callbacks
):
    head = officer("HEAD", office)
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(officer, office, holiday)
    holidays.decline(officer=head, holiday=holiday, why=WHY, now=NOW)
    assert is_closed(booked)
    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 1
    assert not is_closed(booked)


def test_a_lock_that_did_not_come_free_is_tried_again(
    officer, office, booked, holiday, monkeypatch, django_capture_on_commit_callbacks
):
    def busy(*args: object, **kwargs: object) -> None:
        raise OperationalError("lock timeout")

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(following, "_follow_day", busy)
        confirmed(officer, office, holiday)
    assert not is_closed(booked)

    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 1
    assert is_closed(booked)


def test_a_day_that_refuses_is_not_tried_for_ever(officer, office, booked, holiday):
    confirmed(officer, office, holiday)
    OfficerPost.objects.update(ends_at=NOW)  # nobody may close days here any more
    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 1
    assert not is_closed(booked)
    assert following.follow_cut_off(now=NOW, grace=AT_ONCE) == 0
