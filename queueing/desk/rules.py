"""When somebody may be received, who is called next, and what an officer may take back.

Values in, error out.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from offices import reasons
from offices.errors import ReasonNeeded
from offices.reasons import Why
from offices.rules import Act
from queueing.booking.errors import WrongState
from queueing.desk import errors

# From which states each act of the desk leads where.
CHECK_IN_FROM = ("BOOKED",)
SERVE_FROM = ("CHECKED_IN",)
TURN_AWAY_FROM = ("BOOKED", "CHECKED_IN")
NO_SHOW_FROM = ("BOOKED",)
# Taking back the last step: the state it ended in, and the one it came from.
UNDONE = {
    "CHECKED_IN": "BOOKED",
    "SERVED": "CHECKED_IN",
    "NO_SHOW": "BOOKED",
    "TURNED_AWAY": "CHECKED_IN",
}

# What a record of a day without the portal may tell, and the acts that lead there.
ROADS = {
    "CHECKED_IN": (Act.CHECK_IN,),
    "SERVED": (Act.CHECK_IN, Act.SERVE),
    "TURNED_AWAY": (Act.TURN_AWAY,),
}
STEPS = {
    Act.CHECK_IN: (CHECK_IN_FROM, "CHECKED_IN"),
    Act.SERVE: (SERVE_FROM, "SERVED"),
    Act.TURN_AWAY: (TURN_AWAY_FROM, "TURNED_AWAY"),
}
# Who is there already has arrived as well.
BEYOND = {"CHECKED_IN": ("SERVED", "TURNED_AWAY")}

TURN_AWAY_REASONS = (
    "documents_missing",
    "identity_differs",
    "not_the_person",
    "wrong_kind",
    "system_fault",
    "other",
)


def check_shown(*, shown: int, found: int) -> None:
    """Nobody decides over other people than those that they were told of, be it more or fewer."""
    if shown != found:
        raise errors.AffectedChanged(shown=shown, found=found)


def check_arrival(
    *, starts_at: datetime, ends_at: datetime, early: timedelta, why: Why, now: datetime
) -> None:
    """From ``early`` before the slot until its end; after that with a reason of the list.

    The first moment of the window counts, the end of the slot is already late.
    """
    if now < starts_at - early:
        raise errors.TooEarlyToCheckIn(minutes=int(early.total_seconds() // 60))
    if now < ends_at:
        return
    try:
        reasons.check(Act.CHECK_IN, why)
    except ReasonNeeded as refusal:
        raise errors.LateNeedsReason(fields=dict.fromkeys(refusal.fields, [])) from refusal


def check_turn_away(why: Why) -> None:
    """Whoever came for nothing is told why: a reason of the list; ``other`` takes words."""
    if why.reason not in TURN_AWAY_REASONS:
        raise errors.TurnAwayNeedsReason(fields={"reason": []})
    if why.reason == reasons.OTHER and not why.note.strip():
        raise errors.TurnAwayNeedsReason(fields={"note": []})


def check_same_day(*, day: date, today: date) -> None:
    """The desk works on today's people: ``today`` is a date in the office's zone."""
    if day != today:
        raise errors.NotToday


def check_undo(*, state: str, day: date, today: date, has_come: bool = True) -> str:
    """The state to return to. Only the last step, and only on the service day itself.

    Whoever was turned away may not have been received before.
    """
    if state not in UNDONE or day != today:
        raise errors.CannotUndo
    return UNDONE[state] if has_come or state != "TURNED_AWAY" else "BOOKED"


def may_mark_no_show(*, ends_at: datetime, now: datetime) -> bool:
    """An hour that still runs has no absentees yet."""
    return now >= ends_at


def check_day_for_list(*, day: date, today: date, days_ahead: int) -> None:
    """A list of people is not made for days that are over, or far ahead."""
    if not today <= day <= today + timedelta(days=days_ahead):
        raise errors.NotADayForList(days=days_ahead)


def day_to_list(*, local: datetime, from_hour: int) -> date:
    """Whose list is due now at the office: tomorrow's from the evening on, else today's.

    Today's is the one whose evening was missed, since the portal was away.
    """
    return local.date() + timedelta(days=int(local.hour >= from_hour))


def check_recorded(
    *, arrived_at: datetime | None, ended_at: datetime | None, now: datetime
) -> None:
    """What happened lies behind us, and nobody left before they came."""
    told = [moment for moment in (arrived_at, ended_at) if moment is not None]
    if told != sorted(told) or any(moment > now for moment in told):
        raise errors.RecordedMomentWrong


def steps_to(*, found: str, told: str, is_unended: bool = False) -> list[Act]:
    """The acts that lead from the state found to the one told; WrongState where none do.

    Who was marked absent meanwhile and came after all is first taken back; so is an end
    that only the end of the day gave (``is_unended``) where the record tells another.
    """
    if told not in ROADS:
        raise WrongState
    if (found == told and not is_unended) or found in BEYOND.get(told, ()):
        return []
    acts, state = [], found
    if state == "NO_SHOW" or is_unended:
        acts, state = [Act.UNDO], UNDONE[state]
    for act in ROADS[told]:
        origins, result = STEPS[act]
        if state == result:
            continue
        if state not in origins:
            raise WrongState
        acts.append(act)
        state = result
    return acts


# Who is let forward at the counter: the entitlements of the priority channel.
PRIORITY_REASONS = ("elderly", "under_five", "disabled", "pregnant")

# The letters of queue numbers: with an appointment, with priority, without either.
BOOKED, PRIORITY, WALK_IN = "A", "P", "L"


@dataclass(frozen=True)
class Waiting:
    """A queue number that waits. ``key`` is the caller's own, and settles what is equal."""

    key: int
    letter: str
    due_at: datetime
    arrived_at: datetime


@dataclass(frozen=True)
class Called:
    """A letter that was called, and when."""

    letter: str
    at: datetime


@dataclass(frozen=True)
class Weave:
    """How the three queues become one while people with an appointment wait.

    Between two priority numbers so many of them are called, and after so many of them one
    who came without an appointment.
    """

    booked_per_priority: int
    booked_per_walk_in: int


def letter(*, is_walk_in: bool, has_priority: bool) -> str:
    if has_priority:
        return PRIORITY
    return WALK_IN if is_walk_in else BOOKED


def due(
    *, is_walk_in: bool, starts_at: datetime, ends_at: datetime, arrived_at: datetime
) -> datetime:
    """From when somebody is to be called: their hour; for whoever missed it, when they came."""
    on_time = not is_walk_in and arrived_at < ends_at
    return starts_at if on_time else arrived_at


def call_order(
    waiting: Iterable[Waiting], *, lately: Sequence[Called], weave: Weave, now: datetime
) -> list[Waiting]:
    """Everybody who waits, in the order of calling, if nobody else came.

    Within a letter whoever was due first goes first. The letters are woven as ``weave``
    says, seen from the letters called ``lately`` (newest first); a walk-in earns nothing by
    calls from before they came. Whose hour is still to come is called only when nobody else
    waits. Each letter that waits is reached after a
    bounded number of others, so nobody starves.
    """
    in_turn = sorted(waiting, key=lambda one: (one.due_at, one.arrived_at, one.key))
    lanes = {
        name: deque(one for one in in_turn if one.letter == name and one.due_at <= now)
        for name in (BOOKED, PRIORITY, WALK_IN)
    }
    called = list(reversed(lately))
    order = []
    while any(lanes.values()):
        chosen = _next_letter(
            {name: lane[0] for name, lane in lanes.items() if lane}, called, weave
        )
        order.append(lanes[chosen].popleft())
        called.append(Called(chosen, now))
    early = [one for one in in_turn if one.due_at > now]
    return order + sorted(early, key=lambda one: (one.due_at, one.letter != PRIORITY))


def _next_letter(ready: Mapping[str, Waiting], called: Sequence[Called], weave: Weave) -> str:
    """Priority where its time has come, then a walk-in where theirs has, else the booked.

    ``ready``: the first of each letter that waits. Two that have earned it at once alternate,
    so that neither keeps the other out.
    """
    has_booked = BOOKED in ready
    priority = PRIORITY in ready and (
        not has_booked
        or all(one.letter != PRIORITY for one in called)
        or _since(PRIORITY, called, BOOKED) >= weave.booked_per_priority
    )
    walk_in = False
    if WALK_IN in ready:
        lived_through = [one for one in called if one.at >= ready[WALK_IN].arrived_at]
        counted = BOOKED if has_booked else ""
        walk_in = _since(WALK_IN, lived_through, counted) >= weave.booked_per_walk_in
    if priority and not (walk_in and called and called[-1].letter == PRIORITY):
        return PRIORITY
    if walk_in:
        return WALK_IN
    return BOOKED if has_booked else WALK_IN


def _since(name: str, called: Sequence[Called], counted: str) -> int:
    """How many of ``counted`` (all, where empty) were called since the last of ``name``."""
    number = 0
    for one in reversed(called):
        if one.letter == name:
            break
        number += not counted or one.letter == counted
    return number


@dataclass(frozen=True)
class Patience:
    """How long a number is called before it is given up: so many calls, and so long after
    the first of them.
    """

    calls: int
    after: timedelta

    def gone_from(self, called_at: datetime) -> datetime:
        return called_at + self.after


def check_may_be_gone(
    *,
    calls: int,
    called_at: datetime | None,
    patience: Patience,
    now: datetime,
    others_came: bool = False,
) -> None:
    """Whoever does not answer is called again, and given the time to come from where they sit,
    before they lose their place in the queue.

    ``calls`` and ``called_at``, the first of them, are those since they were last put back or
    aside. Where others of their number came to the counter, the call
    was heard.
    """
    if others_came:
        return
    if called_at is None or calls < patience.calls:
        raise errors.CallAgainFirst(calls=calls, needed=patience.calls)
    if now < patience.gone_from(called_at):
        raise errors.GoneTooSoon(minutes=int(patience.after.total_seconds() // 60))


def check_priority_reason(reason: str) -> None:
    if reason not in PRIORITY_REASONS:
        raise ReasonNeeded(fields={"reason": [ReasonNeeded.message]})


# Why a number is called before its turn, each in the log with the call.
CHOICE_REASONS = ("unwell", "needs_this_counter", "language", "returns", "other")


def check_choice(*, reason: str, note: str) -> None:
    """Who is called out of turn is called for a reason of the list; ``other`` takes words."""
    if reason not in CHOICE_REASONS:
        raise ReasonNeeded(fields={"reason": [ReasonNeeded.message]})
    if reason == reasons.OTHER and not note.strip():
        raise ReasonNeeded(fields={"note": [ReasonNeeded.words_missing]})
