"""What is on the stage: the demonstration of `make run`, and people in every state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.management import call_command
from django.utils import timezone

from accounts import policies
from accounts.models import User
from offices.models import Office
from queueing.management.commands import seed_demo
from tests.live import Portal
from tests.paspor.proving import set_figure

# Whoever signs up here does so from one address, one domain, within minutes.
OFF_GUARD = (
    policies.SIGN_UPS_PER_ADDRESS,
    policies.SIGN_UPS_PER_DEVICE,
    policies.SIGN_UPS_PER_MINUTE,
    policies.SIGN_UPS_PER_NEW_DOMAIN,
)
# Names of the demonstration's accounts, as they sign in.
ACCOUNTS = {
    "warga": "warga",
    "loket": "loket.jaksel",
    "perencana": "perencana.jaksel",
    "kepala": "kepala.jaksel",
    "sistik": "sistik",
    "sistik kedua": "sistik.kedua",
}
OFFICERS = (
    "loket",
    "loket denpasar",
    "dua kantor",
    "perencana",
    "kepala",
    "sistik",
    "sistik kedua",
)


@dataclass
class Stage:
    """``users`` by the name a page gives, ``names`` for the addresses of pages, and ``scenes``
    that a page may ask for just before it is opened."""

    portal: Portal
    now: datetime
    users: dict[str, User] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    scenes: dict[str, Callable[[], None]] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return Office.objects.get(code=seed_demo.SOUTH_JAKARTA)

    def is_officer(self, who: str) -> bool:
        return who in OFFICERS


def demonstration(portal: Portal) -> Stage:
    """What `make run` shows; 30 s on a laptop, most of it the nation's seats."""
    for figure in OFF_GUARD:
        set_figure(figure, figure.high)
    call_command("load_offices", verbosity=0)
    call_command("seed_demo")
    stage = Stage(portal, timezone.now())
    stage.users = {who: seed_demo.account(name) for who, name in ACCOUNTS.items()}
    stage.names["office"] = stage.office.code
    return stage
