"""The way back for an address that nothing is sent to: its owner types a code sent there.

allauth verifies an address once; this one was verified before.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import notices
from accounts.errors import AddressCodeTooSoon, AddressCodeWrong, AddressWell
from accounts.models import ADDRESS_CHECK, Suppression, User
from accounts.services import messages, suppressions
from paspor.kernel.codes import grouped, new_code, normalized

SALT = "accounts.address_proofs"
LIFETIME = timedelta(minutes=15)
PAUSE = timedelta(seconds=60)
MOST_TRIES = 5
CODE_LENGTH = 8


def _digest(code: str) -> str:
    return salted_hmac(SALT, normalized(code), algorithm="sha256").hexdigest()


@transaction.atomic
def ask(*, user: User, now: datetime) -> None:
    """Send a code to the account's address. Locks the suppression.

    Raises AddressWell where nothing is wrong, AddressCodeTooSoon.
    """
    rows = Suppression.objects.filter(address=user.email, lifted_at=None)
    row = rows.select_for_update().first()
    if row is None:
        raise AddressWell
    if row.code_asked_at and now < row.code_asked_at + PAUSE:
        left = row.code_asked_at + PAUSE - now
        raise AddressCodeTooSoon(retry_after=int(left.total_seconds()) + 1)
    code = new_code(CODE_LENGTH)
    rows.update(code_digest=_digest(code), code_asked_at=now, code_tries=0)
    said = {"code": grouped(code)}
    letter = notices.letter_of(ADDRESS_CHECK, said, language=user.language)
    messages.enqueue_letter(
        letter,
        user=user,
        to=user.email,
        kind=ADDRESS_CHECK,
        language=user.language,
        dedup_key=f"{ADDRESS_CHECK}:{row.pk}:{now.isoformat()}",
        not_after=now + LIFETIME,
        urgent=True,
        now=now,
    )


def prove(*, user: User, code: str, now: datetime) -> None:
    """End the suppression. Raises AddressCodeWrong; each try is counted, whatever comes of it."""
    rows = Suppression.objects.filter(
        address=user.email,
        lifted_at=None,
        code_tries__lt=MOST_TRIES,
        code_asked_at__gt=now - LIFETIME,
    )
    is_open = rows.update(code_tries=F("code_tries") + 1)
    row = Suppression.objects.filter(address=user.email).first()
    if not is_open or row is None or not constant_time_compare(_digest(code), row.code_digest):
        raise AddressCodeWrong(fields={"code": [AddressCodeWrong.message]})
    suppressions.lift(address=user.email, now=now)
