"""What the page of a cluster tells, put together from selectors and drawings."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator

from offices.selectors import Reach
from paspor.kernel import formatting
from paspor.kernel.codes import grouped
from paspor.kernel.masking import mask_email
from queueing.integrity import drawing, insider_words, score_words
from queueing.integrity.drawing import Link
from queueing.integrity.models.scores import AccountScore, Cluster
from queueing.integrity.selectors import clusters

ACCOUNTS_A_PAGE = 25
SERIOUS, NOTABLE = 70, 40


def cluster_context(cluster: Cluster, reach: Reach, *, page: str, now: datetime) -> dict[str, Any]:
    accounts = clusters.accounts_of(cluster, reach)
    codes = dict(accounts.values_list("account_id", "account__code"))
    rows = Paginator(accounts, ACCOUNTS_A_PAGE).get_page(page)
    hit = list(clusters.offices_within(reach).filter(cluster=cluster))
    last_run = clusters.last_run()
    merged = cluster.merged_into_id
    return {
        "cluster": cluster,
        "code": grouped(cluster.code),
        "tone": _tone(cluster.score),
        "is_gone": cluster.state == Cluster.State.GONE,
        "merged_into": merged and clusters.within_reach(reach).filter(pk=merged).first(),
        "since": insider_words.moment(cluster.first_seen_at, None),
        "as_of": last_run and insider_words.moment(last_run, None),
        "reasons": [score_words.of_accounts(reason) for reason in cluster.reasons],
        "offices": hit,
        "is_partial": not reach.is_national,
        "accounts": rows,
        "account_rows": _accounts(list(rows), reach),
        "accounts_in_all": score_words.accounts(len(codes)),
        "seats": score_words.seats(sum(one.seats_held for one in hit)),
        **_links(cluster, codes),
        **_timeline(list(codes), reach, now),
    }


def _tone(score: int) -> str:
    return "error" if score >= SERIOUS else "warning" if score >= NOTABLE else "info"


def _accounts(rows: Sequence[AccountScore], reach: Reach) -> list[dict[str, Any]]:
    seats = clusters.seats_now([row.account_id for row in rows], reach)
    return [
        {
            "code": grouped(row.account.code),
            "mail": mask_email(row.account.email),
            "score": row.points,
            "tone": _tone(row.points),
            "seats": seats.get(row.account_id, 0),
            "reasons": " ".join(score_words.sentences(row.reasons)),
        }
        for row in rows
    ]


def _links(cluster: Cluster, codes: dict[int, str]) -> dict[str, Any]:
    """Only accounts that the officer may see are drawn and counted."""
    seen = frozenset(codes)
    rows = [(row, seen.intersection(row.members)) for row in cluster.links.all()]
    rows = sorted(
        ((row, members) for row, members in rows if members),
        key=lambda pair: (-len(pair[1]), pair[0].kind, pair[0].label),
    )
    links = [Link(score_words.hub(row.kind), row.label, members) for row, members in rows]
    table = [
        {
            "kind": score_words.hub(row.kind),
            "label": row.label,
            "here": len(members),
            "total": row.total,
        }
        for row, members in rows
    ]
    return {
        "web": drawing.web(links, codes) if links else None,
        "links": table,
        "shared": [score_words.shared(*one) for one in _by_kind(links)],
    }


def _by_kind(links: Sequence[Link]) -> list[tuple[str, int, int]]:
    """For each kind how many links there are, and how many accounts they reach; most first."""
    of_kind: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        of_kind[link.kind].append(link)
    reached = (
        (kind, len(some), len(frozenset().union(*(link.members for link in some))))
        for kind, some in of_kind.items()
    )
    return sorted(reached, key=lambda one: (-one[2], one[0]))


def _timeline(accounts: list[int], reach: Reach, now: datetime) -> dict[str, Any]:
    days = clusters.days_until(now)
    counts = clusters.acts_by_day(accounts, reach, days[0])
    table = [
        {
            "day": formatting.date_medium(day),
            "cells": [
                {"act": score_words.ACTS[act], "count": of_day.get(day, 0)}
                for act, of_day in counts.items()
            ],
        }
        for day in reversed(days)
        if any(day in of_day for of_day in counts.values())
    ]
    picture = drawing.timeline(days, counts)
    return {
        "timeline": picture,
        "timeline_rows": [{"row": row, "name": score_words.ACTS[row.code]} for row in picture.rows],
        "timeline_table": table,
        "acts": [score_words.ACTS[act] for act in counts],
    }
