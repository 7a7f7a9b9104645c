"""Verifying a sign-up by a code to a phone, where its mail does not arrive (docs/mail.md).

Every text costs money, and strangers earn by having us send them: texts are counted under
one lock, so that many at once get no more than one after the other.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import notices, policies, rules
from accounts.errors import PhoneUsedOften, TextCodeWrong, TextsOff, TextsTooMany, TextTooSoon
from accounts.models import Message, TextCode, User
from accounts.services import messages, registration
from accounts.services.registration import Typed
from accounts.texting.interface import is_configured
from paspor.kernel import audit
from paspor.kernel.policy import Figure

SALT = "accounts.text_codes"
KIND = "text_code"
ACT = "verified_by_text"
LOCK = "accounts.text_codes"
LIFETIME = timedelta(minutes=10)
PAUSE = timedelta(seconds=60)
A_DAY = timedelta(days=1)
PHONE_DAYS = 30
MOST_TRIES = 5
DIGITS = 6


@dataclass(frozen=True, repr=False)
class Asked:
    """Where to send a code, for what was typed at the sign-up of ``email``, by which device."""

    typed: Typed
    email: str
    phone: str
    device: str


def are_sent() -> bool:
    """Whether this portal sends codes to phones at all."""
    return is_configured()


def send(*, asked: Asked, now: datetime) -> TextCode:
    """Raises TextsOff, PhoneInvalid, TextTooSoon, TextsTooMany, PhoneUsedOften."""
    if not is_configured():
        raise TextsOff
    phone = rules.normalise_phone(asked.phone)
    rules.check_text_phone(phone, abroad=bool(policies.TEXTS_ABROAD.at(now=now)))
    return _send(asked, phone, now)


@transaction.atomic
def _send(asked: Asked, phone: str, now: datetime) -> TextCode:
    _one_at_a_time()
    whom, number = _digest("whom", rules.mail_key(asked.email)), _digest("number", phone)
    _check_limits(number, whom, asked.device, now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    message = _message(asked, phone, code, now)
    return TextCode.objects.create(
        **asked.typed.fields(),
        message=message,
        digest=_digest(message.code, code),
        number=number,
        whom=whom,
        device=asked.device,
        made_at=now,
        expires_at=now + LIFETIME,
    )


def _message(asked: Asked, phone: str, code: str, now: datetime) -> Message:
    account = asked.typed.account
    language = account.language if account else asked.typed.language or User.Language.INDONESIAN
    said = notices.text_with_code(code, int(LIFETIME.total_seconds()) // 60, language=language)
    return messages.enqueue(
        user=account,
        channel=Message.Channel.TEXT,
        to=phone,
        kind=KIND,
        language=language,
        subject=said.subject,
        text=said.text,
        html="",
        dedup_key=f"{KIND}:{secrets.token_hex(16)}",
        not_after=now + LIFETIME,
        urgent=True,
        now=now,
    )


def _digest(about: str, secret: str) -> str:
    return salted_hmac(SALT, f"{about}:{secret}", algorithm="sha256").hexdigest()


def _one_at_a_time() -> None:
    """In the nation, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])


def _check_limits(number: str, whom: str, device: str, now: datetime) -> None:
    of_today = TextCode.objects.filter(made_at__gt=now - A_DAY)
    if of_today.filter(whom=whom, made_at__gt=now - PAUSE).exists():
        raise TextTooSoon(retry_after=int(PAUSE.total_seconds()))
    for rows, figure in _counted(of_today, number, whom, device):
        if rows.count() >= figure.at(now=now):
            raise TextsTooMany(retry_after=3600)
    _check_number(number, now)


def _counted(
    of_today: QuerySet[TextCode], number: str, whom: str, device: str
) -> Iterator[tuple[QuerySet[TextCode], Figure]]:
    yield of_today.filter(number=number), policies.TEXTS_PER_PHONE
    yield of_today.filter(whom=whom), policies.TEXTS_PER_SIGN_UP
    if device:
        yield of_today.filter(device=device), policies.TEXTS_PER_DEVICE
    yield of_today, policies.TEXTS_PER_DAY


def _check_number(number: str, now: datetime) -> None:
    most = policies.VERIFIED_PER_PHONE.at(now=now)
    lately = TextCode.objects.filter(number=number, used_at__gt=now - timedelta(days=PHONE_DAYS))
    if lately.count() >= most:
        raise PhoneUsedOften(most=most, days=PHONE_DAYS)


def prove(*, pk: int, code: str, now: datetime) -> User:
    """Verify the account: what was typed with this code stands, as after its mail.

    Each try is counted, whatever comes of it. Raises TextCodeWrong, AddressHasAccount,
    PhoneUsedOften.
    """
    rows = TextCode.objects.filter(pk=pk, used_at=None, expires_at__gt=now, tries__lt=MOST_TRIES)
    is_open = rows.update(tries=F("tries") + 1)
    row = TextCode.objects.select_related("message").filter(pk=pk).first()
    digits = "".join(code.split()).replace("-", "")
    if not is_open or row is None:
        raise TextCodeWrong(fields={"code": [TextCodeWrong.message]})
    if not constant_time_compare(_digest(row.message.code, digits), row.digest):
        raise TextCodeWrong(fields={"code": [TextCodeWrong.message]})
    return _verify(row, now)


@transaction.atomic
def _verify(row: TextCode, now: datetime) -> User:
    """Locks the account, then counts what the phone has verified. Only one of two succeeds."""
    user = registration.lock_unproven(row)
    _one_at_a_time()
    _check_number(row.number, now)
    registration.verify_without_mail(user=user, sign_up=row)
    User.objects.filter(pk=user.pk).update(phone=row.message.to)
    TextCode.objects.filter(pk=row.pk).update(used_at=now, password="", digest="")
    messages.mark_text_answered(message=row.message, now=now)
    audit.record(ACT, actor_id=user.pk, subject=f"account:{user.code}")
    _tell_the_address(user, row.message.to, now)
    return user


def _tell_the_address(user: User, phone: str, now: datetime) -> None:
    """It was never proved: whoever reads it may take the account."""
    messages.enqueue_letter(
        notices.letter_of("verified_by_text", {"phone": phone, "at": now}, language=user.language),
        user=user,
        to=user.email,
        kind="verified_by_text",
        language=user.language,
        dedup_key=f"verified_by_text:{user.code}:{now:%Y%m%d%H%M%S}",
        now=now,
    )


def forget_old(*, now: datetime) -> None:
    """What limits nothing any more: unused codes after a day, the digests of used ones later.

    That one was used stays, as a number of the public figures.
    """
    TextCode.objects.filter(used_at=None, made_at__lte=now - A_DAY).delete()
    used = TextCode.objects.filter(used_at__lte=now - timedelta(days=PHONE_DAYS))
    used.exclude(number="").update(number="", whom="", device="")


def forget_codes_of(*, user: User) -> None:
    """Erasure. The counts of the phone stand for their time."""
    mine = TextCode.objects.filter(account=user)
    mine.update(account=None, password="", language="", agreed_at=None, whom="", device="")
