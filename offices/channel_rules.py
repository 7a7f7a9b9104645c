"""How a day's seats are dealt out to its channels, and to its hours. No Django, no clock."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

# Shares are per cent of a day's quota.
CHANNELS = ("ONLINE", "PRIORITY", "SAME_DAY", "COUNTER")


def split_channels(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Split a day's seats by the shares, which make 100, with the largest remainder.

    On a tie the channel with fewer seats so far wins, so that the small are not lost.
    """
    order = [channel for channel in CHANNELS if shares.get(channel, 0)]
    given = {channel: total * shares[channel] // 100 for channel in order}
    by_remainder = sorted(
        order, key=lambda c: (-(total * shares[c] % 100), given[c], CHANNELS.index(c))
    )
    for channel in by_remainder[: total - sum(given.values())]:
        given[channel] += 1
    return {channel: seats for channel, seats in given.items() if seats}


def spread(by_hour: Sequence[int], per_channel: Mapping[str, int]) -> list[dict[str, int]]:
    """Give each hour its seats by channel: sums are exact both by hour and by channel.

    Seat by seat over the whole day, each goes to the channel that is furthest behind its
    share so far. Splitting hour by hour instead would round a small channel away.
    """
    # The order of the channels decides ties, so it is part of what is remembered.
    dealt = _dealt(tuple(by_hour), tuple(per_channel.items()))
    return [dict(seats) for seats in dealt]


# A calendar asks for the same few weekdays again and again, each of them hundreds of steps.
@lru_cache(maxsize=4096)
def _dealt(
    by_hour: tuple[int, ...], per_channel: tuple[tuple[str, int], ...]
) -> list[dict[str, int]]:
    total = sum(by_hour)
    wanted = dict(per_channel)
    given = dict.fromkeys(wanted, 0)
    spread_out: list[dict[str, int]] = []
    dealt = 0
    for seats in by_hour:
        before = dict(given)
        for _ in range(seats):
            dealt += 1
            behind = max(given, key=lambda c: wanted[c] * dealt - given[c] * total)
            given[behind] += 1
        spread_out.append({c: given[c] - before[c] for c in given if given[c] > before[c]})
    return spread_out
