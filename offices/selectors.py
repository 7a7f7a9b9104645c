"""Reading offices, their calendars and who serves there. Nothing here writes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from offices import rules
from offices.errors import OfficeUnknown
from offices.models import (
    Announcement,
    Approval,
    Holiday,
    Incident,
    Office,
    OfficerPost,
    OpeningHours,
    SpecialDay,
)
from offices.policies import EXCUSED_DAYS
from offices.rules import Act, DayPlace, DayPlan, SpecialHours, WeeklyHours, WorkingHours
from paspor.kernel.models import AuditEvent, Note
from paspor.kernel.prepared.reading import Prepared
from paspor.kernel.sharing import Age, shared

EARTH_KM = 6371.0
# Five seconds in all.
DIRECTORY_AGE = Age(shared=3, copy=2.0, look=1.0)
# Counts up with each change of an office's fields: old and new code share a cache.
DIRECTORY_LAYOUT = 1


def names_of(codes: Collection[str]) -> dict[str, str]:
    """What offices are called, by their codes (accounts.ports)."""
    return dict(Office.objects.filter(code__in=codes).values_list("code", "name"))


def office_by_code(code: str) -> Office:
    """An office that serves; raises OfficeUnknown for any other code."""
    plausible = code.isascii() and code.isprintable()
    office = public_offices().filter(code=code).first() if plausible else None
    if office is None:
        raise OfficeUnknown
    return office


def public_offices() -> QuerySet[Office]:
    """The offices that serve, by name."""
    return Office.objects.filter(is_active=True).select_related("parent").order_by("name")


@dataclass(frozen=True)
class Wanted:
    """What a citizen looks for; an empty value does not narrow the list."""

    text: str = ""
    province: str = ""
    kind: str = ""
    passport_type: str = ""

    def fits(self, office: Office) -> bool:
        words = self.text.casefold().split()
        told = [office.name, office.regency, office.province, office.code]
        return (
            all(any(word in name.casefold() for name in told) for word in words)
            and self.province.casefold() in ("", office.province.casefold())
            and self.kind in ("", office.kind)
            and (not self.passport_type or self.passport_type in office.passport_types)
        )


@dataclass(frozen=True)
class Directory:
    """All offices that serve, by name, read together. Many threads hold the same one."""

    offices: tuple[Office, ...]

    @cached_property
    def by_code(self) -> dict[str, Office]:
        return {office.code: office for office in self.offices}

    @cached_property
    def provinces(self) -> list[str]:
        return sorted({office.province for office in self.offices})


def directory() -> Directory:
    """Some seconds old, for pages that everybody reads; an act asks for the row itself."""
    key = f"offices:directory:{DIRECTORY_LAYOUT}"
    return shared(key, lambda: Directory(tuple(public_offices())), DIRECTORY_AGE)


def listed_office(code: str) -> Office:
    """The office with this code, from the shared directory: no query. Raises OfficeUnknown."""
    office = directory().by_code.get(code)
    if office is None:
        raise OfficeUnknown
    return office


def listed(wanted: Wanted = Wanted()) -> list[Office]:
    """The offices that the public may choose, from the shared directory: no query."""
    return [office for office in directory().offices if wanted.fits(office)]


def provinces() -> list[str]:
    """The provinces that have an office, by name."""
    return directory().provinces


def distance_km(office: Office, latitude: float, longitude: float) -> float:
    """Along a great circle; a straight line over sea and mountains, not a road."""
    lat, lon = radians(latitude), radians(longitude)
    office_lat, office_lon = radians(float(office.latitude)), radians(float(office.longitude))
    half = (
        sin((office_lat - lat) / 2) ** 2
        + cos(lat) * cos(office_lat) * sin((office_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def nearest(
    latitude: float, longitude: float, wanted: Wanted = Wanted()
) -> list[tuple[Office, float]]:
    """Offices with their distance in km, nearest first. A few hundred rows: sorted here."""
    found = [(office, distance_km(office, latitude, longitude)) for office in listed(wanted)]
    return sorted(found, key=lambda pair: (pair[1], pair[0].name))


def working_hours(row: OpeningHours | SpecialDay) -> WorkingHours:
    return WorkingHours(
        opens=row.opens,
        closes=row.closes,
        stations=row.stations,
        minutes=row.minutes,
        break_starts=row.break_starts,
        break_ends=row.break_ends,
        shares={
            "ONLINE": row.online_share,
            "PRIORITY": row.priority_share,
            "SAME_DAY": row.same_day_share,
            "COUNTER": row.counter_share,
        },
    )


def weekly_hours(
    office: Office,
    first_day: date,
    last_day: date,
    among: QuerySet[OpeningHours] | None = None,
) -> list[WeeklyHours]:
    """The usual hours that touch a span of days; ``among`` narrows the rows looked at."""
    rows = (OpeningHours.objects.all() if among is None else among).filter(
        Q(valid_to=None) | Q(valid_to__gte=first_day), office=office, valid_from__lte=last_day
    )
    return [
        WeeklyHours(row.weekday, row.valid_from, row.valid_to, working_hours(row)) for row in rows
    ]


@dataclass(frozen=True)
class UsualDay:
    """A weekday (0 is Monday) with the hours that hold for it."""

    weekday: int
    opens: time
    closes: time
    break_starts: time | None
    break_ends: time | None


def usual_week(office: Office, today: date) -> list[UsualDay]:
    """The hours of the coming seven days as they usually are; closed weekdays are left out."""
    weekly = weekly_hours(office, today, today + timedelta(days=6))
    found = []
    for day in (today + timedelta(days=n) for n in range(7)):
        hours = rules.weekly_hours_on(day, weekly)
        if hours is not None and hours.stations:
            rest = (hours.break_starts, hours.break_ends)
            found.append(UsualDay(day.weekday(), hours.opens, hours.closes, *rest))
    return sorted(found, key=lambda day: day.weekday)


def special_days(office: Office, first_day: date, last_day: date) -> dict[date, SpecialHours]:
    rows = SpecialDay.objects.filter(office=office, day__range=(first_day, last_day))
    return {row.day: _special_hours(row) for row in rows}


def _special_hours(row: SpecialDay) -> SpecialHours:
    return SpecialHours(
        reason=row.reason,
        hours=working_hours(row) if row.kind == SpecialDay.Kind.EXTRA else None,
        place=row.place,
    )


def told_of_day(office: str, day: str) -> dict[str, Subquery]:
    """Annotations that ``place_read`` reads of the rows.

    ``office`` and ``day`` name the fields of the model that is annotated.
    """
    days = SpecialDay.objects.filter(
        office=OuterRef(office), day=OuterRef(day), kind=SpecialDay.Kind.EXTRA
    )
    return {
        "day_place": Subquery(days.values("place")[:1]),
        "day_note": Subquery(days.values("reason")[:1]),
    }


def place_read(row: Any) -> DayPlace:
    """Of a row of a query with ``told_of_day``."""
    return DayPlace(row.day_place or "", row.day_note or "")


def holidays_of(office: Office, first_day: date, last_day: date) -> dict[date, str]:
    """Confirmed holidays of the nation and of the office; the office's own name wins."""
    rows = Holiday.objects.filter(
        Q(office=None) | Q(office=office),
        state=Holiday.State.CONFIRMED,
        day__range=(first_day, last_day),
    ).order_by("office_id")
    names: dict[date, str] = {}
    for row in rows:
        if row.office_id is not None or row.day not in names:
            names[row.day] = row.name
    return names


def plan_of(office: Office, first_day: date, last_day: date) -> dict[date, DayPlan]:
    """What the office offers on each day of a span, both ends included: three queries."""
    weekly = weekly_hours(office, first_day, last_day)
    special = special_days(office, first_day, last_day)
    holidays = holidays_of(office, first_day, last_day)
    days = (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))
    return {
        day: rules.day_plan(day, weekly, special.get(day), holidays.get(day, "")) for day in days
    }


def calendars(
    asked: Iterable[Office], first_day: date, last_day: date
) -> dict[int, Callable[[date], DayPlan]]:
    """What many offices offer, each day worked out when it is asked for.

    By the id of the office; three queries in all.
    """
    ids = [office.pk for office in asked]
    weekly: dict[int, list[WeeklyHours]] = {pk: [] for pk in ids}
    for row in OpeningHours.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=first_day), office__in=ids, valid_from__lte=last_day
    ):
        hours = WeeklyHours(row.weekday, row.valid_from, row.valid_to, working_hours(row))
        weekly[row.office_id].append(hours)
    special = {
        (row.office_id, row.day): _special_hours(row)
        for row in SpecialDay.objects.filter(office__in=ids, day__range=(first_day, last_day))
    }
    holidays = {
        (row.office_id, row.day): row.name
        for row in Holiday.objects.filter(
            Q(office=None) | Q(office__in=ids),
            state=Holiday.State.CONFIRMED,
            day__range=(first_day, last_day),
        )
    }

    def plan(pk: int, day: date) -> DayPlan:
        holiday = holidays.get((pk, day)) or holidays.get((None, day)) or ""
        return rules.day_plan(day, weekly[pk], special.get((pk, day)), holiday)

    return {pk: partial(plan, pk) for pk in ids}


@dataclass(frozen=True)
class Reach:
    """The offices that someone answers for: some ids, or all of them."""

    is_national: bool = False
    ids: frozenset[int] = frozenset()

    def __contains__(self, office_id: int | None) -> bool:
        return self.is_national or office_id in self.ids

    def __bool__(self) -> bool:
        return self.is_national or bool(self.ids)


def posts_of(user: User, now: datetime) -> QuerySet[OfficerPost]:
    """The posts that the user holds at this moment."""
    return OfficerPost.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), user_id=user.pk, starts_at__lte=now
    )


def is_officer(user: User, now: datetime) -> bool:
    """Whether the user holds a post, or will."""
    return OfficerPost.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), user_id=user.pk
    ).exists()


def posts_over(user: User, now: datetime) -> QuerySet[OfficerPost]:
    """The posts that the user held before now, the last first; not those that never began."""
    over = OfficerPost.objects.filter(user_id=user.pk, ends_at__lte=now, starts_at__lt=F("ends_at"))
    return over.select_related("office").order_by("-ends_at", "-pk")


def offices_of(user: User, now: datetime, act: Act | None = None) -> Reach:
    """The offices where the user may do ``act``; without one, where they may look."""
    posts = posts_of(user, now)
    return reach_of(post for post in posts if act is None or rules.may(post.role, act))


def reach_of(posts: Iterable[OfficerPost]) -> Reach:
    """The offices that some posts answer for; head and planner of a kanim reach its branches."""
    posts = list(posts)
    if any(post.role == rules.Role.SISTIK for post in posts):
        return Reach(is_national=True)
    own = {post.office_id for post in posts}
    return Reach(ids=frozenset(own | _branches_covered(posts)))


def _branches_covered(posts: Iterable[OfficerPost]) -> set[int]:
    heads = {post.office_id for post in posts if rules.Role(post.role) in rules.COVERS_BRANCHES}
    if not heads:
        return set()
    return set(Office.objects.filter(parent_id__in=heads).values_list("pk", flat=True))


def may(user: User, act: Act, office: Office | None, now: datetime) -> bool:
    """Whether the user may do the act at the office; None stands for the whole nation."""
    if not user.is_active:
        return False
    reach = offices_of(user, now, act)
    return reach.is_national if office is None else office.pk in reach


def holders(act: Act, office: Office, now: datetime) -> QuerySet[User]:
    """Everybody who may do the act at the office at this moment, as ``may`` says of each."""
    roles = [role for role in rules.Role if rules.may(role, act)]
    covering = [role for role in roles if role in rules.COVERS_BRANCHES]
    where = Q(office=office) | Q(role=rules.Role.SISTIK)
    if office.parent_id:
        where |= Q(role__in=covering, office=office.parent_id)
    live = OfficerPost.objects.filter(where, Q(ends_at=None) | Q(ends_at__gt=now))
    posts = live.filter(role__in=roles, starts_at__lte=now)
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def is_national(user: User, now: datetime) -> bool:
    """Whether the user is of SISTIK."""
    return offices_of(user, now).is_national


def approvals_waiting(user: User, now: datetime) -> QuerySet[Approval]:
    """Requests of others that wait for a second officer, where the user may look."""
    reach = offices_of(user, now)
    waiting = _asked_by_others(user, now)
    return waiting if reach.is_national else waiting.filter(office__in=reach.ids)


def approvals_to_decide(user: User, now: datetime) -> QuerySet[Approval]:
    """Those that wait for such an officer: what they may do themselves, where they answer for
    it. Those of offices wait for SISTIK only where nobody else is.
    """
    posts = list(posts_of(user, now))
    reach = reach_of(posts)
    acts = [act for act in Act if any(rules.may(post.role, act) for post in posts)]
    waiting = _asked_by_others(user, now).filter(act__in=acts)
    return (
        waiting.filter(office=None) if reach.is_national else waiting.filter(office__in=reach.ids)
    )


def why_declined(approvals: Iterable[Approval]) -> dict[str, str]:
    """What second officers wrote when they declined, by the code of the request; two queries.

    Those of whose words nothing is kept any more are left out.
    """
    declined = [each for each in approvals if each.state == Approval.State.DECLINED]
    if not declined:
        return {}
    told = AuditEvent.objects.filter(
        act="decline_approval",
        subject__in=[f"approval:{each.code}" for each in declined],
        at__gte=min(each.asked_at for each in declined),
    )
    notes = {event.note_id: event.subject.partition(":")[2] for event in told if event.note_id}
    return {notes[pk]: note.text for pk, note in Note.objects.in_bulk(notes).items()}


def _asked_by_others(user: User, now: datetime) -> QuerySet[Approval]:
    waiting = Approval.objects.filter(state=Approval.State.ASKED, expires_at__gt=now)
    return waiting.exclude(asked_by=user).select_related("office", "asked_by")


def announcements_of(office: Office, *, now: datetime) -> QuerySet[Announcement]:
    """What the office tells beforehand, until the last of its days is over there."""
    standing = Announcement.objects.filter(withdrawn_at=None, last_day__gte=office.today(now))
    return standing.filter(office=office).order_by("first_day", "pk")


def announcements_to_mail(*, now: datetime) -> list[Announcement]:
    """Those whose readers may not all have their mail yet."""
    waiting = Announcement.objects.filter(withdrawn_at=None, mailed_at=None)
    rows = waiting.filter(last_day__gte=now.date() - timedelta(days=1)).order_by("pk")
    found = rows.select_related("office")
    return [row for row in found if row.last_day >= row.office.today(now)]


@dataclass(frozen=True)
class OfficePageFacts:
    """What an office's page tells of its hours and plans, shared by its readers."""

    week: tuple[WeeklyHours, ...]
    announcements: tuple[Announcement, ...]


def told_by(office: Office, now: datetime) -> OfficePageFacts:
    """The hours that hold today, and what the office announces; some seconds old."""
    today = office.today(now)

    def read() -> OfficePageFacts:
        week = weekly_hours(office, today, today)
        return OfficePageFacts(tuple(week), tuple(announcements_of(office, now=now)))

    return shared(f"offices:told:{DIRECTORY_LAYOUT}:{office.pk}:{today}", read)


# Of 156 offices in 90 days; the page of status stays one that a phone can open.
MOST_ENDED = 200


def live_incidents(office: Office | None = None) -> QuerySet[Incident]:
    """What is broken now, oldest first; with an office: what concerns it."""
    rows = Incident.objects.filter(ended_at=None).select_related("office")
    if office is not None:
        rows = rows.filter(Q(office=None) | Q(office=office))
    return rows.prefetch_related("updates").order_by("started_at", "pk")


def ended_incidents(*, since: datetime) -> QuerySet[Incident]:
    """What was broken in the nation or at an office and is over, latest first."""
    rows = Incident.objects.filter(ended_at__gte=since).select_related("office")
    return rows.prefetch_related("updates").order_by("-ended_at")[:MOST_ENDED]


def opens_walk_in(office: Office) -> bool:
    """Whether something broken lets people come without a booking."""
    return live_incidents(office).filter(opens_walk_in=True).exists()


def excused_until(
    office: Office, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> datetime | None:
    """Until when a visit at this hour may be moved freely because something was broken.

    None where nothing was. While the incident lives, and some days after it, nobody of
    that hour is absent; a visit that lies ahead moves freely while it lives.
    """
    grace = timedelta(days=EXCUSED_DAYS.at(now=now))
    found = _EXCUSING(office.pk, starts_at, ends_at)
    return max((max((end or now) + grace, starts_at) for (end,) in found), default=None)


def _excusing(office: int, starts_at: datetime, ends_at: datetime) -> QuerySet[Any]:
    return Incident.objects.filter(
        Q(office=None) | Q(office=office),
        Q(ended_at=None) | Q(ended_at__gt=starts_at),
        excuses_visits=True,
        started_at__lt=ends_at,
    ).values_list("ended_at")


_EXCUSING: Prepared[tuple[datetime | None]] = Prepared(_excusing)
