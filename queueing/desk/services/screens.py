"""Screens of the waiting room: opened by a link or paired by a code, seen, and closed."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from offices.models import Office
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit, codes
from queueing.desk import screen_pictures, screen_tokens
from queueing.desk.errors import ScreenClosed, ScreenCodeUnknown
from queueing.desk.models import ScreenCode, WaitingScreen
from queueing.desk.screen_tokens import Held

CODE_LENGTH = 6
# Long enough to walk from the television to a counter, and to be interrupted on the way.
CODE_LASTS = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)


@transaction.atomic
def make(*, officer: User, office: Office, name: str, now: datetime) -> WaitingScreen:
    authority.require(officer=officer, act=Act.SCREEN, office=office, now=now)
    return _made("screen.made", officer=officer, office=office, name=name.strip(), now=now)


@transaction.atomic
def pair(*, officer: User, office: Office, code: str, name: str, now: datetime) -> WaitingScreen:
    """The television that shows the code is the office's. Locks the code: it serves once."""
    authority.require(officer=officer, act=Act.PAIR_SCREEN, office=office, now=now)
    shown = ScreenCode.objects.filter(code=codes.normalized(code), expires_at__gt=now)
    found = shown.select_for_update().first()
    if found is None or WaitingScreen.objects.filter(device=found.device).exists():
        raise ScreenCodeUnknown(fields={"code": []})
    found.delete()
    said = {"name": name.strip(), "device": found.device}
    return _made("screen.paired", officer=officer, office=office, now=now, **said)


@transaction.atomic
def revoke(*, officer: User, office: Office, code: str, now: datetime) -> WaitingScreen:
    """It shows nothing any more; revoking twice is revoking once."""
    authority.require(officer=officer, act=Act.SCREEN, office=office, now=now)
    screens = WaitingScreen.objects.filter(office=office, code=code)
    screen = screens.select_for_update(no_key=True).first()
    if screen is None:
        raise ScreenClosed
    if screen.revoked_at is None:
        screen.revoked_at = now
        screen.save(update_fields=["revoked_at"])
        _record("screen.revoked", screen, officer)
        transaction.on_commit(lambda: screen_pictures.forget(screen))
    return screen


def office_shown(token: str, *, now: datetime) -> Office:
    """The office of the screen that has this token, which is seen by that; raises ScreenClosed."""
    held = screen_tokens.held_by(token)
    office = screen_pictures.kept_office(held)
    if office is None:
        screen = _named(held).filter(revoked_at=None).select_related("office").first()
        if screen is None:
            raise ScreenClosed
        if screen.seen_at is None or screen.seen_at <= now - SEEN_EVERY:
            WaitingScreen.objects.filter(pk=screen.pk).update(seen_at=now)
        office = screen.office
        screen_pictures.keep_office(held, office)
    return office


def code_of(token: str, *, now: datetime) -> str:
    """What the television with this token shows now; "" where it needs a new code."""
    shown = ScreenCode.objects.filter(device=screen_tokens.device_of(token), expires_at__gt=now)
    return shown.values_list("code", flat=True).first() or ""


def new_code(token: str, *, now: datetime) -> tuple[str, str]:
    """Another code, and the token that it is for: a new one where we never gave out this one."""
    device = screen_tokens.device_of(token)
    if not ScreenCode.objects.filter(device=device).exists():
        token = screen_tokens.new_token()
        device = screen_tokens.device_of(token)
    said = {"code": codes.new_code(CODE_LENGTH), "expires_at": now + CODE_LASTS}
    shown, _made_now = ScreenCode.objects.update_or_create(device=device, defaults=said)
    return token, shown.code


def was_revoked(token: str) -> bool:
    return _named(screen_tokens.held_by(token)).filter(revoked_at__isnull=False).exists()


def forget_codes(*, now: datetime) -> int:
    """Those of a day ago: a television that was away for a while keeps its token."""
    over = ScreenCode.objects.filter(expires_at__lt=now - timedelta(days=1))
    return over.delete()[0]


def _named(held: Held) -> QuerySet[WaitingScreen]:
    named = {"code": held.code} if held.code else {"device": held.device}
    return WaitingScreen.objects.filter(**named)


def _made(
    act: str, *, officer: User, office: Office, now: datetime, **fields: Any
) -> WaitingScreen:
    screen = WaitingScreen.objects.create(office=office, made_by=officer, made_at=now, **fields)
    _record(act, screen, officer)
    return screen


def _record(act: str, screen: WaitingScreen, officer: User) -> None:
    audit.record(
        act, actor_id=officer.pk, subject=f"screen:{screen.code}", stream=screen.office.code
    )
