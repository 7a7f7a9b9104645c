"""Changing when an office serves. What is already open follows through the ports.

Hours that have begun are never rewritten: new ones start on a later day and take over.
A second officer is needed where people are booked in hours that vanish, or where a day's
quota grows by a quarter or more of its baseline (raises).
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from offices import ports, reasons, rules, selectors
from offices.approval_rules import Matter
from offices.errors import CalendarInvalid, HoursSetByHand, NothingChanged
from offices.models import (
    Approval,
    CalendarChange,
    Office,
    OpeningHours,
    Relocation,
    SpecialDay,
)
from offices.ports import ByHand, Span
from offices.reasons import NO_REASON, Why
from offices.rules import Act, DayPlan, Extent, SpecialHours, WeeklyHours, WorkingHours
from offices.services import approvals, authority, raises, wishes
from offices.services.raises import Known, Past, WeekdayChange
from offices.services.wishes import HoursWish, SpecialWish
from paspor.kernel import audit
from paspor.kernel.errors import N_

TIMES = ("opens", "closes", "break_starts", "break_ends", "stations", "minutes")


@transaction.atomic
def set_hours(
    *,
    officer: User,
    office: Office,
    wish: HoursWish,
    why: Why,
    now: datetime,
    by_hand: ByHand = ByHand.UNDECIDED,
) -> OpeningHours:
    """Give a weekday new hours from today or later; the same start replaces what was planned.

    Where officers have set the seats of coming hours, ``by_hand`` says whether these stay.
    Locks the office. Raises CalendarInvalid, ReasonNeeded, NotAllowed, NeedsApproval,
    NothingChanged, HoursSetByHand.
    """
    office = _locked(office)
    authority.require(officer=officer, act=Act.HOURS, office=office, now=now)
    rules.check_hours(wish.hours, office.kind)
    rules.check_span(wish.valid_from, wish.valid_to, today=office.today(now))
    reasons.check(Act.HOURS, why)
    columns = columns_of(wish.hours) | {"valid_to": wish.valid_to}
    start = {"office": office, "weekday": wish.weekday, "valid_from": wish.valid_from}
    if OpeningHours.objects.filter(**start, **columns).exists():
        raise NothingChanged
    change = change_by(office, wish)
    _settle_by_hand(change.span, by_hand, now)
    after = change.steps(change.after)
    request = approvals.Request(
        Act.HOURS,
        wishes.subject_of_hours(office, wish, after),
        office,
        Matter(weekday=wish.weekday),
        words=wishes.words_of_hours(wish),
        seats=change.first_quotas,
    )
    approval = approvals.use_where_needed(
        request=request, extent=raises.extent_of(change), officer=officer, now=now
    )
    row, _ = OpeningHours.objects.update_or_create(**start, defaults=columns)
    detail = {"hours": row.pk, **_hours_detail(wish.hours)}
    record_and_follow("set_hours", _past(change, approval), officer, now, detail, why)
    return row


@transaction.atomic
def end_hours(
    *,
    officer: User,
    row: OpeningHours,
    last_day: date,
    why: Why,
    now: datetime,
    by_hand: ByHand = ByHand.UNDECIDED,
) -> OpeningHours:
    """Let hours end on ``last_day``, today or later; those that began before them apply again.

    ``by_hand`` as for set_hours. Locks the office. Raises CalendarInvalid, ReasonNeeded,
    NotAllowed, NeedsApproval, NothingChanged, HoursSetByHand.
    """
    office = _locked(row.office)
    authority.require(officer=officer, act=Act.HOURS, office=office, now=now)
    rules.check_span(max(row.valid_from, office.today(now)), last_day, today=office.today(now))
    reasons.check(Act.HOURS, why)
    if row.valid_to == last_day:
        raise NothingChanged
    change = change_by_end(office, row, last_day, office.today(now))
    _settle_by_hand(change.span, by_hand, now)
    after = change.steps(change.after)
    request = approvals.Request(
        Act.HOURS,
        wishes.subject_of_end(office, row, last_day, after),
        office,
        Matter(weekday=row.weekday),
        words=wishes.words_of_end(row, last_day, after),
        seats=change.first_quotas,
    )
    approval = approvals.use_where_needed(
        request=request, extent=raises.extent_of(change), officer=officer, now=now
    )
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    detail = {"hours": row.pk, "ended_on": last_day.isoformat()}
    record_and_follow("end_hours", _past(change, approval), officer, now, detail, why)
    return row


@transaction.atomic
def set_special_day(
    *,
    officer: User,
    office: Office,
    wish: SpecialWish,
    why: Why,
    now: datetime,
    is_approved: bool = False,
) -> SpecialDay:
    """Close a day with a reason, or give it hours of its own. Replaces what stood for it.

    ``is_approved``: it is part of a national order, which had its own second officer.
    Locks the office. Raises CalendarInvalid, ReasonNeeded, NotAllowed, NeedsApproval.
    """
    office = _locked(office)
    authority.require(officer=officer, act=Act.SPECIAL_DAY, office=office, now=now)
    check_special(office, wish, now)
    reasons.check(Act.SPECIAL_DAY, why)
    known = raises.known_of(office, wish.day, wish.day)
    before = known.quota(wish.day)
    if not is_approved:
        is_approved = _agreed_to_special(officer, office, wish, known, now)
    stood = selectors.special_days(office, wish.day, wish.day).get(wish.day)
    kind = SpecialDay.Kind.EXTRA if wish.hours else SpecialDay.Kind.CLOSURE
    empty = dict.fromkeys(TIMES)
    row, _ = SpecialDay.objects.update_or_create(
        office=office,
        day=wish.day,
        defaults=(columns_of(wish.hours) if wish.hours else empty)
        | {"kind": kind, "reason": wish.reason.strip(), "place": wish.place.strip()},
    )
    if wish.hours:
        _note_place(office, wish.day, stood, row.place)
    if (opening := wish.opening(office)) is not None:
        ports.set_opening(opening, officer=officer, why=why, now=now)
    past = Past(Span(office, wish.day, wish.day), [(wish.day, before)], is_approved)
    detail = {"special_day": row.pk, "kind": str(kind)}
    record_and_follow("set_special_day", past, officer, now, detail, why)
    return row


@transaction.atomic
def lift_special_day(*, officer: User, row: SpecialDay, why: Why, now: datetime) -> None:
    """Let a day be as usual again: the row goes, the log keeps what it was.

    Locks the office. Raises CalendarInvalid, ReasonNeeded, NotAllowed, NeedsApproval.
    """
    office = _locked(row.office)
    authority.require(officer=officer, act=Act.SPECIAL_DAY, office=office, now=now)
    if row.day < office.today(now):
        raise CalendarInvalid(fields={"day": [N_("Tanggal sudah lewat.")]})
    reasons.check(Act.SPECIAL_DAY, why)
    span = Span(office, row.day, row.day)
    kept = {"special_day": row.pk, "day": row.day.isoformat(), "kind": row.kind}
    before = selectors.plan_of(office, row.day, row.day)[row.day]
    stood = selectors.special_days(office, row.day, row.day).get(row.day)
    row.delete()
    usual = selectors.plan_of(office, row.day, row.day)[row.day]
    request = approvals.Request(
        Act.SPECIAL_DAY,
        subject_of_lifting(office, row.day),
        office,
        Matter(day=row.day),
        words=wishes.words_of_lifting(row.day),
        seats=(before.total, usual.total),
    )
    extent = Extent(people_booked=ports.people_booked(span, lambda day: usual))
    approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    if usual.is_open:
        _note_place(office, row.day, stood, "")
    record_and_follow("lift_special_day", Past(span), officer, now, kept, why)


def _note_place(office: Office, day: date, stood: SpecialHours | None, place: str) -> None:
    """Whoever has booked this day comes to ``place`` from now on, and is to be told."""
    old = stood.place if stood is not None and stood.hours is not None else ""
    if old != place:
        Relocation.objects.create(office=office, day=day, old_place=old, new_place=place)


def subject_of_lifting(office: Office, day: date) -> str:
    return f"{office.code}:{day}:usual"


def _agreed_to_special(
    officer: User, office: Office, wish: SpecialWish, known: Known, now: datetime
) -> bool:
    """Whether a second officer has agreed; raises NeedsApproval where one still has to."""
    plan = plan_of_special(wish)
    span = Span(office, wish.day, wish.day)
    booked = ports.people_booked(span, (lambda day: plan) if wish.hours else None)
    request = approvals.Request(
        Act.SPECIAL_DAY,
        wishes.subject_of_special(office, wish),
        office,
        Matter(day=wish.day),
        words=wishes.words_of_special(wish, office.zone),
        seats=(known.plan(wish.day).total, plan.total),
    )
    extent = extent_of_special(wish, known, booked)
    used = approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    return used is not None


def check_special(office: Office, wish: SpecialWish, now: datetime) -> None:
    """The wish in itself, before anyone is asked: raises CalendarInvalid, or what its moment
    of opening is refused with.
    """
    if wish.day < office.today(now):
        raise CalendarInvalid(fields={"day": [N_("Tanggal sudah lewat.")]})
    rules.check_plannable("day", wish.day, today=office.today(now))
    if not wish.reason.strip():
        raise CalendarInvalid(fields={"reason": [N_("Alasan belum diisi.")]})
    if wish.hours is not None and wish.day == office.today(now):
        text = N_("Jam hari ini tidak berubah lagi. Tutup harinya, atau ubah kursinya di rencana.")
        raise CalendarInvalid(fields={"day": [text]})
    if wish.hours is not None:
        rules.check_hours(wish.hours, office.kind)
        if wish.hours.stations == 0:
            raise CalendarInvalid(
                fields={"stations": [N_("Hari tambahan perlu paling sedikit 1.")]}
            )
    if (opening := wish.opening(office)) is not None:
        ports.check_opening(opening, now=now)


def change_by(office: Office, wish: HoursWish) -> WeekdayChange:
    """What the wish makes of its weekday; hours with the same start give way to it.

    Where these went on for longer, the days behind the wish change as well.
    """
    before = _weekly(office, wish.weekday)
    kept = [row for row in before if row.valid_from != wish.valid_from]
    new = WeeklyHours(wish.weekday, wish.valid_from, wish.valid_to, wish.hours)
    ends = [wish.valid_to, *(row.valid_to for row in before if row not in kept)]
    last_day = max(end or date.max for end in ends)
    span = Span(office, wish.valid_from, None if last_day == date.max else last_day, wish.weekday)
    return WeekdayChange(span, before, [*kept, new])


def change_by_end(office: Office, row: OpeningHours, last_day: date, today: date) -> WeekdayChange:
    """What another last day makes of the weekday, be it an earlier or a later one."""
    before = _weekly(office, row.weekday)
    ended = [
        replace(each, valid_to=last_day) if each.valid_from == row.valid_from else each
        for each in before
    ]
    old = row.valid_to or date.max
    first = max(min(old, last_day) + timedelta(days=1), today)
    last = max(old, last_day)
    span = Span(office, first, None if last == date.max else last, row.weekday)
    return WeekdayChange(span, before, ended)


def plan_of_special(wish: SpecialWish) -> DayPlan:
    special = SpecialHours(wish.reason, wish.hours, wish.place)
    return rules.day_plan(wish.day, (), special)


def extent_of_special(wish: SpecialWish, known: Known, booked: int) -> Extent:
    """``booked`` are the people whom the wish leaves no hour: of a closure, everybody's."""
    if wish.hours is None:
        return Extent(people_booked=booked)
    before = known.quota(wish.day) or known.largest_usual(wish.day)
    total = plan_of_special(wish).total
    return Extent(quota_before=before, quota_after=total, people_booked=booked)


def _settle_by_hand(span: Span, by_hand: ByHand, now: datetime) -> None:
    """Nobody's figures are undone unseen: the officer is told which, and says what of them."""
    hours = ports.set_by_hand(span, now=now)
    if hours and by_hand == ByHand.UNDECIDED:
        raise HoursSetByHand(hours=wishes.words_of_set_by_hand(hours))
    if hours and by_hand == ByHand.FOLLOW:
        ports.let_follow(span)


def _weekly(office: Office, weekday: int) -> list[WeeklyHours]:
    rows = selectors.weekly_hours(office, date.min, date.max)
    return [row for row in rows if row.weekday == weekday]


def _past(change: WeekdayChange, approval: Approval | None) -> Past:
    return Past(change.span, change.steps(change.before), approval is not None)


def columns_of(hours: WorkingHours) -> dict[str, object]:
    return {name: getattr(hours, name) for name in TIMES} | {
        f"{channel.lower()}_share": hours.shares.get(channel, 0) for channel in rules.CHANNELS
    }


def _hours_detail(hours: WorkingHours) -> dict[str, object]:
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in columns_of(hours).items()
    }


def _locked(office: Office) -> Office:
    """Changes of one office's calendar wait for each other."""
    return Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def record_and_follow(
    act: str,
    past: Past,
    officer: User,
    now: datetime,
    detail: dict[str, object],
    why: Why = NO_REASON,
) -> None:
    """Keep the change, write it to the log, and let what is already open follow it."""
    span = past.span
    before = [(day.isoformat(), total) for day, total in past.before]
    change = CalendarChange.objects.create(
        office=span.office,
        first_day=span.first_day,
        last_day=span.last_day,
        weekday=span.weekday,
        act=act,
        before=before,
        is_approved=past.is_approved,
        officer=officer,
    )
    if before:
        detail = detail | {"before": before, "approved": past.is_approved}
    audit.record(
        act,
        actor_id=officer.pk,
        subject=f"office:{span.office.code}" if span.office else "nation",
        stream=authority.stream_of(span.office),
        reason=why.reason,
        note=why.note,
        detail=detail | span.log_detail(),
    )
    ports.follow_after_commit(change, now=now)
