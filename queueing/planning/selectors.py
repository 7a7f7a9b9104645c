"""Reading an office's capacity, day by day. Nothing here writes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from accounts.models import User
from offices import rules as of_office
from offices import selectors as offices
from offices.models import Approval, Office
from offices.rules import Act, WeeklyHours, WorkingHours
from offices.services import raises
from paspor.kernel.models import AuditEvent
from queueing.planning.rules import DayLoad, HourLoad, Load
from queueing.quota.models import WITHDRAWN, Channel, Seat, Slot
from queueing.quota.services import walk_ins
from queueing.quota.services.days import subject_of

TAKEN = Q(seats__taken=True)
PLANNED_ACTS = (Act.HOURS, Act.SPECIAL_DAY, Act.CLOSE_DAY, Act.CHANGE_CAPACITY)
FREE = Q(seats__taken=False, seats__visible_at__lt=WITHDRAWN)


def days(office: Office, first_day: date, last_day: date) -> list[DayLoad]:
    """Each day of a span, both ends included: four queries, however long it is."""
    plans = offices.plan_of(office, first_day, last_day)
    hours: dict[date, list[HourLoad]] = {day: [] for day in plans}
    slots = Slot.objects.filter(office=office, day__range=(first_day, last_day))
    counted = slots.annotate(
        taken=Count("seats", filter=TAKEN), free=Count("seats", filter=FREE)
    ).select_related("release")
    for slot in counted.order_by("starts_at"):
        slot.office = office
        hours[slot.day].append(_hour(slot))
    return [DayLoad(day, plan, tuple(hours[day])) for day, plan in plans.items()]


def _hour(slot: Slot) -> HourLoad:
    return HourLoad(
        code=slot.code,
        hour=slot.hour,
        ends=slot.ends_at.astimezone(slot.office.zone).time(),
        load=Load(slot.taken + slot.free, slot.taken),
        opens_at=slot.release.opens_at,
        closed_why=slot.closed_why if slot.closed_at else "",
        is_by_hand=slot.by_hand_at is not None,
    )


@dataclass(frozen=True)
class ChannelLoad:
    channel: Channel
    load: Load


def channels(office: Office, day: date) -> dict[str, list[ChannelLoad]]:
    """The channels of each hour of a day that have seats, by the code of the hour."""
    seats = Seat.objects.filter(slot__office=office, slot__day=day)
    in_use = seats.filter(Q(taken=True) | Q(visible_at__lt=WITHDRAWN))
    found: dict[str, dict[str, Load]] = {}
    for code, channel, taken, count in in_use.values_list(
        "slot__code", "channel", "taken"
    ).annotate(count=Count("pk")):
        of_hour = found.setdefault(code, {})
        of_hour[channel] = of_hour.get(channel, Load()) + Load(count, count if taken else 0)
    return {
        code: [ChannelLoad(one, of_hour[one]) for one in Channel if one in of_hour]
        for code, of_hour in found.items()
    }


def returned(office: Office, day: date) -> int:
    """How many unused seats of the counter went online that day."""
    subject = f"day:{subject_of(office, day)}"
    events = AuditEvent.objects.filter(act=walk_ins.ACT, subject=subject)
    return sum(detail["seats"] for detail in events.values_list("detail", flat=True))


def requests_standing(officer: User, office: Office, *, now: datetime) -> list[Approval]:
    """The officer's own requests of planning that are neither used nor lapsed, newest first."""
    rows = Approval.objects.filter(
        asked_by=officer, office=office, act__in=PLANNED_ACTS, expires_at__gt=now
    )
    return list(rows.exclude(state=Approval.State.USED).order_by("-asked_at", "-pk"))


@dataclass(frozen=True)
class Weekday:
    """A weekday's hours as they hold on its next day, and those that begin later."""

    weekday: int
    hours: WorkingHours | None
    later: tuple[WeeklyHours, ...]


def week(office: Office, today: date) -> list[Weekday]:
    rows = offices.weekly_hours(office, today, date.max)
    return [weekday(rows, today, number) for number in range(7)]


def weekday(rows: list[WeeklyHours], today: date, number: int) -> Weekday:
    next_day = raises.on_weekday(today, number)
    later = [row for row in rows if row.weekday == number and row.valid_from > next_day]
    hours = of_office.weekly_hours_on(next_day, rows)
    return Weekday(number, hours, tuple(sorted(later, key=lambda row: row.valid_from)))
