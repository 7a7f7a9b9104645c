"""Writing what a run has found: only rows that differ, in short transactions."""

import ipaddress
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError

from accounts.models import User
from paspor.kernel import cipher
from paspor.kernel.masking import DOT, mask_phone
from queueing.integrity.models.cases import Case
from queueing.integrity.models.scores import (
    AccountScore,
    Cluster,
    ClusterLink,
    ClusterOffice,
    new_cluster_code,
)
from queueing.integrity.policies.scoring import KEEP_CLUSTERS_DAYS, MEASURES
from queueing.integrity.rules import clusters
from queueing.integrity.rules.accounts import Judgement
from queueing.integrity.rules.clusters import Component, Hub, HubKind
from queueing.integrity.selectors import scores
from queueing.integrity.selectors.scores import AtOffice

BATCH = 2000
# What accounts do comes before what they share.
ORDER = {row.code: number for number, row in enumerate(MEASURES)}


@dataclass(frozen=True)
class Named:
    """A component under its code."""

    code: str
    component: Component
    score: int
    reasons: list[dict[str, Any]]


def write(
    *,
    judged: Mapping[int, Judgement],
    found: Sequence[Component],
    since: datetime,
    doubling: int,
    now: datetime,
) -> None:
    kept = clusters.keep_codes(scores.members_now(), [one.accounts for one in found])
    named = [
        _named(code or new_cluster_code(), component, judged, doubling)
        for code, component in zip(kept.codes, found, strict=True)
    ]
    held = scores.seats_by_account(
        [account for one in found for account in one.accounts], since=since
    )
    _write_clusters(named, held, now)
    _write_scores(judged, named, now)
    _write_parts(named, held)
    _let_go(named, {code: named[index].code for code, index in kept.merged.items()})
    _forget_old(now)


def _named(
    code: str, component: Component, judged: Mapping[int, Judgement], doubling: int
) -> Named:
    members = [judged[account] for account in component.accounts]
    counted = Counter(signal.code for one in members for signal in one.signals)
    reasons = [
        {"code": signal, "accounts": count}
        for signal, count in sorted(counted.items(), key=lambda one: (-one[1], ORDER[one[0]]))
    ]
    return Named(
        code, component, clusters.score([one.points for one in members], doubling), reasons
    )


def _write_clusters(
    named: Sequence[Named], held: Mapping[int, Sequence[AtOffice]], now: datetime
) -> None:
    """Every cluster that was found is written: it was seen now."""
    rows = [
        Cluster(
            code=one.code,
            state=Cluster.State.FOUND,
            size=len(one.component.accounts),
            score=one.score,
            seats_held=sum(
                at.seats for account in one.component.accounts for at in held.get(account, ())
            ),
            reasons=one.reasons,
            first_seen_at=now,
            last_seen_at=now,
        )
        for one in named
    ]
    for batch in batched(rows, BATCH, strict=False):
        Cluster.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["state", "size", "score", "seats_held", "reasons", "last_seen_at"],
        )


def _write_scores(judged: Mapping[int, Judgement], named: Sequence[Named], now: datetime) -> None:
    cluster_of = {account: one for one in named for account in one.component.accounts}
    before = scores.as_they_stand()
    changed = []
    for account, judgement in judged.items():
        cluster = cluster_of.get(account)
        row = AccountScore(
            account_id=account,
            points=judgement.points,
            score=max(judgement.points, cluster.score if cluster else 0),
            reasons=[
                {"code": signal.code, "weight": signal.weight, "params": dict(signal.params)}
                for signal in judgement.signals
            ],
            cluster_id=cluster.code if cluster else None,
            computed_at=now,
        )
        if before.get(account) != scores.standing(row):
            changed.append(row)
    for batch in batched(changed, BATCH, strict=False):
        _upsert(batch)
    gone = [account for account in before if account not in judged]
    for ids in batched(gone, BATCH, strict=False):
        AccountScore.objects.filter(pk__in=ids).delete()


@transaction.atomic
def _upsert(rows: Sequence[AccountScore]) -> None:
    """Of accounts that are still there: one may have been erased since it was counted."""
    ids = [row.account_id for row in rows]
    there = set(
        User.objects.filter(pk__in=ids, erased_at=None)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)
    )
    AccountScore.objects.bulk_create(
        [row for row in rows if row.account_id in there],
        update_conflicts=True,
        unique_fields=["account"],
        update_fields=["points", "score", "reasons", "cluster", "computed_at"],
    )


def _write_parts(named: Sequence[Named], held: Mapping[int, Sequence[AtOffice]]) -> None:
    """Links and offices, replaced for the clusters where they differ."""
    for some in batched(named, BATCH, strict=False):
        codes = [one.code for one in some]
        links = [link for one in some for link in _links(one)]
        _replace(ClusterLink, codes, links, ("kind", "label", "total", "members"))
        offices = [office for one in some for office in _offices(one, held)]
        _replace(ClusterOffice, codes, offices, ("office_id", "accounts", "places", "seats_held"))


def _replace(
    model: type[Model], codes: Sequence[str], rows: Iterable[Model], names: Sequence[str]
) -> None:
    wanted: dict[str, list[Model]] = defaultdict(list)
    for row in rows:
        wanted[row.cluster_id].append(row)
    before: dict[str, list[Model]] = defaultdict(list)
    for row in model.objects.filter(cluster__in=codes):
        before[row.cluster_id].append(row)
    differing = [
        code
        for code in codes
        if _comparable(wanted[code], names) != _comparable(before[code], names)
    ]
    with transaction.atomic():
        model.objects.filter(cluster__in=differing).delete()
        model.objects.bulk_create(
            (row for code in differing for row in wanted[code]), batch_size=BATCH
        )


def _comparable(rows: Iterable[Model], names: Sequence[str]) -> list[tuple[Any, ...]]:
    return sorted((tuple(getattr(row, name) for name in names) for row in rows), key=repr)


def _links(one: Named) -> Iterator[ClusterLink]:
    """Two hubs whose short digests are alike become one link."""
    by_label: dict[tuple[str, str], list[Hub]] = defaultdict(list)
    for hub in one.component.hubs:
        by_label[hub.kind.value, label(hub)].append(hub)
    for (kind, text), alike in by_label.items():
        yield ClusterLink(
            cluster_id=one.code,
            kind=kind,
            label=text,
            total=sum(hub.total for hub in alike),
            members=sorted(set().union(*(hub.showing for hub in alike))),
        )


def label(hub: Hub) -> str:
    """What officers may know of it: a short keyed digest, with a masked address or number."""
    digest = cipher.person_digest(f"hub:{hub.kind}:{hub.value}")[:6].upper()
    if hub.kind is HubKind.ADDRESS:
        return f"{_mask_address(hub.value)} {digest}"
    if hub.kind is HubKind.PHONE:
        return f"{mask_phone(hub.value)} {digest}"
    return digest


def _mask_address(text: str) -> str:
    """The half that tells the provider: 36.70.•.•, 2001:db8:•"""
    address = ipaddress.ip_address(text)
    if address.version == 4:
        return ".".join([*text.split(".")[:2], DOT, DOT])
    return ":".join([*address.exploded.split(":")[:2], DOT])


def _offices(one: Named, held: Mapping[int, Sequence[AtOffice]]) -> Iterator[ClusterOffice]:
    at: dict[int, list[AtOffice]] = defaultdict(list)
    for account in one.component.accounts:
        for row in held.get(account, ()):
            at[row.office].append(row)
    for office, rows in at.items():
        yield ClusterOffice(
            cluster_id=one.code,
            office_id=office,
            accounts=len(rows),
            places=sum(row.places for row in rows),
            seats_held=sum(row.seats for row in rows),
        )


def _let_go(named: Sequence[Named], merged: Mapping[str, str]) -> None:
    """Clusters that were found no longer keep what they were, and lead to where they went."""
    found = {one.code for one in named}
    gone = [
        cluster
        for cluster in Cluster.objects.filter(state=Cluster.State.FOUND)
        if cluster.pk not in found
    ]
    for cluster in gone:
        cluster.state = Cluster.State.GONE
        cluster.seats_held = 0
        cluster.merged_into_id = merged.get(cluster.pk)
    Cluster.objects.bulk_update(gone, ["state", "seats_held", "merged_into"], batch_size=BATCH)


def _forget_old(now: datetime) -> None:
    """What an open case speaks of stands, and what another table still points to."""
    before = now - timedelta(days=KEEP_CLUSTERS_DAYS.at(now=now))
    old = Cluster.objects.filter(state=Cluster.State.GONE, last_seen_at__lt=before)
    under_way = Case.objects.exclude(state=Case.State.CLOSED).values("cluster_code")
    for cluster in old.exclude(code__in=under_way):
        try:
            cluster.delete()
        except ProtectedError:
            continue


def forget(user: User) -> None:
    """Erase what was computed of an account. Runs inside the erasure's transaction."""
    AccountScore.objects.filter(pk=user.pk).delete()
    for link in ClusterLink.objects.filter(members__contains=[user.pk]).order_by("pk"):
        link.members.remove(user.pk)
        link.save(update_fields=["members"])
