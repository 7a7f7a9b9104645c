"""The nation at one instant: asked for by one process every few seconds, for all who look.

A constant number of queries, however many offices and viewers there are. What /metrics
counts is taken from there, and may be half a minute older.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, Sum

from accounts.services import relays
from offices import outline
from offices import selectors as offices
from offices.mail_rules import Finding
from offices.models import Approval, Incident, Office, Report
from offices.services import mail_watch
from paspor.kernel import broker
from paspor.kernel.models import LedgerHead
from paspor.kernel.sharing import Age, shared
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import Case
from queueing.integrity.models.scores import Cluster
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.quota import openings
from queueing.quota.models import Slot
from queueing.quota.rules import HOUR_GONE
from queueing.wall import counts, rules
from queueing.wall.counts import Rows
from queueing.wall.rules import Hour, Standing, Stop

# Six seconds in all.
AGE = Age(shared=4, copy=2.0, look=1.0)
# Counts up with each change of what a snapshot holds: old and new code share a cache.
LAYOUT = 4
MOST_OPENINGS = 4
MOST_ORDERS = 3
# An order is told so long after its last day.
ORDERS_KEPT = timedelta(days=7)
# Two weeks, as /metrics counts them.
TODAY = "0"


@dataclass(frozen=True)
class Site:
    """An office on the map and in the list; ``free`` seats of two weeks."""

    code: str
    name: str
    province: str
    x: float
    y: float
    standing: Standing
    free: int
    stopped: "Stopped | None" = None


@dataclass(frozen=True)
class Stopped:
    """Hours of today that an office has closed on the day itself, by its own clock; ``until``
    is empty where none is open after them."""

    since: datetime
    until: datetime | None
    why: str


@dataclass(frozen=True)
class Trouble:
    """A live incident; ``office`` is empty for the nation."""

    part: str
    office: str
    since: datetime


@dataclass(frozen=True)
class Mail:
    findings: tuple[Finding, ...]
    oldest: datetime | None
    codes: int
    codes_back: int
    relays_resting: int


@dataclass(frozen=True)
class Clocked:
    """Things that wait for somebody, and the next of their deadlines."""

    waiting: int
    late: int
    next_due: datetime | None


@dataclass(frozen=True)
class Suspects:
    clusters: int
    seats_held: int
    cases: int


@dataclass(frozen=True)
class Order:
    """A national order: how far it is, and who waits beyond the day that it set."""

    kind: str
    amount: int
    last_day: date
    is_running: bool
    offices: int
    ended: int
    waiting: int | None


@dataclass(frozen=True)
class Queues:
    """What waits for a machine; seconds of the oldest of each."""

    messages: int
    oldest_message: float
    tasks: int | None
    checks: int
    oldest_check: float
    events: int
    oldest_event: float
    holds_overdue: int


@dataclass(frozen=True)
class Seal:
    """The newest day whose heads of the log were written down; how long ago that day was."""

    day: date | None
    chains: int
    days_ago: int | None


@dataclass(frozen=True)
class Snapshot:
    at: datetime
    sites: tuple[Site, ...]
    openings: tuple[tuple[datetime, int], ...]
    mail: Mail
    incidents: tuple[Trouble, ...]
    # By state: how many are open, how many of those wait too long.
    reports: dict[str, tuple[int, int]]
    suspects: Suspects
    orders: tuple[Order, ...]
    appeals: Clocked
    approvals: Clocked
    queues: Queues
    seal: Seal
    parts: dict[str, bool]
    free_today: int
    free_ahead: int


def current_snapshot(now: datetime) -> Snapshot:
    return shared(f"wall:{LAYOUT}", lambda: take(now), AGE)


def take(now: datetime) -> Snapshot:
    """Ask for all of it."""
    known = offices.directory().offices
    counted = counts.state()
    live = list(Incident.objects.filter(ended_at=None).select_related("office"))
    reports = list(_reports())
    free = _free(counted)
    return Snapshot(
        at=now,
        sites=_sites(known, free, {one.office_id for one in live}, reports, now),
        openings=_openings(known, now),
        mail=_mail(now),
        incidents=tuple(_troubles(live)),
        reports=_by_state(reports),
        suspects=_suspects(),
        orders=_orders(now),
        appeals=_appeals(now),
        approvals=_approvals(now),
        queues=_queues(counted),
        seal=_seal(counted),
        parts={str(part): bool(up) for part, up in counted["paspor_part_up"]},
        free_today=free["", TODAY],
        free_ahead=free["", ""],
    )


def _sites(
    known: tuple[Office, ...],
    free: Counter[tuple[str, str]],
    troubled: set[int | None],
    reports: list[dict],
    now: datetime,
) -> tuple[Site, ...]:
    late = {row["office_id"] for row in reports if row["late"]}
    hours, why = _hours(known, now)
    stops = {pk: found for pk, each in hours.items() if (found := rules.stop(each, now))}
    serving = {pk for pk, each in hours.items() if not all(hour.closed_at for hour in each)}
    return tuple(
        Site(
            office.code,
            rules.short_name(office.name),
            office.province,
            *outline.place(float(office.latitude), float(office.longitude)),
            rules.standing(office.pk, troubled=troubled, late=late, stops=stops, serving=serving),
            free[office.code, ""],
            _stopped(office, stops[office.pk], why) if office.pk in stops else None,
        )
        for office in known
    )


def _stopped(office: Office, stop: Stop, why: dict[int, str]) -> Stopped:
    since, until = stop.since.astimezone(office.zone), stop.until
    return Stopped(since, until.astimezone(office.zone) if until else None, why[office.pk])


def _hours(
    known: tuple[Office, ...], now: datetime
) -> tuple[dict[int, list[Hour]], dict[int, str]]:
    """The hours of each office on its own service day, and why the latest of them was closed.

    Without those that were closed before the day, and those that went with the calendar.
    """
    by_id = {office.pk: office for office in known}
    slots = Slot.objects.filter(day__in={o.today(now) for o in known}).exclude(
        closed_at__isnull=False, closed_why=HOUR_GONE
    )
    rows = slots.order_by("closed_at").values_list(
        "office_id", "day", "starts_at", "ends_at", "closed_at", "closed_why"
    )
    hours: dict[int, list[Hour]] = {}
    why: dict[int, str] = {}
    for pk, day, starts_at, ends_at, closed_at, closed_why in rows:
        office = by_id.get(pk)
        if office is None or day != office.today(now):
            continue
        if closed_at and office.today(closed_at) != day:
            continue
        hours.setdefault(pk, []).append(Hour(starts_at, ends_at, closed_at))
        if closed_at:
            why[pk] = closed_why
    return hours, why


def _free(counted: dict[str, Rows]) -> Counter[tuple[str, str]]:
    """By office and days ahead; "" is all of either."""
    free: Counter[tuple[str, str]] = Counter()
    for office, ahead, number in counted["paspor_seats_free"]:
        for key in ((office, ahead), (office, ""), ("", ahead), ("", "")):
            free[key] += int(number)
    return free


def _openings(known: tuple[Office, ...], now: datetime) -> tuple[tuple[datetime, int], ...]:
    """The next moments, each with how many offices open then."""
    moments = Counter(openings.next_openings(known, now).values())
    return tuple(sorted(moments.items())[:MOST_OPENINGS])


def _troubles(live: list[Incident]) -> list[Trouble]:
    found = [
        Trouble(one.part, rules.short_name(one.office.name) if one.office else "", one.started_at)
        for one in live
    ]
    return sorted(found, key=lambda one: (one.office != "", one.since))


def _reports() -> list[dict]:
    open_ones = Report.objects.exclude(state=Report.State.SOLVED).order_by()
    return list(
        open_ones.values("state", "office_id").annotate(
            open=Count("pk"), late=Count("pk", filter=Q(late_at__isnull=False))
        )
    )


def _by_state(reports: list[dict]) -> dict[str, tuple[int, int]]:
    open_ones: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for row in reports:
        open_ones[row["state"]] += row["open"]
        late[row["state"]] += row["late"]
    return {state: (open_ones[state], late[state]) for state in open_ones}


def _suspects() -> Suspects:
    found = Cluster.objects.filter(state=Cluster.State.FOUND)
    sums = found.aggregate(clusters=Count("pk"), held=Sum("seats_held", default=0))
    cases = Case.objects.filter(state=Case.State.OPEN).count()
    return Suspects(sums["clusters"], sums["held"], cases)


def _orders(now: datetime) -> tuple[Order, ...]:
    """Those that run or ran of late, the nearest last day first."""
    state = NationalOrder.State
    rows = NationalOrder.objects.filter(
        state__in=[state.RUNNING, state.DONE], last_day__gte=now.date() - ORDERS_KEPT
    ).annotate(
        of=Count("offices"),
        ended=Count("offices", filter=~Q(offices__outcome=OrderOffice.Outcome.WAITING)),
        waiting=Sum("offices__waiting"),
    )
    return tuple(
        Order(
            kind=row.kind,
            amount=row.amount,
            last_day=row.last_day,
            is_running=row.state == state.RUNNING,
            offices=row.of,
            ended=row.ended,
            waiting=row.waiting,
        )
        for row in rows.order_by("last_day", "-pk")[:MOST_ORDERS]
    )


def _appeals(now: datetime) -> Clocked:
    waiting = Appeal.objects.filter(state=Appeal.State.RECEIVED)
    sums = waiting.aggregate(
        waiting=Count("pk"),
        late=Count("pk", filter=Q(due_at__lte=now)),
        next_due=Min("due_at", filter=Q(due_at__gt=now)),
    )
    return Clocked(**sums)


def _approvals(now: datetime) -> Clocked:
    """None is late: a request that nobody answers lapses."""
    asked = Approval.objects.filter(state=Approval.State.ASKED, expires_at__gt=now)
    return Clocked(**asked.aggregate(waiting=Count("pk"), next_due=Min("expires_at")), late=0)


def _mail(now: datetime) -> Mail:
    seen = mail_watch.see(now)
    whole = [health for (_name, domain), health in relays.healths().items() if not domain]
    return Mail(
        findings=tuple(mail_watch.found_in(seen, now)),
        oldest=seen.oldest,
        codes=len(seen.codes),
        codes_back=sum(code.went_well for code in seen.codes),
        relays_resting=sum(health.is_resting(now) for health in whole),
    )


def _queues(counted: dict[str, Rows]) -> Queues:
    waiting = {str(state): int(number) for state, number in counted["paspor_messages"]}
    return Queues(
        messages=waiting.get("queued", 0) + waiting.get("sending", 0),
        oldest_message=_one(counted, "paspor_oldest_unsent_message_seconds"),
        tasks=broker.queue_length(),
        checks=int(_one(counted, "paspor_identity_checks_waiting")),
        oldest_check=_one(counted, "paspor_oldest_identity_check_seconds"),
        events=int(_one(counted, "paspor_ledger_waiting")),
        oldest_event=_one(counted, "paspor_oldest_ledger_event_seconds"),
        holds_overdue=int(_one(counted, "paspor_holds_overdue")),
    )


def _seal(counted: dict[str, Rows]) -> Seal:
    rows = counted["paspor_ledger_head_age_days"]
    newest = LedgerHead.objects.values("day").annotate(chains=Count("pk")).order_by("-day").first()
    if newest is None:
        return Seal(None, 0, None)
    return Seal(newest["day"], newest["chains"], int(rows[0][0]) if rows else None)


def _one(counted: dict[str, Rows], name: str) -> float:
    return float(counted[name][0][0])
