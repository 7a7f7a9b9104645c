"""The way back for an address that nothing is sent to: its owner types a code sent there.

allauth verifies an address once; this one was verified before.
"""

from datetime import datetime

from django.db import transaction

from accounts import notices
from accounts.errors import AddressCodeTooSoon, AddressCodeWrong, AddressWell
from accounts.models import ADDRESS_CHECK, Suppression, User
from accounts.services import messages, suppressions
from accounts.services.mailed_codes import LIFETIME, MailedCode, seconds_to_wait
from paspor.kernel.codes import grouped

CODE = MailedCode("accounts.address_proofs")


@transaction.atomic
def ask(*, user: User, now: datetime) -> None:
    """Send a code to the account's address. Locks the suppression.

    Raises AddressWell where nothing is wrong, AddressCodeTooSoon.
    """
    rows = Suppression.objects.filter(address=user.email, lifted_at=None)
    row = rows.select_for_update().first()
    if row is None:
        raise AddressWell
    if seconds := seconds_to_wait(row.code_asked_at, now):
        raise AddressCodeTooSoon(retry_after=seconds)
    code, kept = CODE.new(now)
    rows.update(**kept)
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
    rows = Suppression.objects.filter(address=user.email, lifted_at=None)
    if not CODE.comes_back(rows, code, now=now):
        raise AddressCodeWrong(fields={"code": [AddressCodeWrong.message]})
    suppressions.lift(address=user.email, now=now)
