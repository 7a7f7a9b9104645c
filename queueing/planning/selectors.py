"""Reading an office's capacity, day by day. Nothing here writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from offices import rules as of_office
from offices import selectors as offices
from offices.models import Approval, Office, SpecialDay
from offices.rules import Act, DayPlan, WeeklyHours, WhyClosed, WorkingHours
from offices.services import raises
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Place
from queueing.planning.drive_rules import Candidate
from queueing.planning.models import NationalOrder
from queueing.planning.rules import DayKind, DayLoad, HourLoad, Load, Standing, is_gone, sums
from queueing.quota.models import WITHDRAWN, Channel, Seat, Slot
from queueing.quota.services import walk_ins
from queueing.quota.services.days import subject_of

TAKEN = Q(seats__taken=True)
WEEK = timedelta(days=7)
# Rows of one's own requests above the month.
MOST_REQUESTS = 6
PLANNED_ACTS = (Act.HOURS, Act.SPECIAL_DAY, Act.CLOSE_DAY, Act.CHANGE_CAPACITY)
FREE = Q(seats__taken=False, seats__visible_at__lt=WITHDRAWN)


def days(
    office: Office, first_day: date, last_day: date, *, today: date | None = None
) -> list[DayLoad]:
    """Each day of a span, both ends included: four queries, however long it is.

    With ``today``, where some of them may be over, two more: since when anything is kept.
    """
    plans = offices.plan_of(office, first_day, last_day)
    hours: dict[date, list[HourLoad]] = {day: [] for day in plans}
    slots = Slot.objects.filter(office=office, day__range=(first_day, last_day))
    counted = slots.annotate(
        free=Count("seats", filter=FREE), taken=Count("seats", filter=TAKEN)
    ).select_related("release")
    for slot in counted.order_by("starts_at"):
        slot.office = office
        hours[slot.day].append(_hour(slot))
    gone = _gone(office, plans, today) if today is not None and first_day < today else frozenset()
    return [DayLoad(day, plan, tuple(hours[day]), day in gone) for day, plan in plans.items()]


def _gone(office: Office, plans: Mapping[date, DayPlan], today: date) -> set[date]:
    """The days that are over and of which nothing tells that they did not serve."""
    weekly = offices.weekly_hours(office, min(plans), today)
    seats = office.slots.order_by("starts_at").values_list("day", flat=True).first()
    since = min([row.valid_from for row in weekly] + ([seats] if seats else []), default=today)
    return {
        day for day, plan in plans.items() if day < today and is_gone(plan, is_kept=day >= since)
    }


def made_releases(office: Office, first_day: date, last_day: date) -> list[Standing]:
    """Those that cover some of the days and whose seats were made."""
    rows = office.releases.filter(
        prepared_at__isnull=False, first_day__lte=last_day, last_day__gte=first_day
    )
    return [Standing(row.first_day, row.last_day, row.opens_at) for row in rows]


def opening_of(office: Office, day: date) -> datetime | None:
    """When the release that covers the day opens it, or has opened it."""
    covering = office.releases.filter(first_day__lte=day, last_day__gte=day)
    return covering.values_list("opens_at", flat=True).first()


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


def candidates(
    office: Office, first_day: date, last_day: date, *, with_own: bool = False
) -> list[Candidate]:
    """The days that a backlog drive may change.

    Not holidays, closures, days that an officer closed, be it in part, or whose seats are set
    by hand; and days that have hours of their own only ``with_own``: somebody has planned
    those already.
    """
    weekly = offices.weekly_hours(office, first_day - WEEK, last_day)
    special = offices.special_days(office, first_day, last_day)
    found = []
    for each in days(office, first_day, last_day):
        own = special.get(each.day)
        model = _model(each.day, weekly)
        if model is None or _is_fixed(each) or (own is not None and not with_own):
            continue
        found.append(Candidate(each.day, of_office.weekly_hours_on(each.day, weekly), model))
    return found


def _is_fixed(day: DayLoad) -> bool:
    if day.kind is DayKind.CLOSED or day.plan.why in {WhyClosed.HOLIDAY, WhyClosed.CLOSURE}:
        return True
    return any(hour.is_by_hand or not hour.comes_back for hour in day.hours)


def _model(day: date, weekly: list[WeeklyHours]) -> WorkingHours | None:
    """The day's usual hours, else those of the last day before it that has some."""
    before = (of_office.weekly_hours_on(day - timedelta(days=n), weekly) for n in range(7))
    return next((hours for hours in before if hours is not None and hours.stations), None)


@dataclass(frozen=True)
class Left:
    """Seats for a drive's people without any change: ``free`` stand and nobody has them,
    ``planned`` are those of days whose seats are still to be made.
    """

    free: int
    planned: int

    @property
    def seats(self) -> int:
        return self.free + self.planned


def left(office: Office, first_day: date, last_day: date) -> Left:
    """Of a span, of all channels; closed hours have none."""
    open_hours = Slot.objects.filter(
        office=office, day__range=(first_day, last_day), closed_at__isnull=True
    )
    free = open_hours.aggregate(free=Count("seats", filter=FREE))["free"]
    return Left(free, sums(days(office, first_day, last_day)).planned)


def left_by_day(office: Office, first_day: date, last_day: date) -> dict[date, int]:
    """What is left of each day."""
    return {
        each.day: each.plan.total if each.kind is DayKind.PLANNED else each.load.free
        for each in days(office, first_day, last_day)
    }


def own_hours(office: Office, among: Iterable[date]) -> dict[date, WorkingHours | None]:
    """The hours that special days have now; None where one is a closure."""
    rows = SpecialDay.objects.filter(office=office, day__in=list(among))
    is_extra = SpecialDay.Kind.EXTRA
    return {row.day: offices.working_hours(row) if row.kind == is_extra else None for row in rows}


def special_day(office: Office, day: date) -> SpecialDay | None:
    return SpecialDay.objects.select_related("office").filter(office=office, day=day).first()


def most_stations(office: Office, today: date) -> int:
    """The most stations that any of the usual days has: those that exist, as far as is known."""
    rows = offices.weekly_hours(office, today, today + WEEK)
    return max((row.hours.stations for row in rows), default=1) or 1


def waiting_for_another(office: Office, day: date) -> int:
    """How many booked people stand in closed hours of the day; the sweep moves them soon."""
    return Place.objects.filter(
        state=Place.State.BOOKED,
        booking__slot__office=office,
        booking__slot__day=day,
        booking__slot__closed_at__isnull=False,
    ).count()


def returned(office: Office, day: date) -> int:
    """How many unused seats of the counter went online that day."""
    subject = f"day:{subject_of(office, day)}"
    events = AuditEvent.objects.filter(act=walk_ins.ACT, subject=subject)
    return sum(detail["seats"] for detail in events.values_list("detail", flat=True))


def requests_standing(
    officer: User, office: Office, *, now: datetime
) -> tuple[list[Approval], int]:
    """The officer's own requests of planning that are neither used nor lapsed nor overtaken.

    Those that wait for somebody first, then the declined, each the newest first: so many of
    them, and how many there are.
    """
    rows = Approval.objects.filter(
        asked_by=officer, office=office, act__in=PLANNED_ACTS, expires_at__gt=now
    )
    standing = _not_overtaken(rows.order_by("-asked_at", "-pk"))
    standing.sort(key=lambda row: row.state == Approval.State.DECLINED)
    return standing[:MOST_REQUESTS], len(standing)


def _not_overtaken(newest_first: Iterable[Approval]) -> list[Approval]:
    """Unused requests, without those whose matter the officer has asked about again since:
    the declined ones, and all where the later one was used.
    """
    asked, done, found = set(), set(), []
    for row in newest_first:
        about = row.matter
        matter = row.act, about.weekday, about.day, about.slot, about.channel
        is_used, is_declined = (
            row.state == state for state in (Approval.State.USED, Approval.State.DECLINED)
        )
        if not is_used and matter not in done and not (is_declined and matter in asked):
            found.append(row)
        asked.add(matter)
        if is_used:
            done.add(matter)
    return found


def own_request(officer: User, office: Office, code: str) -> Approval | None:
    """One of those that *Rencana* lists."""
    rows = Approval.objects.filter(asked_by=officer, office=office, act__in=PLANNED_ACTS)
    return rows.filter(code=code).first()


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


def orders() -> QuerySet[NationalOrder]:
    """All national orders, the newest first."""
    rows = NationalOrder.objects.select_related("prepared_by", "undoes")
    return rows.order_by("-prepared_at", "-pk")
