"""Who may do what, and what a day at an office holds. No Django, no clock.

The table of acts is the one of the design: a role answers for its own office; the head
and the planner of a kanim also answer for its branches (ULP, UKK, LTSP, MPP); SISTIK
answers for the nation. Where a second officer is needed, ``needs_second`` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from offices.channel_rules import CHANNELS, split_channels, spread
from offices.errors import CalendarInvalid
from paspor.kernel.errors import N_


class Role(StrEnum):
    COUNTER = "COUNTER"
    PLANNER = "PLANNER"
    HEAD = "HEAD"
    SISTIK = "SISTIK"


class Act(StrEnum):
    CHECK_IN = "check_in"
    SERVE = "serve"
    TURN_AWAY = "turn_away"
    NO_SHOW = "no_show"
    UNDO = "undo"
    CORRECT = "correct"
    WALK_IN = "walk_in"
    BOOK_FOR = "book_for"
    CANCEL_FOR = "cancel_for"
    PRIORITY_UNPROVEN = "priority_unproven"
    VERIFY_ACCOUNT = "verify_account"
    HOURS = "hours"
    STATIONS = "stations"
    SPECIAL_DAY = "special_day"
    HOLIDAY = "holiday"
    SHARES = "shares"
    OPEN_RELEASE = "open_release"
    CHANGE_CAPACITY = "change_capacity"
    CLOSE_DAY = "close_day"
    ANNOUNCE = "announce"
    ORDER = "order"
    SCREEN = "screen"
    PAIR_SCREEN = "pair_screen"
    INCIDENT = "incident"
    REPORT = "report"
    SEE_IDENTITY = "see_identity"
    REFERRAL = "referral"
    VOID = "void"
    LIMIT = "limit"
    SUSPEND = "suspend"
    LIFT = "lift"
    CASE = "case"
    APPEAL = "appeal"
    EVIDENCE = "evidence"
    POLICY = "policy"
    MAIL_DOMAIN = "mail_domain"
    READ_NIK = "read_nik"
    OFFICE_KEY = "office_key"
    RESET_SECOND = "reset_second"
    GRANT_COUNTER = "grant_counter"
    GRANT_PLANNER = "grant_planner"
    GRANT_HEAD = "grant_head"
    GRANT_SISTIK = "grant_sistik"


# The lines of the design's table, and the roles that each of them names.
DESK = frozenset(
    {
        Act.CHECK_IN,
        Act.SERVE,
        Act.TURN_AWAY,
        Act.NO_SHOW,
        Act.UNDO,
        Act.CORRECT,
        Act.WALK_IN,
        Act.BOOK_FOR,
        Act.CANCEL_FOR,
    }
)
PLANNING = frozenset(
    {
        Act.HOURS,
        Act.STATIONS,
        Act.SPECIAL_DAY,
        Act.HOLIDAY,
        Act.SHARES,
        Act.OPEN_RELEASE,
        Act.CHANGE_CAPACITY,
        Act.CLOSE_DAY,
        Act.ANNOUNCE,
        Act.SCREEN,
        Act.PAIR_SCREEN,
    }
)
INTEGRITY = frozenset(
    {Act.VOID, Act.LIMIT, Act.SUSPEND, Act.LIFT, Act.CASE, Act.APPEAL, Act.EVIDENCE}
)
ALLOWED: dict[Role, frozenset[Act]] = {
    Role.COUNTER: DESK
    | {
        Act.PRIORITY_UNPROVEN,
        Act.VERIFY_ACCOUNT,
        Act.SEE_IDENTITY,
        Act.REFERRAL,
        Act.READ_NIK,
        Act.REPORT,
        Act.PAIR_SCREEN,
    },
    Role.PLANNER: PLANNING,
    Role.HEAD: DESK
    | PLANNING
    | INTEGRITY
    | {
        Act.INCIDENT,
        Act.REPORT,
        Act.PRIORITY_UNPROVEN,
        Act.VERIFY_ACCOUNT,
        Act.SEE_IDENTITY,
        Act.REFERRAL,
        Act.POLICY,
        Act.READ_NIK,
        Act.OFFICE_KEY,
        Act.RESET_SECOND,
        Act.GRANT_COUNTER,
    },
    Role.SISTIK: PLANNING
    | INTEGRITY
    | {
        Act.ORDER,
        Act.INCIDENT,
        Act.REPORT,
        Act.VERIFY_ACCOUNT,
        Act.REFERRAL,
        Act.POLICY,
        Act.MAIL_DOMAIN,
        Act.READ_NIK,
        Act.OFFICE_KEY,
        Act.RESET_SECOND,
        Act.GRANT_COUNTER,
        Act.GRANT_PLANNER,
        Act.GRANT_HEAD,
        Act.GRANT_SISTIK,
    },
}
# A second officer agrees to each of these, however small.
ALWAYS_TWO = frozenset(
    {
        Act.PRIORITY_UNPROVEN,
        Act.VOID,
        Act.EVIDENCE,
        Act.ORDER,
        Act.RESET_SECOND,
        Act.GRANT_HEAD,
        Act.GRANT_SISTIK,
    }
)
# Receiving and serving the people of one visit: it was booked under every rule, or at a counter
# with the yes that so many took. Asking again for a family of five would only stop the queue.
OF_THE_QUEUE = frozenset({Act.CHECK_IN, Act.SERVE})
# Whose posts reach beyond their own office, to the branches of a kanim.
COVERS_BRANCHES = frozenset({Role.HEAD, Role.PLANNER})


def may(role: str, act: Act) -> bool:
    """Whether the role's line in the table has this act, for an office that it covers."""
    return act in ALLOWED[Role(role)]


def grant_of(role: str) -> Act:
    """The act of giving, or ending, a post with this role."""
    return Act(f"grant_{Role(role).lower()}")


@dataclass(frozen=True)
class Extent:
    """How far one act goes: what the thresholds are held against."""

    places: int = 0
    people_booked: int = 0
    quota_before: int = 0
    quota_after: int = 0
    accounts: int = 0
    is_national: bool = False


def people_concerned(extent: Extent) -> int:
    """For how many people the act changes something; 0 where it is about seats or rights."""
    return max(extent.places, extent.people_booked, extent.accounts)


@dataclass(frozen=True)
class Thresholds:
    """From where on a second officer is asked; the figures come from policy."""

    places: int = 5
    quota_percent: int = 25
    accounts: int = 5
    verifying: bool = False


def raises_quota(extent: Extent, percent: int) -> bool:
    """Whether the quota grows by ``percent`` or more.

    ``quota_before`` of a day that had none (an extra Saturday, a mall day) is the office's
    largest usual day: up to that it is ordinary planning.
    """
    before = extent.quota_before
    return before > 0 and (extent.quota_after - before) * 100 >= before * percent


def needs_second(
    act: Act, extent: Extent = Extent(), thresholds: Thresholds = Thresholds()
) -> bool:
    """Whether this act, this far, takes a second officer's yes."""
    if act in DESK:
        return act not in OF_THE_QUEUE and extent.places >= thresholds.places
    if act in PLANNING:
        return extent.people_booked > 0 or raises_quota(extent, thresholds.quota_percent)
    if act is Act.VERIFY_ACCOUNT:
        return thresholds.verifying
    if act is Act.POLICY:
        return extent.is_national
    if act is Act.SUSPEND:
        return extent.accounts > thresholds.accounts
    return act in ALWAYS_TWO


# All times below are the office's own local time.
# Small sites have no priority lane of their own: everyone there is met in person anyway.
SMALL_CHANNELS = ("ONLINE", "COUNTER")
SMALL_KINDS = frozenset({"LTSP", "UKK", "MPP"})
MOST_STATIONS = 200
MOST_MINUTES = 240
# Hours are planned so many months beyond the present one: far enough for next year's Lebaran.
MONTHS_PLANNABLE = 18
TOO_FAR = N_("Terlalu jauh: paling lama 18 bulan sesudah bulan ini.")


@dataclass(frozen=True)
class WorkingHours:
    """When and how fast an office serves on one day."""

    opens: time
    closes: time
    stations: int
    minutes: int
    break_starts: time | None = None
    break_ends: time | None = None
    shares: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WeeklyHours:
    """Usual hours of one weekday (0 is Monday), from one date to another."""

    weekday: int
    valid_from: date
    valid_to: date | None
    hours: WorkingHours

    def covers(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True)
class SpecialHours:
    """One day that is not as usual: closed (``hours`` is None), or with hours of its own."""

    reason: str
    hours: WorkingHours | None = None
    place: str = ""


@dataclass(frozen=True)
class DayPlace:
    """Where a special day is held, "" at the office, and its note for the public, untranslated."""

    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class HourCapacity:
    """One hour, or the rest of one before a break or closing, and the seats in it."""

    starts: time
    ends: time
    seats: int


@dataclass(frozen=True)
class PlannedHour:
    """One hour with its seats by channel; a channel without a seat is left out."""

    starts: time
    ends: time
    seats: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.seats.values())


class WhyClosed(StrEnum):
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    NO_HOURS = "no_hours"
    NO_STATIONS = "no_stations"


@dataclass(frozen=True)
class DayPlan:
    """What a day holds. ``note`` is the holiday's name, or the officer's own reason; ``holiday``
    is its name on a day that is open all the same.
    """

    day: date
    is_open: bool
    hours: tuple[PlannedHour, ...] = ()
    why: WhyClosed | None = None
    note: str = ""
    place: str = ""
    holiday: str = ""

    @property
    def total(self) -> int:
        return sum(hour.total for hour in self.hours)


def channels_of(kind: str) -> tuple[str, ...]:
    return SMALL_CHANNELS if kind in SMALL_KINDS else CHANNELS


def check_hours(hours: WorkingHours, kind: str) -> None:
    """Refuse hours that no office of this kind can keep; every field at fault is named."""
    faults: dict[str, list[str]] = {}
    if hours.opens >= hours.closes:
        faults["closes"] = [N_("Jam tutup harus sesudah jam buka.")]
    if (hours.break_starts is None) != (hours.break_ends is None):
        faults["break_ends"] = [N_("Isi awal dan akhir istirahat, atau kosongkan keduanya.")]
    elif hours.break_starts is not None and hours.break_ends is not None:
        inside = hours.opens <= hours.break_starts < hours.break_ends <= hours.closes
        if not inside:
            faults["break_starts"] = [N_("Istirahat harus di dalam jam buka.")]
    if not 0 <= hours.stations <= MOST_STATIONS:
        faults["stations"] = [N_("Jumlah loket harus 0 sampai 200.")]
    if not 1 <= hours.minutes <= MOST_MINUTES:
        faults["minutes"] = [N_("Menit per pemohon harus 1 sampai 240.")]
    faults = faults or _faults_of_serving(hours)
    faults |= _faults_of_shares(hours.shares, channels_of(kind))
    if faults:
        raise CalendarInvalid(fields=faults)


def _faults_of_serving(hours: WorkingHours) -> dict[str, list[str]]:
    """Where stations serve, there is time for one applicant at least."""
    worked = sum(end - start for start, end in _stretches(hours))
    if not hours.stations or hours.minutes <= worked:
        return {}
    if worked:
        return {"minutes": [N_("Lebih lama daripada jam layanan hari itu.")]}
    return {"break_starts": [N_("Istirahat menghabiskan seluruh jam layanan.")]}


def _faults_of_shares(shares: Mapping[str, int], offered: Iterable[str]) -> dict[str, list[str]]:
    faults = {
        f"{channel.lower()}_share": [N_("Lokasi jenis ini tidak memiliki jalur tersebut.")]
        for channel, percent in shares.items()
        if percent and channel not in offered
    }
    if sum(shares.values()) != 100 or min(shares.values(), default=0) < 0:
        faults["online_share"] = [N_("Jumlah semua bagian harus tepat 100 persen.")]
    return faults


def last_plannable(today: date) -> date:
    """The end of the last month whose hours may be planned."""
    year, month = divmod(today.year * 12 + today.month + MONTHS_PLANNABLE, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def check_plannable(field: str, day: date, *, today: date) -> None:
    """Refuse a day that no planner can look at yet."""
    if day > last_plannable(today):
        raise CalendarInvalid(fields={field: [TOO_FAR]})


def check_span(first_day: date, last_day: date | None, *, today: date) -> None:
    """Refuse a change of the past or beyond what may be planned, or one that ends first."""
    if first_day < today:
        raise CalendarInvalid(fields={"valid_from": [N_("Tanggal sudah lewat.")]})
    if last_day is not None and last_day < first_day:
        raise CalendarInvalid(fields={"valid_to": [N_("Tanggal akhir mendahului tanggal awal.")]})
    check_plannable("valid_from", first_day, today=today)
    if last_day is not None:
        check_plannable("valid_to", last_day, today=today)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _stretches(hours: WorkingHours) -> list[tuple[int, int]]:
    """The working time before and after the break, in minutes of the day."""
    opens, closes = _minute(hours.opens), _minute(hours.closes)
    if hours.break_starts is None or hours.break_ends is None:
        return [(opens, closes)]
    stretches = [(opens, _minute(hours.break_starts)), (_minute(hours.break_ends), closes)]
    return [(start, end) for start, end in stretches if start < end]


def hours_of_day(hours: WorkingHours) -> list[HourCapacity]:
    """The hours of a working day, each with stations × its minutes ÷ minutes per applicant.

    Hours start at opening and again after the break; the last of a stretch may be short.
    What an hour cannot hold whole is carried to the next, so the day loses less than one
    seat. An hour too short for a single seat is left out.
    """
    found: list[HourCapacity] = []
    worked = given = 0
    for start, end in _stretches(hours):
        for begin in range(start, end, 60):
            finish = min(begin + 60, end)
            worked += finish - begin
            seats = hours.stations * worked // hours.minutes - given
            given += seats
            if seats:
                found.append(HourCapacity(_time(begin), _time(finish), seats))
    return found


def planned_hours(hours: WorkingHours) -> tuple[PlannedHour, ...]:
    capacity = hours_of_day(hours)
    in_each = [hour.seats for hour in capacity]
    dealt = spread(in_each, split_channels(sum(in_each), hours.shares))
    return tuple(
        PlannedHour(hour.starts, hour.ends, seats)
        for hour, seats in zip(capacity, dealt, strict=True)
    )


def weekly_hours_on(day: date, weekly: Iterable[WeeklyHours]) -> WorkingHours | None:
    """The usual hours of a day: of those that cover it, the ones that began last."""
    covering = [row for row in weekly if row.covers(day)]
    if not covering:
        return None
    return max(covering, key=lambda row: row.valid_from).hours


def day_plan(
    day: date,
    weekly: Iterable[WeeklyHours],
    special: SpecialHours | None = None,
    holiday: str = "",
) -> DayPlan:
    """What an office offers on a day. A special day of the office stands above a holiday.

    ``holiday`` is the name of a confirmed holiday on that day, else empty.
    """
    if special is not None and special.hours is None:
        return DayPlan(day, is_open=False, why=WhyClosed.CLOSURE, note=special.reason)
    if special is None and holiday:
        return DayPlan(day, is_open=False, why=WhyClosed.HOLIDAY, note=holiday)
    hours = special.hours if special is not None else weekly_hours_on(day, weekly)
    if hours is None:
        return DayPlan(day, is_open=False, why=WhyClosed.NO_HOURS)
    planned = planned_hours(hours)
    if not planned:
        return DayPlan(day, is_open=False, why=WhyClosed.NO_STATIONS)
    if special is None:
        return DayPlan(day, is_open=True, hours=planned)
    told = {"note": special.reason, "place": special.place, "holiday": holiday}
    return DayPlan(day, is_open=True, hours=planned, **told)
