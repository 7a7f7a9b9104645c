"""Telling all processes what the figures and the openings to come say about the line."""

from datetime import datetime, timedelta

from paspor.kernel.policy import Figure
from queueing.admission import policies, room, rules, selectors
from queueing.admission.rules import Room

# Beyond the next telling, which comes in a minute, also where it is late.
TOLD_AHEAD = timedelta(minutes=30)


def announce(now: datetime) -> Room:
    """Share the room as it is to be from now on; nothing of it is asked of the database later."""

    def seconds(figure: Figure) -> int:
        return 60 * figure.at(now=now)

    ahead, stays = seconds(policies.AHEAD_MINUTES), seconds(policies.STAYS_MINUTES)
    moments = selectors.opening_moments(
        now - timedelta(seconds=stays), now + timedelta(seconds=ahead) + TOLD_AHEAD
    )
    told = Room(
        passes=policies.PASSES.at(now=now),
        pass_seconds=seconds(policies.PASS_MINUTES),
        work_seconds=seconds(policies.WORK_MINUTES),
        most_seconds=seconds(policies.MOST_MINUTES),
        keep_seconds=seconds(policies.KEEP_MINUTES),
        ahead_seconds=ahead,
        stays_seconds=stays,
        pressure=policies.PRESSURE.at(now=now),
        waves=rules.opening_waves(moments),
    )
    room.share(told)
    return told
