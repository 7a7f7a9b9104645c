"""Requests for a second officer's yes: the queue, and how it has been decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Min, Q, QuerySet, Window

from accounts.models import User
from offices import selectors as offices
from offices.models import Approval, Office
from offices.rules import Act
from offices.selectors import Reach
from paspor.kernel.aggregates import Median, seconds
from queueing.integrity.policies import insiders
from queueing.integrity.rules import pairs
from queueing.integrity.rules.pairs import Pair
from queueing.integrity.rules.signal import Signal
from queueing.quota.models import Slot

State = Approval.State
SPANS = (30, 90)
# Whose line in the table of acts has integrity watches over officers: heads, and SISTIK.
WATCHING = Act.VOID
# Their subject begins with the officer whom it is about.
ABOUT_OFFICERS = (
    *(Act.GRANT_COUNTER, Act.GRANT_PLANNER, Act.GRANT_HEAD, Act.GRANT_SISTIK),
    Act.RESET_SECOND,
)
YES = (State.GRANTED, State.USED)
# Stands for requests that are no office's; a code of an office has capitals.
NATION = "nasional"


def _seconds_taken() -> Func:
    return seconds(F("decided_at") - F("asked_at"))


def watched_by(user: User, now: datetime) -> Reach:
    """The offices over whose officers this user watches; empty for counters and planners."""
    return offices.offices_of(user, now, WATCHING)


@dataclass(frozen=True)
class Request:
    """A request with who may decide it. ``slot`` is the hour it is about, where it names one."""

    approval: Approval
    may_decide: bool = False
    slot: Slot | None = None
    # The address of who would get a post, where that is asked.
    appointee: str = ""


@dataclass(frozen=True)
class Narrowed:
    """What of the queue is asked for: one kind of act, one office; empty does not narrow."""

    act: str = ""
    office: str = ""


EVERYTHING = Narrowed()


@dataclass(frozen=True)
class Facet:
    """How many wait for one kind of act at one office; ``office`` is empty for the nation's."""

    act: str
    office: str
    office_name: str
    count: int


def waiting(user: User, now: datetime, narrowed: Narrowed = EVERYTHING) -> QuerySet[Approval]:
    """Requests of others where the user may look. Those of one kind and one office stand
    together, the group and in it the request that waits longest first.
    """
    found = offices.approvals_waiting(user, now)
    if narrowed.act:
        found = found.filter(act=narrowed.act)
    if narrowed.office:
        is_nations = narrowed.office == NATION
        found = (
            found.filter(office=None) if is_nations else found.filter(office__code=narrowed.office)
        )
    alike = [F("act"), F("office")]
    longest = Window(Min("asked_at"), partition_by=alike)
    return found.annotate(longest=longest).order_by("longest", *alike, "asked_at", "pk")


def facets(user: User, now: datetime) -> list[Facet]:
    rows = offices.approvals_waiting(user, now).order_by("office__name", "act")
    counted = rows.values_list("act", "office__code", "office__name").annotate(n=Count("pk"))
    return [Facet(act, code or "", name or "", n) for act, code, name, n in counted]


def requests(user: User, approvals: Sequence[Approval], now: datetime) -> list[Request]:
    """What is needed to show and to decide each."""
    is_national = offices.is_national(user, now)
    reaches: dict[str, Reach] = {}
    slots, appointees = _slots_of(approvals), _appointees_of(approvals)
    rows = []
    for approval in approvals:
        if approval.act not in reaches:
            reaches[approval.act] = offices.offices_of(user, now, Act(approval.act))
        reach = reaches[approval.act]
        own = reach.is_national if approval.office_id is None else approval.office_id in reach
        slot = slots.get(approval.matter.slot)
        appointee = appointees.get(approval.matter.officer, "")
        rows.append(Request(approval, own or is_national, slot, appointee))
    return rows


def own(user: User, now: datetime) -> list[Request]:
    """What the user asked for in the last 30 days, the latest first."""
    since = now - timedelta(days=SPANS[0])
    asked = Approval.objects.filter(asked_by=user, asked_at__gt=since)
    rows = asked.select_related("office", "asked_by", "second")
    found = rows.order_by("-asked_at", "-pk")[:50]
    slots = _slots_of(found)
    return [Request(row, slot=slots.get(row.matter.slot)) for row in found]


def request_for(user: User, code: str, now: datetime) -> Approval | None:
    """One request of somebody else where the user may look, decided or not."""
    found = Approval.objects.filter(code=code).exclude(asked_by=user)
    reach = offices.offices_of(user, now)
    if not reach.is_national:
        found = found.filter(office__in=reach.ids)
    return found.select_related("office", "asked_by", "second").first()


def _appointees_of(approvals: Iterable[Approval]) -> dict[str, str]:
    codes = {code for approval in approvals if (code := approval.matter.officer)}
    found = User.objects.filter(code__in=codes) if codes else User.objects.none()
    return dict(found.values_list("code", "email"))


def _slots_of(approvals: Iterable[Approval]) -> dict[str, Slot]:
    codes = {code for approval in approvals if (code := approval.matter.slot)}
    slots = Slot.objects.filter(code__in=codes).select_related("office") if codes else ()
    return {slot.code: slot for slot in slots}


@dataclass(frozen=True)
class Tally:
    """What became of the requests for one act. ``median_seconds`` is None with none decided."""

    act: str
    asked: int
    granted: int
    declined: int
    lapsed: int
    median_seconds: float | None


def offices_with_requests(reach: Reach) -> QuerySet[Office]:
    """Those of these offices where a second officer was ever asked for, by name."""
    known = Office.objects.filter(approvals__isnull=False).distinct().order_by("name")
    return known if reach.is_national else known.filter(pk__in=reach.ids)


def asked_since(reach: Reach, since: datetime, office: Office | None = None) -> QuerySet[Approval]:
    found = Approval.objects.filter(asked_at__gt=since)
    if not reach.is_national:
        found = found.filter(office__in=reach.ids)
    return found if office is None else found.filter(office=office)


def tallies(found: QuerySet[Approval], now: datetime) -> list[Tally]:
    """By act, the most asked first; one query."""
    rows = (
        found.order_by()
        .values("act")
        .annotate(
            asked=Count("pk"),
            granted=Count("pk", filter=Q(state__in=YES)),
            declined=Count("pk", filter=Q(state=State.DECLINED)),
            lapsed=Count("pk", filter=Q(state=State.ASKED, expires_at__lte=now)),
            median_seconds=Median(_seconds_taken(), filter=Q(decided_at__isnull=False)),
        )
        .order_by("-asked", "act")
    )
    return [Tally(**row) for row in rows]


@dataclass(frozen=True)
class PairRow:
    """Who asked, who decided, how that went, and whether it is worth a look."""

    asker_id: int
    second_id: int
    asker: str
    second: str
    # Where they decided; None is the nation.
    offices: tuple[int | None, ...]
    pair: Pair
    signal: Signal | None


def pair_rows(found: QuerySet[Approval], now: datetime) -> list[PairRow]:
    """The pairs of officers over all offices, those worth a look first; two queries."""
    decided = found.filter(second__isnull=False).order_by()
    of_asker = dict(decided.values_list("asked_by").annotate(n=Count("pk")))
    limits, weight = insiders.pair_limits(now), insiders.PAIR_WEIGHT.at(now=now)
    rows = []
    for row in (
        decided.values("asked_by", "second", "asked_by__email", "second__email")
        .annotate(
            offices=ArrayAgg("office", distinct=True),
            decided=Count("pk"),
            granted=Count("pk", filter=Q(state__in=YES)),
            median=Median(_seconds_taken()),
        )
        .order_by("-decided", "asked_by", "second")
    ):
        pair = Pair(row["decided"], row["granted"], row["median"], of_asker[row["asked_by"]])
        rows.append(
            PairRow(
                row["asked_by"],
                row["second"],
                row["asked_by__email"],
                row["second__email"],
                tuple(row["offices"]),
                pair,
                pairs.always_agrees(pair, limits, weight),
            )
        )
    return sorted(rows, key=lambda row: row.signal is None)
