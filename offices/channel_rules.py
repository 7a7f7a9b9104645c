"""How a day's seats are dealt out to its channels, and to its hours. No Django, no clock."""

from collections.abc import Mapping, Sequence

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
    total = sum(by_hour)
    given = dict.fromkeys(per_channel, 0)
    spread_out: list[dict[str, int]] = []
    dealt = 0
    for seats in by_hour:
        before = dict(given)
        for _ in range(seats):
            dealt += 1
            behind = max(given, key=lambda c: per_channel[c] * dealt - given[c] * total)
            given[behind] += 1
        spread_out.append({c: given[c] - before[c] for c in given if given[c] > before[c]})
    return spread_out
