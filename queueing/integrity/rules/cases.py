"""When a case is opened, what the system may do alone, and by when an appeal is answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from offices.rules import Act
from paspor.kernel.errors import N_, Invalid
from queueing.integrity import case_errors as errors

SATURDAY = 5
# Characters of what people write and are answered.
MOST_TEXT = 2000
MOST_ANSWER = 1000
# The system asks for more proof of work and goes slower; it never takes away a place and
# never suspends: a person decides that (DESIGN 5).
ALONE = frozenset({Act.LIMIT})
# Acts over the accounts of a case, which an officer prepares, shows and then runs.
OVER_ACCOUNTS = (Act.LIMIT, Act.SUSPEND, Act.VOID, Act.LIFT)


@dataclass(frozen=True)
class Thresholds:
    """From where on a case is opened, or an account limited, by rule; scores are 0 to 100."""

    cluster_score: int
    cluster_size: int
    account_score: int
    limit_score: int


def opens_case(*, score: int, accounts: int, thresholds: Thresholds) -> bool:
    """A cluster that is large enough and looks bad, or a single account that looks worse."""
    if accounts >= thresholds.cluster_size:
        return score >= thresholds.cluster_score
    return score >= thresholds.account_score


def limits_alone(*, score: int, thresholds: Thresholds) -> bool:
    return score >= thresholds.limit_score


def may_alone(act: Act) -> bool:
    """Whether the system may do this without any officer."""
    return act in ALONE


def check_not_over(state: str) -> None:
    if state == "CLOSED":
        raise errors.CaseOver


def act_lapses_at(prepared_at: datetime, *, hours: int) -> datetime:
    """From when on an act that was prepared then is shown too long ago to be run."""
    return prepared_at + timedelta(hours=hours)


def check_act_waits(state: str) -> None:
    """A prepared act is begun, withdrawn or lapses once."""
    if state == "DROPPED":
        raise errors.ActWithdrawn
    if state == "LAPSED":
        raise errors.ActLapsed
    if state != "PREPARED":
        raise errors.ActBegun


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def due_at(
    filed_at: datetime, *, zone: ZoneInfo, working_days: int, holidays: Collection[date]
) -> datetime:
    """The end of the last of so many working days; the day of filing does not count."""
    day, left = filed_at.astimezone(zone).date(), working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def check_may_appeal(*, stands: bool, answered: int, most: int) -> None:
    """One at a time about one matter, and not without end."""
    if stands:
        raise errors.AppealStands
    if answered >= most:
        raise errors.AppealsUsedUp(most=most)


def check_words(words: str, most: int, *, field: str) -> None:
    """Something is said, and no more than fits."""
    if not 1 <= len(words) <= most:
        raise Invalid(fields={field: [N_("Tuliskan dengan kata-kata sendiri, jangan kosong.")]})


def check_decider(decider: int, actors: Collection[int | None]) -> None:
    if decider in actors:
        raise errors.OwnDecision
