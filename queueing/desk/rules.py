"""When somebody may be received, and what an officer may take back. Values in, error out."""

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
UNDONE = {"CHECKED_IN": "BOOKED", "SERVED": "CHECKED_IN", "NO_SHOW": "BOOKED"}

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


def check_arrival(
    *, starts_at: datetime, ends_at: datetime, early: timedelta, why: Why, now: datetime
) -> None:
    """From ``early`` before the slot until its end; after that with a reason and words.

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


def check_turn_away(reason: str) -> None:
    if reason not in TURN_AWAY_REASONS:
        raise errors.TurnAwayNeedsReason(fields={"reason": []})


def check_same_day(*, day: date, today: date) -> None:
    """The desk works on today's people: ``today`` is a date in the office's zone."""
    if day != today:
        raise errors.NotToday


def check_undo(*, state: str, day: date, today: date) -> str:
    """The state to return to. Only the last step, and only on the service day itself."""
    if state not in UNDONE or day != today:
        raise errors.CannotUndo
    return UNDONE[state]


def may_mark_no_show(*, ends_at: datetime, now: datetime) -> bool:
    """An hour that still runs has no absentees yet."""
    return now >= ends_at


def check_day_for_list(*, day: date, today: date, days_ahead: int) -> None:
    """A list of people is not made for days that are over, or far ahead."""
    if not today <= day <= today + timedelta(days=days_ahead):
        raise errors.NotADayForList(days=days_ahead)


def check_recorded(
    *, arrived_at: datetime | None, ended_at: datetime | None, now: datetime
) -> None:
    """What happened lies behind us, and nobody left before they came."""
    told = [moment for moment in (arrived_at, ended_at) if moment is not None]
    if told != sorted(told) or any(moment > now for moment in told):
        raise errors.RecordedMomentWrong


def steps_to(*, found: str, told: str) -> list[Act]:
    """The acts that lead from the state found to the one told; WrongState where none do.

    Who was marked absent meanwhile and came after all is first taken back.
    """
    if told not in ROADS:
        raise WrongState
    if found == told or found in BEYOND.get(told, ()):
        return []
    acts, state = [], found
    if state == "NO_SHOW":
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
