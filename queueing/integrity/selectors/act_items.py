"""What exactly an act over a case is about: its accounts, visits and offices, and who agreed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from offices.models import Approval
from paspor.kernel.models import AuditEvent
from queueing.booking.models import Place
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkAct, BulkItem
from queueing.integrity.policies import cases as policies
from queueing.integrity.rules import cases as rules
from queueing.quota.models import Slot

LISTED = 200


@dataclass(frozen=True)
class Item:
    """One account; where places are voided, one visit of it with how many people are meant."""

    account: str
    outcome: BulkItem.Outcome
    visit: str = ""
    slot: Slot | None = None
    people: int = 0
    # Left alone, or to be: the owner's appeal was upheld after the act was shown.
    is_upheld: bool = False


@dataclass(frozen=True)
class Listing:
    """The first LISTED items as they were frozen, and how many more there are."""

    items: tuple[Item, ...]
    more: int


def listing_of(act: BulkAct) -> Listing:
    answered = upheld_since(act).order_by("-decided_at").values_list("account", "decided_at")
    upheld: dict[int, datetime] = dict(answered)
    found = act.items.select_related("account", "booking__slot__office").order_by("pk")[:LISTED]
    items = tuple(
        Item(
            account=row.account.code,
            outcome=BulkItem.Outcome(row.outcome),
            visit=row.booking.code if row.booking else "",
            slot=row.booking.slot if row.booking else None,
            people=len(row.place_ids),
            is_upheld=_is_left(row, upheld.get(row.account_id)),
        )
        for row in found
    )
    return Listing(items, max(0, act.total - len(items)))


def _is_left(row: BulkItem, upheld_at: datetime | None) -> bool:
    if upheld_at is None or row.outcome == BulkItem.Outcome.DONE:
        return False
    return row.done_at is None or upheld_at <= row.done_at


def lapses_at(act: BulkAct, *, now: datetime) -> datetime:
    """Until when a prepared act can be begun."""
    hours = policies.ACT_PREPARED_HOURS.at(now=now)
    return rules.act_lapses_at(act.prepared_at, hours=hours)


def upheld_since(act: BulkAct) -> QuerySet[Appeal]:
    """Appeals that were upheld after the act was shown: their accounts are left alone by it.

    None of an act that lifts: it gives nobody anything to appeal against.
    """
    if act.act == BulkAct.Kind.LIFT:
        return Appeal.objects.none()
    return Appeal.objects.filter(state=Appeal.State.UPHELD, decided_at__gt=act.prepared_at)


def left_by_appeal(act: BulkAct) -> int:
    """How many accounts of the act it leaves alone, or left alone, for an upheld appeal."""
    meant = act.items.exclude(outcome=BulkItem.Outcome.DONE)
    return (
        meant.filter(account__in=upheld_since(act).values("account"))
        .values("account")
        .distinct()
        .count()
    )


def withdrawn_by(act: BulkAct) -> User | None:
    """Who took it back before it was begun."""
    told = AuditEvent.objects.filter(
        act="case.withdraw", subject=f"case:{act.case.code}", detail__code=act.code
    )
    actor = told.values_list("actor_id", flat=True).first()
    return User.objects.filter(pk=actor).first() if actor else None


def offices_of(act: BulkAct) -> list[str]:
    """The names of the offices whose places would be voided."""
    ids = [pk for item in act.items.all() for pk in item.place_ids]
    names = Place.objects.filter(pk__in=ids).values_list("booking__slot__office__name", flat=True)
    return list(names.distinct().order_by("booking__slot__office__name"))


def second_of(act: BulkAct) -> User | None:
    """Who agreed to it, once it was begun with that yes."""
    named = f"{act.act}:{act.case.code}:{act.code}:"
    used = Approval.objects.filter(
        act=act.act, subject__startswith=named, state=Approval.State.USED
    )
    approval = used.select_related("second").order_by("-used_at").first()
    return approval.second if approval else None
