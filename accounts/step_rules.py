"""When a second step that is lost may be taken off. Pure.

Password, mailbox and second step are three proofs, and whoever comes in has two of them. So the
step goes only for whoever has both others, and a password that the mailbox made is none.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.errors import (
    AddressJustChanged,
    NoSecondStep,
    OfficersStep,
    PasswordByMail,
    StepLimitReached,
    StepMailLost,
)

STEP_ASK_DAYS = 30
STEP_WARNING = dt.timedelta(days=1)


@dataclass(frozen=True)
class StepLoss:
    """What is known of an account whose second step is said to be lost.

    ``is_password_proof``: not of the mailbox alone. ``address_back_until``: how long a former
    address can still take the account back. ``asked``: when it was asked for lately, the newest
    first.
    """

    is_officers: bool
    has_step: bool
    is_password_proof: bool
    is_mail_heard: bool
    address_back_until: dt.datetime | None
    asked: Sequence[dt.datetime] = ()


def check_step_loss(loss: StepLoss) -> None:
    """Whether the second step may go by password and mailbox, one of which the step replaced.

    Holds when it is asked for and when it is taken off. Moments are in the zone to be told.
    """
    if loss.is_officers:
        raise OfficersStep
    if not loss.has_step:
        raise NoSecondStep
    if not loss.is_password_proof:
        raise PasswordByMail
    if not loss.is_mail_heard:
        raise StepMailLost
    if loss.address_back_until is not None:
        raise AddressJustChanged(when=loss.address_back_until)


def check_step_asks(loss: StepLoss, *, most: int, now: dt.datetime) -> None:
    """Raise StepLimitReached where it was asked for ``most`` times in STEP_ASK_DAYS."""
    if len(loss.asked) < most:
        return
    ends_at = loss.asked[most - 1] + dt.timedelta(days=STEP_ASK_DAYS)
    if ends_at > now:
        raise StepLimitReached(
            limit="lost_step_asks",
            ends_at=ends_at.astimezone(now.tzinfo),
            now=now,
            most=most,
            span=STEP_ASK_DAYS,
        )


def step_due(begun_at: dt.datetime, *, days: int) -> dt.datetime:
    return begun_at + dt.timedelta(days=days)


def is_step_warning_due(due_at: dt.datetime, now: dt.datetime) -> bool:
    """The last letter goes a day ahead."""
    return now >= due_at - STEP_WARNING


def due_once_warned(due_at: dt.datetime, warned_at: dt.datetime) -> dt.datetime:
    """Whoever was warned late, since no worker ran, has the whole day all the same."""
    return max(due_at, warned_at + STEP_WARNING)
