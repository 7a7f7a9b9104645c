"""A backlog drive is saved day by day; those that need a second officer are one request.

The yes names the drive's days as they were proposed, all of them, and is used once: for those
that are still to be saved then.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from offices.approval_rules import Matter
from offices.models import Office
from offices.reasons import Why
from offices.rules import Act
from offices.services import approvals, calendar, wishes
from offices.services.wishes import SpecialWish
from paspor.kernel import formatting
from paspor.kernel.errors import DomainError, NeedsApproval
from queueing.planning.effects import Effect


@dataclass(frozen=True)
class Part:
    """A day of a drive that is still to be saved, and what that does."""

    wish: SpecialWish
    effect: Effect


@dataclass
class Saved:
    """How many days, those that were refused, and the request that the others wait for."""

    days: int = 0
    refused: dict[date, DomainError] = field(default_factory=dict)
    waiting: int = 0
    needs: NeedsApproval | None = None


def subject_of(office: Office, drive: Sequence[SpecialWish]) -> str:
    """How a request names a drive: by its first and last day, bound to each of them."""
    days = [wish.day for wish in drive]
    name = f"{office.code}:{min(days)}:{max(days)}:drive"
    return approvals.bound(name, {"days": [asdict(wish) for wish in drive]})


def carry_out(
    *,
    officer: User,
    office: Office,
    drive: Sequence[SpecialWish],
    left: Sequence[Part],
    why: Why,
    now: datetime,
) -> Saved:
    """Save what is left of the drive. What needs no second officer waits for nobody."""
    saved = Saved()
    for part in left:
        if not part.effect.needs_second:
            _try(saved, part, officer=officer, office=office, why=why, now=now)
    needing = [part for part in left if part.effect.needs_second]
    if needing:
        try:
            _save_agreed(saved, drive, needing, officer=officer, office=office, why=why, now=now)
        except NeedsApproval as refusal:
            saved.waiting, saved.needs = len(needing), refusal
    return saved


@transaction.atomic
def _save_agreed(  # noqa: PLR0913  # as carry_out
    saved: Saved,
    drive: Sequence[SpecialWish],
    needing: Sequence[Part],
    *,
    officer: User,
    office: Office,
    why: Why,
    now: datetime,
) -> None:
    seats = sum(each.effect.before for each in needing), sum(each.effect.after for each in needing)
    request = approvals.Request(
        Act.SPECIAL_DAY,
        subject_of(office, drive),
        office,
        Matter(day=min(wish.day for wish in drive)),
        words=_words_of(needing),
        seats=seats,
        people=sum(each.effect.people for each in needing),
    )
    approvals.use(request=request, officer=officer, now=now)
    for part in needing:
        _try(saved, part, officer=officer, office=office, why=why, now=now, is_approved=True)
    if all(part.wish.day in saved.refused for part in needing):
        # Nothing was done with the yes.
        transaction.set_rollback(True)


def _try(  # noqa: PLR0913  # as carry_out
    saved: Saved,
    part: Part,
    *,
    officer: User,
    office: Office,
    why: Why,
    now: datetime,
    is_approved: bool = False,
) -> None:
    try:
        calendar.set_special_day(
            officer=officer,
            office=office,
            wish=part.wish,
            why=why,
            now=now,
            is_approved=is_approved,
        )
    except DomainError as refusal:
        saved.refused[part.wish.day] = refusal
    else:
        saved.days += 1


def _words_of(needing: Sequence[Part]) -> str:
    count = ngettext("Kejar tunggakan, %(n)s hari", "Kejar tunggakan, %(n)s hari", len(needing))
    head = _("%(drive)s. Dibaca masyarakat: %(reason)s") % {
        "drive": count % {"n": len(needing)},
        "reason": needing[0].wish.reason,
    }
    return "\n".join([head, *(_words_of_day(part) for part in needing)])


def _words_of_day(part: Part) -> str:
    hours = part.wish.hours
    if hours is None:
        return wishes.words_of_special(part.wish)
    return _("%(day)s: %(open)s–%(close)s, %(stations)s loket, %(before)s → %(after)s") % {
        "day": formatting.day(part.wish.day),
        "open": formatting.clock(hours.opens),
        "close": formatting.clock(hours.closes),
        "stations": hours.stations,
        "before": formatting.number(part.effect.before),
        "after": formatting.number(part.effect.after),
    }
