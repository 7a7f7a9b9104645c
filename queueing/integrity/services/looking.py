"""Looking at a cluster is reading about people: who looked stands in the log."""

from django.db import transaction

from accounts.models import User
from paspor.kernel import audit
from queueing.integrity.models.scores import Cluster


@transaction.atomic
def note_look(*, cluster: Cluster, officer: User, stream: str) -> None:
    """``stream`` is the office whose officer looks, or NATIONAL."""
    audit.record(
        "cluster.read", actor_id=officer.pk, subject=f"cluster:{cluster.code}", stream=stream
    )
