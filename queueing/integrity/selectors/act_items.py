"""What exactly an act over a case is about: its accounts, visits and offices, and who agreed."""

from dataclasses import dataclass

from accounts.models import User
from offices.models import Approval
from queueing.booking.models import Place
from queueing.integrity.models.cases import BulkAct, BulkItem
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


@dataclass(frozen=True)
class Listing:
    """The first LISTED items as they were frozen, and how many more there are."""

    items: tuple[Item, ...]
    more: int


def listing_of(act: BulkAct) -> Listing:
    found = act.items.select_related("account", "booking__slot__office").order_by("pk")[:LISTED]
    items = tuple(
        Item(
            account=row.account.code,
            outcome=BulkItem.Outcome(row.outcome),
            visit=row.booking.code if row.booking else "",
            slot=row.booking.slot if row.booking else None,
            people=len(row.place_ids),
        )
        for row in found
    )
    return Listing(items, max(0, act.total - len(items)))


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
