"""Screens of the waiting room: opened by a link that a head or planner makes, and closes."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from offices.models import Office
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from queueing.desk import screen_pictures
from queueing.desk.errors import ScreenClosed
from queueing.desk.models import WaitingScreen


@transaction.atomic
def make(*, officer: User, office: Office, name: str, now: datetime) -> WaitingScreen:
    authority.require(officer=officer, act=Act.SCREEN, office=office, now=now)
    screen = WaitingScreen.objects.create(
        office=office, name=name.strip(), made_by=officer, made_at=now
    )
    _record("screen.made", screen, officer)
    return screen


@transaction.atomic
def revoke(*, officer: User, office: Office, code: str, now: datetime) -> WaitingScreen:
    """The link shows nothing any more; revoking twice is revoking once."""
    authority.require(officer=officer, act=Act.SCREEN, office=office, now=now)
    screens = WaitingScreen.objects.filter(office=office, code=code)
    screen = screens.select_for_update(no_key=True).first()
    if screen is None:
        raise ScreenClosed
    if screen.revoked_at is None:
        screen.revoked_at = now
        screen.save(update_fields=["revoked_at"])
        _record("screen.revoked", screen, officer)
        transaction.on_commit(lambda: screen_pictures.forget(code))
    return screen


def _record(act: str, screen: WaitingScreen, officer: User) -> None:
    audit.record(
        act, actor_id=officer.pk, subject=f"screen:{screen.code}", stream=screen.office.code
    )
