"""What the scoring has found, as a case takes it over."""

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from offices import selectors as offices
from offices.models import Office
from offices.rules import Act
from paspor.kernel.codes import normalized
from queueing.integrity.models.scores import AccountScore, Cluster
from queueing.integrity.selectors.cases import offices_under


def cluster_seen_by(officer: User, code: str, *, now: datetime) -> Cluster | None:
    """None where it has done nothing at the officer's offices."""
    reach = offices.offices_of(officer, now, Act.CASE)
    found = Cluster.objects.filter(pk=normalized(code))
    if not reach.is_national:
        found = found.filter(offices__office__in=reach.ids).distinct()
    return found.first()


def clusters_from(score: int) -> Iterator[Cluster]:
    """Those that stand now with at least this score, the worst first."""
    found = Cluster.objects.filter(state=Cluster.State.FOUND, score__gte=score)
    return found.order_by("-score", "pk").iterator()


def accounts_of(cluster: Cluster, *, office: Office | None = None) -> list[AccountScore]:
    """The scores of its accounts; for an office, of those that have been there."""
    scores = AccountScore.objects.filter(cluster=cluster, account__erased_at=None)
    if office is not None:
        under = offices_under(office)
        scores = scores.filter(account__bookings__slot__office__in=under).distinct()
    return list(scores.order_by("pk"))
