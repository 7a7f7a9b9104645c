"""What a change of the calendar would do, told before it is saved. Reads only.

The same functions of the calendar's services say who is affected here and when it is
saved, so what a planner is shown is what is held against the second officer's threshold.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from offices import policies, ports
from offices import rules as of_office
from offices import selectors as offices
from offices.models import Office, SpecialDay
from offices.ports import Span
from offices.rules import Act, DayPlan, Extent, Thresholds
from offices.services import calendar, raises, wishes
from offices.services.raises import Known
from offices.services.wishes import HoursWish, SpecialWish
from queueing.booking import alternatives
from queueing.booking.alternatives import Outlook
from queueing.planning import rules, selectors
from queueing.planning.rules import DayEffect, DayLoad, Opening, Standing
from queueing.quota.models import Slot
from queueing.quota.rules import FARTHEST_DAYS, HourPlan, hours_planned


@dataclass(frozen=True)
class Effect:
    """``people`` stand in hours that do not stay; ``subject`` is what a second officer is asked."""

    act: Act
    subject: str
    people: int
    needs_second: bool
    before: int
    after: int
    days: tuple[DayEffect, ...] = ()
    opening: tuple[Opening, ...] = ()
    set_by_hand: str = ""
    # Booked in hours that stay, on a day that will be held somewhere else.
    elsewhere: int = 0
    # Where a day that the office serves by its usual hours will be held instead.
    away: str = ""


def of_hours(office: Office, wish: HoursWish, now: datetime) -> Effect:
    """Raises CalendarInvalid."""
    today = office.today(now)
    of_office.check_hours(wish.hours, office.kind)
    of_office.check_span(wish.valid_from, wish.valid_to, today=today)
    change = calendar.change_by(office, wish)
    extent = raises.extent_of(change)
    first = raises.on_weekday(wish.valid_from, wish.weekday)
    by_hand = ports.set_by_hand(change.span, now=now)
    effect = Effect(
        act=Act.HOURS,
        subject=wishes.subject_of_hours(office, wish, change.steps(change.after)),
        people=extent.people_booked,
        needs_second=_needs_second(Act.HOURS, extent, office, now),
        before=raises.usual_quota(first, change.before),
        after=wishes.quota(wish.hours),
        set_by_hand=wishes.words_of_set_by_hand(by_hand) if by_hand else "",
    )
    return _with_days(effect, change.span, raises.plans(change), now)


def of_special(office: Office, wish: SpecialWish, now: datetime) -> Effect:
    """Raises CalendarInvalid."""
    return of_specials(office, [wish], now)[0]


def of_specials(office: Office, asked: Sequence[SpecialWish], now: datetime) -> list[Effect]:
    """Of days of their own, in order: as few queries for a month of them as for one.

    Raises CalendarInvalid.
    """
    for wish in asked:
        calendar.check_special(office, wish, now)
    first, last = min(wish.day for wish in asked), max(wish.day for wish in asked)
    seen = _Seen(
        office=office,
        now=now,
        known=raises.known_of(office, first, last),
        loads={load.day: load for load in selectors.days(office, first, last)},
        made=selectors.made_releases(office, first, last),
        thresholds=policies.thresholds(now=now, scope=office.code),
    )
    return [seen.effect(wish) for wish in asked]


@dataclass(frozen=True)
class _Seen:
    """Some days of an office with all that a wish for one of them is held against."""

    office: Office
    now: datetime
    known: Known
    loads: Mapping[date, DayLoad]
    made: Sequence[Standing]
    thresholds: Thresholds

    def effect(self, wish: SpecialWish) -> Effect:
        load, plan = self.loads[wish.day], calendar.plan_of_special(wish)
        told = rules.day_effect(load, plan, names_day=True, keeps_by_hand=True)
        people = told.affected if wish.hours else load.people
        extent = calendar.extent_of_special(wish, self.known, people)
        return Effect(
            act=Act.SPECIAL_DAY,
            subject=wishes.subject_of_special(self.office, wish),
            people=people,
            needs_second=of_office.needs_second(Act.SPECIAL_DAY, extent, self.thresholds),
            before=self.known.plan(wish.day).total,
            after=plan.total,
            days=(told,) if load.hours and self._is_near(wish.day) else (),
            opening=self._opening(load, plan, wish),
            elsewhere=self._elsewhere(load, plan, people),
            away=wish.place.strip() if raises.usual_quota(wish.day, self.known.weekly) else "",
        )

    def _is_near(self, day: date) -> bool:
        return (day - self.office.today(self.now)).days <= FARTHEST_DAYS

    def _opening(self, load: DayLoad, plan: DayPlan, wish: SpecialWish) -> tuple[Opening, ...]:
        """Where no seats stand yet, and the release that covers the day has made its own, or
        the wish gives the day one.
        """
        is_coming = load.day > self.office.today(self.now)
        if load.hours or not is_coming or not self._is_near(load.day):
            return ()
        named = wish.opening(self.office)
        own = [Standing(named.day, named.day, named.opens_at)] if named else self.made
        return rules.openings([plan], own, self.now)

    def _elsewhere(self, load: DayLoad, plan: DayPlan, leaving: int) -> int:
        standing = self.known.special.get(load.day)
        place = standing.place if standing is not None and standing.hours is not None else ""
        if not plan.is_open or plan.place.strip() == place:
            return 0
        return load.people - leaving


def outlook(office: Office, effect: Effect, now: datetime) -> Outlook:
    """Where the people of the hours that do not stay would go, with the seats of the change."""
    leaving = [code for day in effect.days for code in day.leaving]
    return alternatives.outlook(
        office,
        Slot.objects.filter(code__in=leaving),
        now=now,
        becoming={day.day: _planned(office, day) for day in effect.days},
    )


def _planned(office: Office, day: DayEffect) -> list[HourPlan]:
    plan = DayPlan(day.day, is_open=True, hours=day.becoming)
    return hours_planned(plan, office.zone, of_office.channels_of(office.kind))


def of_lifting(row: SpecialDay, now: datetime) -> Effect:
    """What it means that a day is as usual again."""
    office, day = row.office, row.day
    weekly = offices.weekly_hours(office, day, day)
    holiday = offices.holidays_of(office, day, day).get(day, "")
    plan = of_office.day_plan(day, weekly, holiday=holiday)
    span = Span(office, day, day)
    extent = Extent(people_booked=ports.people_booked(span, lambda day: plan))
    effect = Effect(
        act=Act.SPECIAL_DAY,
        subject=calendar.subject_of_lifting(office, day),
        people=extent.people_booked,
        needs_second=_needs_second(Act.SPECIAL_DAY, extent, office, now),
        before=offices.plan_of(office, day, day)[day].total,
        after=plan.total,
        elsewhere=_elsewhere(office, plan, extent.people_booked),
    )
    return _with_days(effect, span, lambda day: plan, now, of_one=True)


def _elsewhere(office: Office, plan: DayPlan, leaving: int) -> int:
    """Who keeps their hour, where the plan holds the day at another place than it is now."""
    standing = offices.special_days(office, plan.day, plan.day).get(plan.day)
    place = standing.place if standing is not None and standing.hours is not None else ""
    if not plan.is_open or plan.place.strip() == place:
        return 0
    return ports.people_booked(Span(office, plan.day, plan.day)) - leaving


def _needs_second(act: Act, extent: Extent, office: Office, now: datetime) -> bool:
    return of_office.needs_second(act, extent, policies.thresholds(now=now, scope=office.code))


def _with_days(
    effect: Effect,
    span: Span,
    plan: Callable[[date], DayPlan],
    now: datetime,
    *,
    of_one: bool = False,
) -> Effect:
    """The coming days of the span, as they are and will be, and what opens where none stood.

    ``of_one``: of a change that is about one day, and asks nothing of seats set by hand.
    """
    today = span.office.today(now)
    farthest = today + timedelta(days=FARTHEST_DAYS)
    first, last = max(span.first_day, today), min(span.last_day or farthest, farthest)
    if last < first:
        return effect
    coming = [day for day in selectors.days(span.office, first, last) if day.day in span]
    bare = [plan(day.day) for day in coming if not day.hours and day.day > today]
    made = selectors.made_releases(span.office, first, last) if bare else []
    return replace(
        effect,
        days=tuple(
            rules.day_effect(day, plan(day.day), names_day=of_one, keeps_by_hand=of_one)
            for day in coming
            if day.hours
        ),
        opening=rules.openings(bare, made, now),
    )
