"""People whose NIKs the simulated registry knows, finds differing, or does not know."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Applicant, IdentityCheck, User
from accounts.registry import simulator
from accounts.registry.simulator import Temper
from accounts.services import people
from paspor.kernel import broker
from queueing.integrity import tasks
from tests.factories import ApplicantFactory, UserFactory, invented_nik

UNKNOWN, OTHER_NAME = 9400, 9100


@pytest.fixture(autouse=True)
def _simulated(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that answers when a test lets the worker go, and not before."""
    settings.IDENTITY_VERIFIER = "accounts.registry.simulator.Simulator"
    monkeypatch.setattr(broker, "tell", lambda *_args: None)


def person(serial: int = 1, account: User | None = None, **fields: Any) -> Applicant:
    """Somebody with this invented NIK, in an account of their own where none is given."""
    nik = invented_nik(serial - 1)
    made = ApplicantFactory.build(
        account=account or UserFactory(),
        person=people.find_or_make_person(nik),
        **({"name": f"Warga {serial}"} | fields),
    )
    people.seal_nik(made, nik)
    made.save()
    return made


def people_of(*serials: int) -> list[Applicant]:
    """A family in one account."""
    account = UserFactory()
    return [person(serial, account) for serial in serials]


def registry_answers() -> int:
    """Let the worker ask everything that is due; how many questions it carried.

    Whom the registry does not find is asked about once more, as a quarter of an hour later.
    """
    carried = tasks.sweep_checks()
    past = timezone.now() - timedelta(seconds=1)
    unfound = IdentityCheck.objects.filter(outcome="PENDING", unfound_at__isnull=False)
    if unfound.update(not_before=past):
        tasks.sweep_checks()
    return carried


def make_due() -> None:
    """As if all pauses and leases were over."""
    past = timezone.now() - timedelta(seconds=1)
    waiting = IdentityCheck.objects.filter(outcome="PENDING")
    waiting.update(not_before=past)
    waiting.exclude(claimed_until=None).update(claimed_until=past)


def temper(wanted: Temper) -> None:
    simulator.set_temper(wanted)


def outcomes() -> list[str]:
    return list(IdentityCheck.objects.order_by("pk").values_list("outcome", flat=True))
