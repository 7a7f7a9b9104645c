"""Changing when an office serves. What is already open follows through the ports.

Hours that have begun are never rewritten: new ones start on a later day and take over.
A second officer is needed where people are booked on a day that closes, or where a day's
quota grows by a quarter or more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from offices import ports, rules, selectors
from offices.errors import CalendarInvalid
from offices.models import Office, OpeningHours, SpecialDay
from offices.ports import Span
from offices.rules import Act, Extent, WorkingHours
from offices.services import approvals, authority
from paspor.kernel import audit
from paspor.kernel.errors import N_

TIMES = ("opens", "closes", "break_starts", "break_ends", "stations", "minutes")


@dataclass(frozen=True)
class HoursWish:
    """Usual hours of one weekday (0 is Monday), from one date to another."""

    weekday: int
    valid_from: date
    valid_to: date | None
    hours: WorkingHours


@dataclass(frozen=True)
class SpecialWish:
    """One day of its own: closed, or open with ``hours``."""

    day: date
    reason: str
    hours: WorkingHours | None = None
    place: str = ""


@transaction.atomic
def set_hours(*, officer: User, office: Office, wish: HoursWish, now: datetime) -> OpeningHours:
    """Give a weekday new hours from today or later; the same start replaces what was planned.

    Locks the office. Raises CalendarInvalid, NotAllowed, NeedsApproval.
    """
    office = _locked(office)
    authority.require(officer=officer, act=Act.HOURS, office=office, now=now)
    rules.check_hours(wish.hours, office.kind)
    rules.check_span(wish.valid_from, wish.valid_to, today=office.today(now))
    approvals.use_where_needed(
        act=Act.HOURS,
        subject=subject_of_hours(office, wish),
        extent=extent_of_hours(office, wish),
        officer=officer,
        office=office,
        now=now,
    )
    row, _ = OpeningHours.objects.update_or_create(
        office=office,
        weekday=wish.weekday,
        valid_from=wish.valid_from,
        defaults=columns_of(wish.hours) | {"valid_to": wish.valid_to},
    )
    span = Span(office, wish.valid_from, wish.valid_to, wish.weekday)
    record_and_follow("set_hours", span, officer, now, {"hours": row.pk, **_told(wish.hours)})
    return row


@transaction.atomic
def end_hours(*, officer: User, row: OpeningHours, last_day: date, now: datetime) -> OpeningHours:
    """Let hours end on ``last_day``, today or later; those that began before them apply again.

    Locks the office. Raises CalendarInvalid, NotAllowed, NeedsApproval.
    """
    office = _locked(row.office)
    authority.require(officer=officer, act=Act.HOURS, office=office, now=now)
    rules.check_span(max(row.valid_from, office.today(now)), last_day, today=office.today(now))
    after = Span(office, last_day + timedelta(days=1), row.valid_to, row.weekday)
    approvals.use_where_needed(
        act=Act.HOURS,
        subject=f"{office.code}:{row.weekday}:{last_day}:end",
        extent=extent_of_end(row, after),
        officer=officer,
        office=office,
        now=now,
    )
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    detail = {"hours": row.pk, "last_day": last_day.isoformat()}
    record_and_follow("end_hours", after, officer, now, detail)
    return row


@transaction.atomic
def set_special_day(
    *, officer: User, office: Office, wish: SpecialWish, now: datetime
) -> SpecialDay:
    """Close a day with a reason, or give it hours of its own. Replaces what stood for it.

    Locks the office. Raises CalendarInvalid, NotAllowed, NeedsApproval.
    """
    office = _locked(office)
    authority.require(officer=officer, act=Act.SPECIAL_DAY, office=office, now=now)
    check_special(office, wish, now)
    approvals.use_where_needed(
        act=Act.SPECIAL_DAY,
        subject=subject_of_special(office, wish),
        extent=extent_of_special(office, wish),
        officer=officer,
        office=office,
        now=now,
    )
    kind = SpecialDay.Kind.EXTRA if wish.hours else SpecialDay.Kind.CLOSURE
    empty = dict.fromkeys(TIMES)
    row, _ = SpecialDay.objects.update_or_create(
        office=office,
        day=wish.day,
        defaults=(columns_of(wish.hours) if wish.hours else empty)
        | {"kind": kind, "reason": wish.reason.strip(), "place": wish.place.strip()},
    )
    detail = {"special_day": row.pk, "kind": str(kind)}
    record_and_follow("set_special_day", Span(office, wish.day, wish.day), officer, now, detail)
    return row


@transaction.atomic
def lift_special_day(*, officer: User, row: SpecialDay, why: str, now: datetime) -> None:
    """Let a day be as usual again: the row goes, the log keeps what it was.

    Locks the office. Raises CalendarInvalid, NotAllowed, NeedsApproval.
    """
    office = _locked(row.office)
    authority.require(officer=officer, act=Act.SPECIAL_DAY, office=office, now=now)
    if row.day < office.today(now):
        raise CalendarInvalid(fields={"day": [N_("Tanggal sudah lewat.")]})
    span = Span(office, row.day, row.day)
    kept = {"special_day": row.pk, "day": row.day.isoformat(), "kind": row.kind}
    row.delete()
    usual = selectors.plan_of(office, row.day, row.day)[row.day]
    approvals.use_where_needed(
        act=Act.SPECIAL_DAY,
        subject=f"{office.code}:{row.day}:usual",
        extent=Extent(people_booked=0 if usual.is_open else ports.people_booked(span)),
        officer=officer,
        office=office,
        now=now,
    )
    record_and_follow("lift_special_day", span, officer, now, kept, why)


def check_special(office: Office, wish: SpecialWish, now: datetime) -> None:
    """The wish in itself, before anyone is asked: raises CalendarInvalid."""
    if wish.day < office.today(now):
        raise CalendarInvalid(fields={"day": [N_("Tanggal sudah lewat.")]})
    if not wish.reason.strip():
        raise CalendarInvalid(fields={"reason": [N_("Alasan belum diisi.")]})
    if wish.hours is not None:
        rules.check_hours(wish.hours, office.kind)
        if wish.hours.stations == 0:
            raise CalendarInvalid(
                fields={"stations": [N_("Hari tambahan perlu paling sedikit 1.")]}
            )


def subject_of_hours(office: Office, wish: HoursWish) -> str:
    """What an approval of these hours is bound to: a yes to less is no yes to more."""
    total = _quota(wish.hours)
    return f"{office.code}:{wish.weekday}:{wish.valid_from}:{total}"


def subject_of_special(office: Office, wish: SpecialWish) -> str:
    total = _quota(wish.hours) if wish.hours else 0
    return f"{office.code}:{wish.day}:{total}"


def extent_of_hours(office: Office, wish: HoursWish) -> Extent:
    """The quota of that weekday before and after; who is booked, if it falls to none."""
    day = wish.valid_from + timedelta(days=(wish.weekday - wish.valid_from.weekday()) % 7)
    usual = rules.weekly_hours_on(day, selectors.weekly_hours(office, day, day))
    before, after = _quota(usual) if usual else 0, _quota(wish.hours)
    span = Span(office, wish.valid_from, wish.valid_to, wish.weekday)
    booked = ports.people_booked(span) if before and not after else 0
    return Extent(quota_before=before, quota_after=after, people_booked=booked)


def extent_of_end(row: OpeningHours, after: Span) -> Extent:
    """Who is booked, if no other hours take over from these."""
    day = after.first_day + timedelta(days=(row.weekday - after.first_day.weekday()) % 7)
    others = OpeningHours.objects.exclude(pk=row.pk).filter(office=row.office_id)
    weekly = selectors.weekly_hours(row.office, day, day, others)
    if rules.weekly_hours_on(day, weekly) is not None:
        return Extent()
    return Extent(people_booked=ports.people_booked(after))


def extent_of_special(office: Office, wish: SpecialWish) -> Extent:
    if wish.hours is None:
        return Extent(people_booked=ports.people_booked(Span(office, wish.day, wish.day)))
    before = selectors.plan_of(office, wish.day, wish.day)[wish.day].total
    return Extent(quota_before=before, quota_after=_quota(wish.hours))


def columns_of(hours: WorkingHours) -> dict[str, object]:
    return {name: getattr(hours, name) for name in TIMES} | {
        f"{channel.lower()}_share": hours.shares.get(channel, 0) for channel in rules.CHANNELS
    }


def _quota(hours: WorkingHours) -> int:
    return sum(hour.seats for hour in rules.hours_of_day(hours))


def _told(hours: WorkingHours) -> dict[str, object]:
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in columns_of(hours).items()
    }


def _locked(office: Office) -> Office:
    """Changes of one office's calendar wait for each other."""
    return Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def record_and_follow(
    act: str, span: Span, officer: User, now: datetime, detail: dict[str, object], why: str = ""
) -> None:
    """Write the change to the log, and let what is already open follow it."""
    audit.record(
        act,
        actor_id=officer.pk,
        subject=f"office:{span.office.code}" if span.office else "nation",
        stream=authority.stream_of(span.office),
        note=why,
        detail=detail | span.told(),
    )
    ports.follow_after_commit(span, officer_id=officer.pk, why=act, now=now)
