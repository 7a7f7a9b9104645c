"""One run: count, judge, join, write. What changed is written, the rest left alone.

The figures are read once at the start. Every statement is a transaction of its own, so a
run sees accounts at slightly different moments; the next one, minutes later, sees the rest.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from queueing.integrity.models.scores import ScoringRun
from queueing.integrity.policies import scoring as policies
from queueing.integrity.rules import clusters, series
from queueing.integrity.rules.accounts import Facts, Judgement, Measure, judge
from queueing.integrity.rules.clusters import Component, Hub, HubKind
from queueing.integrity.selectors import facts, hubs
from queueing.integrity.selectors.facts import Window
from queueing.integrity.selectors.hubs import BurstLimits, Shared
from queueing.integrity.services import score_rows

logger = logging.getLogger(__name__)

# A run that a killed worker left is taken over after this; it is far more than one takes.
LEASE = timedelta(minutes=10)
KEEP_RUNS = timedelta(days=30)
COUNTED = frozenset(field.name for field in fields(Facts)) - {"days"}


@dataclass(frozen=True)
class Limits:
    """The figures of one run."""

    window: Window
    measures: tuple[Measure, ...]
    shows: int
    high: int
    heat: clusters.Heat
    doubling: int
    burst: BurstLimits

    @property
    def least(self) -> dict[str, int]:
        return {measure.code: measure.least for measure in self.measures}


def limits_at(now: datetime) -> Limits:
    days = policies.SCORE_DAYS.at(now=now)
    measures = policies.measures(now)
    least = {measure.code: measure.least for measure in measures}
    return Limits(
        window=Window(
            since=now - timedelta(days=days),
            days=days,
            first=policies.FIRST_SECONDS.at(now=now),
            speed=policies.SPEED_MILLISECONDS.at(now=now) / 1000,
        ),
        measures=measures,
        shows=policies.SCORE_SHOWS.at(now=now),
        high=policies.SCORE_HIGH.at(now=now),
        heat=policies.heat(now),
        doubling=policies.CLUSTER_DOUBLING.at(now=now),
        burst=BurstLimits(
            least=least["burst"],
            minutes=policies.BURST_MINUTES.at(now=now),
            domain_most=policies.BURST_DOMAIN_MOST.at(now=now),
        ),
    )


def score_all(*, now: datetime) -> ScoringRun | None:
    """Score every account and find the clusters; None where another run is under way."""
    run = _begin(now)
    if run is None:
        return None
    try:
        limits = limits_at(now)
        judged, hubs_found = _judge(limits)
        found = _joined(judged, hubs_found, limits)
        score_rows.write(
            judged=judged, found=found, since=limits.window.since, doubling=limits.doubling, now=now
        )
    except BaseException:
        with suppress(DatabaseError):  # in a broken transaction; its lease ends the run
            _end(run)
        raise
    run.accounts, run.clusters = len(judged), len(found)
    _end(run)
    return run


class Counts:
    """What was counted so far, of accounts that have anything at all."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._of: dict[int, dict[str, int]] = defaultdict(dict)

    def most(self, code: str, accounts: Iterable[int], count: int) -> None:
        """Keep the largest count of this kind for each account."""
        for account in accounts:
            mine = self._of[account]
            mine[code] = max(count, mine.get(code, 0))

    def add(self, account: int, counts: dict[str, int]) -> None:
        self._of[account].update(counts)

    def judged(self, measures: Sequence[Measure]) -> dict[int, Judgement]:
        judged = (
            (account, judge(Facts(days=self._days, **counts), measures))
            for account, counts in self._of.items()
        )
        return {account: judgement for account, judgement in judged if judgement.points}


def _judge(limits: Limits) -> tuple[dict[int, Judgement], list[Hub]]:
    counts = Counts(limits.window.days)
    runs = _count_acts(counts, limits)
    mailboxes = hubs.mailboxes()
    for one in mailboxes:
        counts.most("lookalike", one.accounts, one.total)
    alone = counts.judged(limits.measures)
    ids = sorted(alone)
    shared = _count_shared(counts, ids, limits)
    shared[HubKind.MAILBOX] = mailboxes
    judged = {
        account: judgement
        for account, judgement in counts.judged(limits.measures).items()
        if account in alone
    }
    showing = {account for account, one in judged.items() if one.own >= limits.shows}
    return judged, _hubs(shared, runs, showing)


def _count_acts(counts: Counts, limits: Limits) -> list[series.Run]:
    """What accounts did by themselves; the runs of NIKs are handed on as hubs."""
    window, least = limits.window, limits.least
    for account, found in facts.acts(window, least):
        counts.add(account, found)
    for account, count in facts.not_found(window).items():
        counts.add(account, {"not_found": count})
    for account, count in facts.disputes_lost(window).items():
        counts.add(account, {"disputes": count})
    counts.most("disposable", facts.with_disposable_mail(window), 1)
    serials = facts.serials(window, min(least["series"], least["series_own"]))
    for account, length in series.longest_within(serials).items():
        counts.most("series_own", [account], length)
    runs = [run for run in series.runs(serials) if run.length >= least["series"]]
    for run in runs:
        counts.most("series", run.accounts, run.length)
    for count, accounts in facts.repeated_names(window, least["names"]):
        counts.most("names", accounts, count)
    return runs


def _count_shared(counts: Counts, ids: list[int], limits: Limits) -> dict[HubKind, list[Shared]]:
    """What these accounts share with any others."""
    window, least = limits.window, limits.least
    if not ids:
        return {}
    shared = hubs.came_from(window, ids, address_most=limits.heat.address_most)
    shared |= hubs.reached_by(ids)
    shared[HubKind.BURST] = hubs.bursts(window, ids, limits.burst)
    for kind in (HubKind.DEVICE, HubKind.ADDRESS, HubKind.PHONE, HubKind.BURST):
        for one in shared[kind]:
            counts.most(kind.lower(), one.accounts, one.total)
    for one in hubs.regions(window, ids, least=least["region"]):
        counts.most("region", one.accounts, one.total)
    return shared


def _hubs(
    shared: dict[HubKind, list[Shared]], runs: list[series.Run], showing: set[int]
) -> list[Hub]:
    found = [
        Hub(kind, one.value, one.total, frozenset(one.accounts) & showing)
        for kind, ones in shared.items()
        for one in ones
    ]
    for run in runs:
        members = frozenset(run.accounts)
        name = f"{run.stem} {run.first}"
        found.append(Hub(HubKind.SERIES, name, len(members), members & showing))
    return found


def _joined(judged: dict[int, Judgement], hubs_found: list[Hub], limits: Limits) -> list[Component]:
    """Components, and whoever shows much and belongs to none, each as a row of its own."""
    found = clusters.components(hubs_found, limits.heat)
    members = set().union(*(one.accounts for one in found))
    alone = (
        Component(frozenset({account}), ())
        for account, judgement in sorted(judged.items())
        if judgement.points >= limits.high and account not in members
    )
    return [*found, *alone]


def _begin(now: datetime) -> ScoringRun | None:
    """The claim of this run. Not an advisory lock: behind a pooler a session is shared."""
    ScoringRun.objects.filter(is_running=True, started_at__lt=now - LEASE).update(is_running=None)
    ScoringRun.objects.filter(is_running=None, started_at__lt=now - KEEP_RUNS).delete()
    try:
        with transaction.atomic():
            return ScoringRun.objects.create(started_at=now)
    except IntegrityError:
        logger.info("Scores are being computed elsewhere.")
        return None


def _end(run: ScoringRun) -> None:
    """Over, whether it came through or not; a run that failed has found nothing."""
    ScoringRun.objects.filter(pk=run.pk, is_running=True).update(
        is_running=None,
        finished_at=timezone.now(),
        accounts=run.accounts,
        clusters=run.clusters,
    )
