"""Addresses that nothing more is sent to, and how their owners get out of that.

By the address as it is written, not by its mailbox: where plus tags are not known, a letter
to somebody's invented tag comes back, and must not stop the letters to themselves.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import bounces
from accounts.models import (
    ACCOUNT_ERASED,
    ALWAYS_TRIED,
    HELD_BACK,
    Message,
    Suppression,
    User,
)
from accounts.services.messages import Outcome


def folded(address: str) -> str:
    return address.strip().lower()


@transaction.atomic
def suppress(*, address: str, why: Suppression.Why, said: str, at: datetime, now: datetime) -> bool:
    """Send nothing more there; False where something newer is known. Locks the row.

    ``at`` is when it happened at the recipient's.
    """
    told = {"why": why, "said": bounces.without_addresses(said)[:300], "at": min(at, now)}
    rows = Suppression.objects.select_for_update()
    row, is_new = rows.get_or_create(address=folded(address), defaults=told)
    if is_new:
        return True
    if told["at"] <= max(row.at, row.lifted_at or row.at):
        return False
    rows.filter(pk=row.pk).update(**told, lifted_at=None)
    return True


def lift(*, address: str, now: datetime) -> None:
    """A code that was sent there came back."""
    Suppression.objects.filter(address=folded(address), lifted_at=None).update(lifted_at=now)


def held_back(*, message: Message) -> Outcome | None:
    """What ends a message at once whose address is suppressed; None: send it."""
    if message.kind in ALWAYS_TRIED:
        return None
    row = Suppression.objects.filter(address=folded(message.to), lifted_at=None).first()
    return Outcome(Message.State.REFUSED, f"{HELD_BACK} {row.why}") if row else None


def hear_refusal(*, message: Message, outcome: Outcome, now: datetime) -> None:
    """A server said for good, while we spoke with it, that there is no such mailbox.

    Of an erased account's address nothing is written down any more.
    """
    if message.kind == ACCOUNT_ERASED:
        return
    if outcome.state == Message.State.REFUSED and bounces.has_no_mailbox(outcome.reason):
        why = Suppression.Why.BOUNCE
        suppress(address=message.to, why=why, said=outcome.reason, at=now, now=now)


def forget_of(*, user: User) -> None:
    """Erasure: of every address that this account has had and nobody else has now."""
    addresses = {user.email}
    addresses |= set(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    addresses |= set(Message.objects.filter(user=user).values_list("to", flat=True))
    ours = Suppression.objects.filter(address__in={folded(address) for address in addresses})
    others = User.objects.filter(email=OuterRef("address")).exclude(pk=user.pk)
    ours.filter(~Exists(others)).delete()


def forget_old(*, before: datetime) -> None:
    """Those of nobody's address, and those that are over."""
    owners = User.objects.filter(email=OuterRef("address"))
    Suppression.objects.filter(~Exists(owners), at__lt=before).delete()
    Suppression.objects.filter(lifted_at__lt=before).delete()
