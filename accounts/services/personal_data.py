"""Export and erasure of what is held about a person, through every app's port."""

from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from accounts import notices, ports
from accounts.errors import ErasureBlocked
from accounts.models import ACCOUNT_ERASED, AddressChange, User
from accounts.services import messages
from paspor.kernel import audit
from paspor.kernel.errors import NotFound


@transaction.atomic
def export(*, user: User, now: datetime) -> dict[str, Any]:
    """All that is held, NIKs in clear for their owner; logged as a reading."""
    audit.record("data.export", actor_id=user.pk, subject=f"account:{user.code}")
    held: dict[str, Any] = {"exported_at": now.isoformat()}
    for port in ports.all_ports():
        held |= port.export(user)
    return held


def why_not_erasable(user: User) -> ports.Obstacle | None:
    """The first reason that stands against erasing the account."""
    return next(filter(None, (port.blocks_erasure(user) for port in ports.all_ports())), None)


@transaction.atomic
def erase(*, user: User, now: datetime) -> None:
    """Make the account and its people unreadable and end every session. Locks the account.

    Raises ErasureBlocked with the reason. Digests stay: they tell that a person had a
    place, and keep a blocked person blocked. A last letter tells the address of it, and
    those that it was changed from lately: whoever did that may have done this.
    """
    row = User.objects.select_for_update(no_key=True).filter(pk=user.pk, erased_at=None).first()
    if row is None:
        raise NotFound
    why = why_not_erasable(row)
    if why:
        raise ErasureBlocked(why=why.why)
    audit.record("account.erased", actor_id=user.pk, subject=f"account:{row.code}")
    told = _proven_addresses(row)
    for port in reversed(ports.all_ports()):
        port.erase(row, now)
    for number, address in enumerate(told):
        # Nobody's letter: the outbox forgets the address once it is carried.
        said = {"at": now, "is_former": number > 0}
        messages.enqueue_letter(
            notices.letter_of(ACCOUNT_ERASED, said, language=row.language),
            user=None,
            to=address,
            kind=ACCOUNT_ERASED,
            language=row.language,
            dedup_key=f"account:{row.code}:erased:{number}",
            now=now,
        )


def _proven_addresses(user: User) -> list[str]:
    """The account's own, then those from which it could still have been taken back.

    None of a sign-up that was never verified: that address may be a stranger's.
    """
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        return []
    open_changes = AddressChange.objects.filter(account=user, ended_at=None).order_by("-at")
    return list(dict.fromkeys([user.email, *open_changes.values_list("former", flat=True)]))


def close_account(*, user: User, now: datetime) -> None:
    """Nobody can sign in to it again, and nothing on it tells whose it was."""
    end_sessions(user=user)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.email = f"erased+{user.code.lower()}@dihapus.invalid"
    user.phone = ""
    user.password_by_mail_at = None
    user.is_active = False
    user.erased_at = now
    user.set_unusable_password()
    user.save(
        update_fields=[
            *("email", "phone", "password_by_mail_at", "is_active", "erased_at", "password"),
        ]
    )


def end_sessions(*, user: User) -> None:
    """Sign the account out everywhere, in the cache too."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in UserSession.objects.filter(user=user):
        store(session.session_key).delete()
        session.delete()
