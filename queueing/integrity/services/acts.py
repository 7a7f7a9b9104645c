"""Acting on the accounts of a case: prepared and shown, agreed to, then run bit by bit.

The set is frozen in BulkItem rows when the act is prepared, and the approval names its
digest: the second officer agrees to exactly this. Each item is one short transaction that
does its work and says so, so a run that was cut off is simply gone on with, and two runs
at once share the items (docs/cases.md, docs/locking.md).
"""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import suspension
from offices import reasons
from offices.approval_rules import Matter
from offices.models import Approval
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit, broker
from paspor.kernel.codes import normalized
from paspor.kernel.errors import Busy
from queueing.booking import selectors as bookings
from queueing.booking.actors import Actor
from queueing.booking.services import first_rights, places
from queueing.integrity import case_errors as errors
from queueing.integrity import case_notices as notices
from queueing.integrity import case_words
from queueing.integrity.models.cases import BulkAct, BulkItem, Case, Restriction
from queueing.integrity.rules import cases as rules
from queueing.integrity.selectors import act_items
from queueing.integrity.selectors import cases as selectors
from queueing.integrity.selectors import restrictions as restricted
from queueing.integrity.services import restrictions, voiding
from queueing.integrity.services.cases import agreed_by, lock_case
from queueing.integrity.services.restrictions import Terms

RUN = "integrity.run_act"
# An officer waits for these; a worker does the rest, within the minute at the latest.
AT_ONCE = 20
KINDS = {
    BulkAct.Kind.LIMIT: Restriction.Kind.LIMITED,
    BulkAct.Kind.SUSPEND: Restriction.Kind.SUSPENDED,
}
Outcome = BulkItem.Outcome


@dataclass(frozen=True)
class Wish:
    """What an officer wants done; without ``account_codes``, to all accounts of the case."""

    act: Act
    why: Why
    account_codes: Collection[str] | None = None
    until: datetime | None = None


@transaction.atomic
def prepare(*, officer: User, code: str, wish: Wish, now: datetime) -> BulkAct:
    """Freeze what the act is about, and do nothing yet.

    Locks the case. Raises NothingToDo, ReasonNeeded, CaseOver, NotAllowed.
    """
    case = lock_case(normalized(code))
    authority.require(officer=officer, act=wish.act, office=case.office, now=now)
    reasons.check(wish.act, wish.why)
    rules.check_not_over(case.state)
    items = _items(case, wish, now=now)
    if not items:
        raise errors.NothingToDo
    act = BulkAct.objects.create(
        case=case,
        act=wish.act,
        reason=wish.why.reason,
        until=wish.until,
        prepared_by=officer,
        prepared_at=now,
        digest=_digest(wish, items),
        total=len(items),
    )
    for item in items:
        item.bulk = act
    BulkItem.objects.bulk_create(items)
    record("case.prepare", act, officer, note=wish.why.note)
    return act


def _items(case: Case, wish: Wish, *, now: datetime) -> list[BulkItem]:
    members = case.members.all()
    if wish.account_codes is not None:
        members = members.filter(account__code__in=list(wish.account_codes))
    accounts = sorted(members.values_list("account_id", flat=True))
    if wish.act == Act.VOID:
        return _bookings(case, accounts)
    standing = restricted.live(now).filter(account__in=accounts)
    if wish.act == Act.LIFT:
        wanted = set(standing.filter(case=case).values_list("account_id", flat=True))
    else:
        kind = KINDS[BulkAct.Kind(wish.act)]
        wanted = set(accounts) - set(
            standing.filter(kind=kind).values_list("account_id", flat=True)
        )
    return [BulkItem(account_id=pk) for pk in accounts if pk in wanted]


def _bookings(case: Case, accounts: Sequence[int]) -> list[BulkItem]:
    found = selectors.places_to_void(case, accounts)
    return [
        BulkItem(
            account_id=booking.account_id, booking=booking, place_ids=[place.pk for place in group]
        )
        for booking, group in groupby(found, key=lambda place: place.booking)
    ]


def _digest(wish: Wish, items: Sequence[BulkItem]) -> str:
    told = [wish.act, wish.why.reason, str(wish.until or "")]
    told += [f"{item.account_id}:{item.booking_id}:{sorted(item.place_ids)}" for item in items]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def subject_of(act: BulkAct) -> str:
    """What an approval must name: this act of this case over this very set."""
    return f"{act.act}:{act.case.code}:{act.code}:{act.digest[:16]}"


def lock_act(code: str) -> BulkAct:
    """Raises CaseUnknown."""
    act = (
        BulkAct.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case__office", "prepared_by")
        .filter(code=normalized(code))
        .first()
    )
    if act is None:
        raise errors.CaseUnknown
    return act


@transaction.atomic
def start(*, officer: User, code: str, now: datetime) -> BulkAct:
    """Begin a prepared act; the worker and the sweep do the rest.

    Locks the act. Raises NeedsApproval where a second officer has to agree, ActBegun,
    ActWithdrawn, ActLapsed, CaseOver, NotAllowed.
    """
    act = lock_act(code)
    case = act.case
    authority.require(officer=officer, act=Act(act.act), office=case.office, now=now)
    rules.check_not_over(case.state)
    rules.check_act_waits(act.state)
    if act_items.lapses_at(act, now=now) <= now:
        raise errors.ActLapsed
    used = _use_approval(act, officer, now=now)
    act.state, act.started_at = BulkAct.State.RUNNING, now
    act.save(update_fields=["state", "started_at"])
    record("case.start", act, officer, detail=agreed_by(used))
    transaction.on_commit(partial(broker.tell, RUN, act.pk), robust=True)
    return act


def _use_approval(act: BulkAct, officer: User, *, now: datetime) -> Approval | None:
    """Suspending five at a time is suspending many: those before count too."""
    reach = selectors.reach_of(act)
    accounts = reach.accounts
    if act.act == BulkAct.Kind.SUSPEND:
        accounts += restricted.suspended_in(act.case_id, now=now)
    request = approvals.Request(
        Act(act.act),
        subject_of(act),
        act.case.office,
        Matter(case=act.case.code, bulk_act=act.code),
        words=case_words.summary(act, reach),
    )
    extent = Extent(accounts=accounts, places=reach.places)
    return approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)


def run(*, act_id: int, now: datetime, most: int | None = None) -> int:
    """Do what is waiting of a started act, item by item; how many were done here.

    Items that another run holds are passed over, and so are those whose rows are busy:
    the sweep comes back to them.
    """
    done, after = 0, 0
    while most is None or done < most:
        found = _next(act_id, after, now=now)
        if found is None:
            break
        after, finished = found
        done += finished
    _finish(act_id, now=now)
    return done


def resume(now: datetime) -> int:
    """Go on with every act that was started and is not done; how many items."""
    running = BulkAct.objects.filter(state=BulkAct.State.RUNNING).order_by("pk")
    return sum(run(act_id=pk, now=now) for pk in list(running.values_list("pk", flat=True)))


@transaction.atomic
def _next(act_id: int, after: int, *, now: datetime) -> tuple[int, bool] | None:
    """Do one item: its id, and whether it is done; None where none is to be had."""
    item = (
        BulkItem.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("bulk__case__office", "bulk__prepared_by")
        .filter(
            bulk=act_id,
            bulk__state=BulkAct.State.RUNNING,
            outcome=Outcome.WAITING,
            pk__gt=after,
        )
        .order_by("pk")
        .first()
    )
    if item is None:
        return None
    try:
        with transaction.atomic():
            item.places, item.outcome = WORK[BulkAct.Kind(item.bulk.act)](item, now)
    except Busy:
        return item.pk, False
    item.done_at = now
    item.save(update_fields=["places", "outcome", "done_at"])
    return item.pk, True


def _upheld_since(item: BulkItem) -> bool:
    """Whether what was shown before the act has been answered for this account meanwhile.

    Locks the account, as an appeal that is upheld does: the one or the other is first.
    """
    suspension.lock(item.account_id)
    return act_items.upheld_since(item.bulk).filter(account=item.account_id).exists()


def _restrict(item: BulkItem, now: datetime) -> tuple[int, Outcome]:
    act = item.bulk
    if _upheld_since(item):
        return 0, Outcome.LEFT
    terms = Terms(
        case=act.case,
        kind=KINDS[BulkAct.Kind(act.act)],
        reason=act.reason,
        by=act.prepared_by,
        until=act.until,
    )
    made = restrictions.impose(account_id=item.account_id, terms=terms, now=now)
    return 0, Outcome.DONE if made else Outcome.LEFT


def _lift(item: BulkItem, now: datetime) -> tuple[int, Outcome]:
    act = item.bulk
    lifted = restrictions.lift(
        account_id=item.account_id, case=act.case, reason=act.reason, by=act.prepared_by, now=now
    )
    return 0, Outcome.DONE if lifted else Outcome.LEFT


def _void(item: BulkItem, now: datetime) -> tuple[int, Outcome]:
    """The places meant, as far as nobody of them has arrived, left or moved meanwhile.

    Locks the booking, then its seats. Others of the same family stay as they are.
    """
    act = item.bulk
    if _upheld_since(item):
        return 0, Outcome.LEFT
    booking = places.lock_booking_by_id(item.booking_id)
    meant = [place for place in places.places_of(booking) if place.pk in item.place_ids]
    going = [place for place in meant if place.state in voiding.VOIDABLE]
    owed = [place for place in meant if place.first_right_until is not None]
    actor = Actor.officer(act.prepared_by)
    detail = {"case": act.case.code, "act": act.code}
    if going:
        why = Why(act.reason)
        voiding.void(booking, going, why=why, actor=actor, now=now, detail=detail)
    if owed:
        first_rights.give_up(booking, owed, why="voided", actor=actor)
    ended = [place.pk for place in (*going, *owed)]
    if not ended:
        return 0, Outcome.LEFT
    notices.voided(bookings.booking_by_id(booking.pk), ended, act=act, now=now)
    return len(ended), Outcome.DONE


WORK: dict[BulkAct.Kind, Callable[[BulkItem, datetime], tuple[int, Outcome]]] = {
    BulkAct.Kind.LIMIT: _restrict,
    BulkAct.Kind.SUSPEND: _restrict,
    BulkAct.Kind.LIFT: _lift,
    BulkAct.Kind.VOID: _void,
}


@transaction.atomic
def _finish(act_id: int, *, now: datetime) -> None:
    """Whoever finds nothing waiting says so; once, because the row is locked."""
    act = (
        BulkAct.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case__office")
        .get(pk=act_id)
    )
    waiting = act.items.filter(outcome=Outcome.WAITING)
    if act.state != BulkAct.State.RUNNING or waiting.exists():
        return
    act.state, act.finished_at = BulkAct.State.DONE, now
    act.save(update_fields=["state", "finished_at"])
    progress = selectors.progress_of(act)
    record("case.done", act, None, detail={"left": progress.left_alone, "ended": progress.places})


def record(
    what: str,
    act: BulkAct,
    officer: User | None,
    *,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """What happened to an act, in the log of its case."""
    told = {"code": act.code, "act": act.act, "items": act.total, "digest": act.digest}
    audit.record(
        what,
        actor_id=officer.pk if officer else None,
        subject=f"case:{act.case.code}",
        stream=authority.stream_of(act.case.office),
        reason=act.reason,
        note=note,
        detail=told | (detail or {}),
    )
