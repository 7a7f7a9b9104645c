"""When a hold asks for a proof of work, and how much of one. Pure."""

from math import inf


def hold_pressure(
    *, risk: int, much_risk: int, is_limited: bool, holds: int, many_holds: int
) -> float:
    """How far above the usual this is: from 1 on a proof is asked for, and grows with it.

    ``holds`` counts the whole portal in this minute. A limited account does the most.
    """
    if is_limited:
        return inf
    return max(risk / much_risk, holds / many_holds)
