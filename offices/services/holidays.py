"""Holidays: the calendar library proposes, an officer confirms or declines."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from offices import known_holidays, ports, reasons, selectors
from offices.approval_rules import Matter
from offices.errors import CalendarInvalid, HolidayDecided
from offices.models import Holiday, Office
from offices.ports import Span
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from offices.services.calendar import record_and_follow
from offices.services.raises import Past
from paspor.kernel import audit
from paspor.kernel.errors import N_

State = Holiday.State
NAME_LENGTH = 120


@transaction.atomic
def propose(*, year: int, now: datetime) -> list[Holiday]:
    """Add what the library knows of a year, collective leave included; the new rows.

    A day that already has a national row, whatever was decided, is left alone. Dates of
    the moon are estimates until the ministers' joint decree; therefore an officer confirms.
    """
    known = set(Holiday.objects.filter(office=None, day__year=year).values_list("day", flat=True))
    found = known_holidays.of_year(year)
    rows = [
        Holiday(day=day, name=name[:NAME_LENGTH])
        for day, name in sorted(found.items())
        if day not in known and day.year == year
    ]
    # Two proposals at once: the second finds the first one's rows.
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        audit.record("propose_holidays", actor_id=None, detail={"year": year, "days": len(rows)})
    days = [row.day for row in rows]
    return list(Holiday.objects.filter(office=None, day__in=days, state=State.PROPOSED))


@dataclass(frozen=True)
class HolidayWish:
    """A day that the library does not know; ``office`` None for the whole nation."""

    office: Office | None
    day: date
    name: str


@transaction.atomic
def add(*, officer: User, wish: HolidayWish, why: Why, now: datetime) -> Holiday:
    """Propose a day. Raises NotAllowed, CalendarInvalid, ReasonNeeded."""
    office, day, name = wish.office, wish.day, wish.name
    authority.require(officer=officer, act=Act.HOLIDAY, office=office, now=now)
    if not name.strip():
        raise CalendarInvalid(fields={"name": [N_("Nama hari libur belum diisi.")]})
    if Holiday.objects.filter(day=day, office=office).exists():
        raise CalendarInvalid(fields={"day": [N_("Tanggal ini sudah ada di daftar.")]})
    reasons.check(Act.HOLIDAY, why)
    holiday = Holiday.objects.create(day=day, office=office, name=name.strip()[:NAME_LENGTH])
    audit.record(
        "add_holiday",
        actor_id=officer.pk,
        subject=f"holiday:{day}",
        stream=authority.stream_of(office),
        reason=why.reason,
        note=why.note,
        detail={"holiday": holiday.pk},
    )
    return holiday


@transaction.atomic
def confirm(*, officer: User, holiday: Holiday, why: Why, now: datetime) -> Holiday:
    """Close the day. Raises ReasonNeeded, and NeedsApproval where people are booked on it."""
    span = Span(holiday.office, holiday.day, holiday.day)
    authority.require(officer=officer, act=Act.HOLIDAY, office=holiday.office, now=now)
    reasons.check(Act.HOLIDAY, why)
    request = approvals.Request(
        Act.HOLIDAY,
        subject_of(holiday),
        holiday.office,
        Matter(day=holiday.day),
        words=holiday.name,
        seats=_seats_lost(holiday),
    )
    extent = Extent(people_booked=ports.people_booked(span))
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    return _decide(holiday, officer, State.CONFIRMED, why, now)


def _seats_lost(holiday: Holiday) -> tuple[int, int] | None:
    """Of one office; what the nation would lose is no number that an approver can weigh."""
    if holiday.office is None:
        return None
    return selectors.plan_of(holiday.office, holiday.day, holiday.day)[holiday.day].total, 0


@transaction.atomic
def decline(*, officer: User, holiday: Holiday, why: Why, now: datetime) -> Holiday:
    """Say that the day is an ordinary one; a confirmed day opens again."""
    authority.require(officer=officer, act=Act.HOLIDAY, office=holiday.office, now=now)
    reasons.check(Act.HOLIDAY, why)
    return _decide(holiday, officer, State.DECLINED, why, now)


def subject_of(holiday: Holiday) -> str:
    return f"{authority.stream_of(holiday.office)}:{holiday.day}"


def _decide(holiday: Holiday, officer: User, state: str, why: Why, now: datetime) -> Holiday:
    """Locks the holiday. Raises HolidayDecided where it already is so."""
    holiday = (
        Holiday.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .get(pk=holiday.pk)
    )
    if holiday.state == state:
        raise HolidayDecided
    was_open = holiday.state != State.CONFIRMED
    holiday.state, holiday.decided_by, holiday.decided_at = state, officer, now
    holiday.save(update_fields=["state", "decided_by", "decided_at"])
    span = Span(holiday.office, holiday.day, holiday.day)
    act = "confirm_holiday" if state == State.CONFIRMED else "decline_holiday"
    detail = {"holiday": holiday.pk, "was_open": was_open}
    record_and_follow(act, Past(span), officer, now, detail, why)
    return holiday
