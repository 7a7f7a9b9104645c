"""A working day for the demonstration: a past to compare with, and a queue that runs now."""

import datetime as dt
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Applicant, User
from accounts.services.applicants import add_applicant
from offices import selectors as offices
from offices.models import Office, SpecialDay
from offices.reasons import Why
from offices.services import calendar
from queueing.booking.models import Booking, Place
from queueing.desk.models import QueueNumber
from queueing.desk.services import attendance, calling, sittings
from queueing.desk.services.attendance import Visit
from queueing.integrity.models.figures import DayFigures
from queueing.quota.models import Channel, Seat, Slot

PAST_DAYS = 60
# District 99 exists nowhere, so none of these is anybody's number.
DISTRICT = "317499"
VISITORS = (
    *("Ratna Kusuma", "Yohanes Manalu", "Dewi Lestari", "Made Suryani", "Hasan Basri"),
    *("Fitri Handayani", "Togar Siregar", "Lina Marpaung", "Agus Setiawan"),
)
SERVED, CAME = 4, 8
LATE = Why("office_delay", "Peragaan: daftar hari ini dibuat sesudah jamnya.")


def make_past(office: Office, *, now: datetime) -> None:
    """The public figures of the last weeks, as sums: they need nobody's visit.

    Days that have visits are counted from these.
    """
    today = office.today(now)
    week = offices.plan_of(office, today, today + timedelta(days=6))
    usual = {day.weekday(): plan.total for day, plan in week.items() if plan.is_open}
    counted = set(office.slots.filter(day__lt=today).values_list("day", flat=True))
    past = {today - timedelta(days=n) for n in range(1, PAST_DAYS + 1)} - counted
    served = sorted(day for day in past if _serves(day, usual))
    rows = [_figures(office, day, usual[day.weekday()], now) for day in served]
    DayFigures.objects.bulk_create(rows, ignore_conflicts=True)


def _serves(day: date, usual: dict[int, int]) -> bool:
    return usual.get(day.weekday(), 0) > 0


def _figures(office: Office, day: date, released: int, now: datetime) -> DayFigures:
    """A day's sums, a little different each day and the same at every run."""
    swing = day.toordinal() * 7 % 11
    booked = released * (85 + swing) // 100
    no_show = booked * (5 + swing % 4) // 100
    returned = booked * (3 + swing % 3) // 100
    turned_away = booked // 60
    walk_in = booked // 20
    return DayFigures(
        office=office,
        day=day,
        released=released,
        free=released - booked + returned,
        booked=booked,
        attended=booked - no_show - returned - turned_away,
        turned_away=turned_away,
        no_show=no_show,
        returned=returned,
        voided=0,
        closed=0,
        officer_made=walk_in + booked // 50,
        walk_in=walk_in,
        priority=booked // 8,
        counted_at=now,
    )


def serve(office: Office, *, now: datetime) -> None:
    """The first day is one of service, also on a weekend: an extra day with the usual hours.

    Who tries the counter then has somebody to call. Before quota is opened, since an office
    plans no hours for a day that has begun.
    """
    today = office.today(now)
    if offices.plan_of(office, today, today)[today].is_open:
        return
    usual = offices.weekly_hours(office, today, today)[0].hours
    SpecialDay.objects.create(
        office=office,
        day=today,
        kind=SpecialDay.Kind.EXTRA,
        reason="Layanan tambahan",
        **calendar.columns_of(usual),
    )


def make_queue(
    office: Office, officers: Sequence[User], account: Callable[[str], User], *, now: datetime
) -> None:
    """People of the hour that began last today: served, at two counters, waiting, still to come.

    Does nothing before the first hour, nor where a queue stands.
    """
    today = Slot.objects.filter(office=office, day=office.today(now), starts_at__lte=now)
    slot = today.filter(closed_at=None).order_by("-starts_at").first()
    if slot is None or _queue(slot).exists():
        return
    seats = slot.seats.filter(taken=False, visible_at__lte=now, channel=Channel.ONLINE)
    bookings = [
        _booked(slot, seat, account(f"tamu{n:02}"), n, now)
        for n, seat in enumerate(seats.order_by("number")[: len(VISITORS)])
    ]
    for counter, officer in enumerate(officers, start=1):
        sittings.sit(officer=officer, office=office, counter=counter, now=now)
    why = {"why": LATE} if now >= slot.ends_at else {}
    for booking in bookings[:CAME]:
        visit = Visit(office, booking.code, None, **why)
        attendance.check_in(officer=officers[0], visit=visit, now=now)
    _call(slot, officers, min(SERVED, len(bookings)), now)
    _spread(slot, now)


def _queue(slot: Slot) -> QuerySet[QueueNumber]:
    """The numbers of its office on its day."""
    return QueueNumber.objects.filter(office=slot.office, day=slot.day)


def _booked(slot: Slot, seat: Seat, user: User, n: int, now: datetime) -> Booking:
    """As if they had booked before: the hour runs, and takes no more bookings."""
    born = dt.date(1961 + 4 * n, n + 1, 2 * n + 3)  # born in one day, they look like one hand
    person = user.applicants.first() or add_applicant(
        account=user,
        name=VISITORS[n],
        nik=f"{DISTRICT}{born:%d%m%y}{n + 1:04}",
        birth_date=born,
        sex=Applicant.Sex.MALE,
        is_holder=True,
        now=now,
    )
    booking = Booking.objects.create(account=user, slot=slot, channel=seat.channel)
    Place.objects.create(
        booking=booking,
        applicant=person,
        person=person.person,
        live_person=person.person,
        seat=seat,
        live_seat=seat,
        state=Place.State.BOOKED,
        kind=Place.Kind.NEW,
        passport_type=slot.office.passport_types[0],
        booked_at=now - timedelta(days=2),
    )
    Seat.objects.filter(pk=seat.pk).update(taken=True)
    User.objects.filter(pk=user.pk).update(joined_at=now - timedelta(days=9 * (n + 1)))
    return booking


def _call(slot: Slot, officers: Sequence[User], served: int, now: datetime) -> None:
    """Some are done; then the first counter has called one, and the second serves one."""
    office = slot.office
    for n in range(served):
        whom = {"officer": officers[n % len(officers)], "office": office, "now": now}
        label = calling.call_next(**whom).label
        calling.start(**whom, label=label)
        calling.finish(**whom, label=label)
    called = []
    for officer in officers:
        if _queue(slot).filter(state=QueueNumber.State.WAITING).exists():
            called.append((officer, calling.call_next(officer=officer, office=office, now=now)))
    if len(called) > 1:
        officer, queued = called[-1]
        calling.start(officer=officer, office=office, label=queued.label, now=now)


def _spread(slot: Slot, now: datetime) -> None:
    """When they came and were called: not all at the moment at which this was made."""
    for n, queued in enumerate(_queue(slot).order_by("pk")):
        queued.arrived_at = min(now, slot.starts_at + timedelta(minutes=2 * n - 14))
        if queued.called_at:
            queued.called_at = min(now, queued.arrived_at + timedelta(minutes=9 + n * 5 % 7))
            queued.last_called_at = queued.called_at
        if queued.ended_at and queued.called_at:
            queued.ended_at = min(now, queued.called_at + timedelta(minutes=8))
        queued.save(update_fields=["arrived_at", "called_at", "last_called_at", "ended_at"])
