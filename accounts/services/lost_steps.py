"""The way back for a citizen whose phone, key and spare codes are all lost (docs/mail.md).

Whoever has typed the password and a code from the confirmed address may ask for the second step
to be taken off. It takes days, in which letters and every signed-in device tell of it, and any of
them, or the second step itself, stops it. An officer's is taken off by two others
(offices.services.second_factors).
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import policies, ports, selectors, step_letters, step_rules
from accounts.errors import (
    StepCodeTooSoon,
    StepCodeWrong,
    StepLinkOver,
    StepLinkUnknown,
    StepLossWaits,
)
from accounts.models import AddressChange, LostStep, User
from accounts.services import address_changes, mailed_codes, messages, personal_data
from accounts.services.mailed_codes import LIFETIME, MailedCode
from accounts.step_letters import Said
from accounts.step_rules import StepLoss
from paspor.kernel import audit
from paspor.kernel.codes import grouped
from paspor.kernel.errors import Conflict, NotAllowed

SIGNER = signing.Signer(salt="accounts.lost_steps")
CODE = MailedCode("accounts.lost_steps.code")


def check(*, user: User, now: datetime) -> None:
    """Whether this account's owner may ask now.

    Raises what step_rules.check_step_loss and check_step_asks do, and StepLossWaits.
    """
    waiting = selectors.lost_step_of(user)
    if waiting is not None:
        raise StepLossWaits(when=timezone.localtime(waiting.due_at))
    loss = _loss_of(user, now)
    step_rules.check_step_loss(loss)
    most = policies.LOST_STEP_ASKS.at(now=now)
    step_rules.check_step_asks(loss, most=most, now=timezone.localtime(now))


def _loss_of(user: User, now: datetime) -> StepLoss:
    since = now - timedelta(days=step_rules.STEP_ASK_DAYS)
    begun = LostStep.objects.filter(account=user, begun_at__gt=since).order_by("-begun_at")
    return StepLoss(
        is_officers=ports.is_officer(user, now),
        has_step=is_mfa_enabled(user, selectors.SECOND_FACTORS),
        is_password_proof=user.has_usable_password() and user.password_by_mail_at is None,
        is_mail_heard=selectors.has_verified_mail(user) and selectors.mail_trouble_of(user) is None,
        address_back_until=_address_back_until(user, now),
        asked=tuple(begun.values_list("begun_at", flat=True)),
    )


def _address_back_until(user: User, now: datetime) -> datetime | None:
    changes = AddressChange.objects.filter(account=user, ended_at=None)
    until = max(map(address_changes.ends_at, changes), default=None)
    return timezone.localtime(until) if until and until > now else None


@transaction.atomic
def ask(*, user: User, now: datetime) -> None:
    """Send a code to the account's address. Whoever calls has seen the password typed.

    Locks the account. Raises what ``check`` does, and StepCodeTooSoon.
    """
    user = _locked(user.pk)
    check(user=user, now=now)
    row = _open(user).first()
    if seconds := mailed_codes.seconds_to_wait(row.code_asked_at if row else None, now):
        raise StepCodeTooSoon(retry_after=seconds)
    code, kept = CODE.new(now)
    LostStep.objects.update_or_create(account=user, ended_at=None, defaults=kept)
    minutes = int(LIFETIME.total_seconds()) // 60
    said = Said(at=now, code=grouped(code), code_minutes=minutes)
    _write(user, step_letters.CODE, said, now.isoformat(), not_after=now + LIFETIME)


def code_asked_at(*, user: User, now: datetime) -> datetime | None:
    """Of a code that may still come back."""
    row = mailed_codes.open_codes(_awaited(user), now).first()
    return row.code_asked_at if row else None


def begin(*, user: User, code: str, now: datetime) -> LostStep:
    """The code came back: from now on the days run. Each try is counted, whatever comes of it.

    Raises StepCodeWrong, and what ``check`` does.
    """
    if not CODE.comes_back(_awaited(user), code, now=now):
        raise StepCodeWrong(fields={"code": [StepCodeWrong.message]})
    return _begin(user, now)


@transaction.atomic
def _begin(user: User, now: datetime) -> LostStep:
    """Locks the account."""
    user = _locked(user.pk)
    check(user=user, now=now)
    row = _open(user).first()
    if row is None:  # by a sign-in of this moment
        raise StepCodeWrong(fields={"code": [StepCodeWrong.message]})
    row.code_digest = ""
    row.begun_at = now
    row.due_at = step_rules.step_due(now, days=policies.LOST_STEP_DAYS.at(now=now))
    row.save(update_fields=["code_digest", "begun_at", "due_at"])
    audit.record(selectors.STEP_LOST, actor_id=user.pk, subject=f"account:{user.code}")
    _write(user, step_letters.ASKED, _letter_facts(row, now), str(row.pk))
    return row


def token_of(row: LostStep) -> str:
    return SIGNER.sign_object([row.pk])


def of_link(token: str) -> LostStep:
    """The request that a letter's link stops. Raises StepLinkUnknown, StepLinkOver."""
    try:
        (pk,) = SIGNER.unsign_object(token)
    except signing.BadSignature as bad:
        raise StepLinkUnknown from bad
    row = LostStep.objects.select_related("account").filter(pk=pk, ended_at=None).first()
    if row is None:
        raise StepLinkOver
    return row


@transaction.atomic
def keep_by_link(token: str, *, now: datetime) -> None:
    """Raises what ``of_link`` does."""
    if not keep(user=of_link(token).account, end=LostStep.End.LINK, now=now):
        raise StepLinkOver


@transaction.atomic
def keep(*, user: User, end: LostStep.End, now: datetime) -> bool:
    """Stop what was asked for; False where nothing was. A code that is awaited is worth nothing
    from now on. Locks the account where there is anything to stop.
    """
    if not _open(user).exists():
        return False
    user = _locked(user.pk)
    _awaited(user).delete()
    row = _open(user).first()
    if row is None:
        return False
    _end(row, end, now)
    by_owner = end in {LostStep.End.SIGN_IN, LostStep.End.DEVICE}
    audit.record(
        selectors.STEP_KEPT,
        actor_id=user.pk if by_owner else None,
        subject=f"account:{user.code}",
        detail={"end": end.value},
    )
    _write(user, step_letters.KEPT, Said(at=now, end=end), str(row.pk))
    return True


def warn_and_take_off(*, now: datetime) -> None:
    """What the days that went by bring: a last letter, and the end of the second step.

    Each is a transaction of its own, and does nothing where it was stopped meanwhile.
    """
    waiting = LostStep.objects.filter(ended_at=None, begun_at__isnull=False)
    soon = Q(reminded_at=None, due_at__lte=now + step_rules.STEP_WARNING)
    over = Q(reminded_at__isnull=False, due_at__lte=now)
    for pk, account in waiting.filter(soon | over).values_list("pk", "account"):
        _go_on(pk, account, now)


@transaction.atomic
def _go_on(pk: int, account: int, now: datetime) -> None:
    """Locks the account."""
    user = _locked(account)
    row = LostStep.objects.filter(pk=pk, ended_at=None).first()
    if row is None or row.due_at is None:
        return
    try:
        step_rules.check_step_loss(_loss_of(user, now))
    except (Conflict, NotAllowed):
        keep(user=user, end=LostStep.End.CHANGED, now=now)
        return
    if row.reminded_at is None and step_rules.is_step_warning_due(row.due_at, now):
        _warn(row, user, now)
    elif row.reminded_at is not None and row.due_at <= now:
        _take_off(row, user, now)


def _warn(row: LostStep, user: User, now: datetime) -> None:
    row.reminded_at = now
    row.due_at = step_rules.due_once_warned(row.due_at or now, now)
    row.save(update_fields=["reminded_at", "due_at"])
    _write(user, step_letters.SOON, _letter_facts(row, now), str(row.pk))


def _take_off(row: LostStep, user: User, now: datetime) -> None:
    _end(row, LostStep.End.TAKEN_OFF, now)
    Authenticator.objects.filter(user=user).delete()
    personal_data.end_sessions(user=user)
    audit.record(selectors.STEP_OFF, actor_id=None, subject=f"account:{user.code}")
    _write(user, step_letters.OFF, Said(at=now), str(row.pk))


def _end(row: LostStep, end: LostStep.End, now: datetime) -> None:
    row.ended_at, row.end = now, end
    row.save(update_fields=["ended_at", "end"])


def note_reset(*, user: User, now: datetime) -> None:
    """On the row that is saved with the new password: a code from the mailbox made it.

    Without a second step the mailbox is all there is to prove.
    """
    has_step = is_mfa_enabled(user, selectors.SECOND_FACTORS)
    user.password_by_mail_at = now if has_step else None


def note_sign_in(*, user: User) -> None:
    """Password and second step were given together: whoever has both says that it is theirs."""
    user.password_by_mail_at = None
    user.save(update_fields=["password_by_mail_at"])


def _open(user: User) -> QuerySet[LostStep]:
    """The one row of an account that is not over, if any: its code is awaited, or days go by."""
    return LostStep.objects.filter(account=user, ended_at=None)


def _awaited(user: User) -> QuerySet[LostStep]:
    return _open(user).filter(begun_at=None)


def _locked(pk: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=pk)


def _letter_facts(row: LostStep, now: datetime) -> Said:
    return Said(at=now, due_at=row.due_at, token=token_of(row))


def _write(
    user: User, kind: str, said: Said, once: str, *, not_after: datetime | None = None
) -> None:
    messages.enqueue_letter(
        step_letters.letter_of(kind, said, language=user.language),
        user=user,
        to=user.email,
        kind=kind,
        language=user.language,
        dedup_key=f"{kind}:{user.code}:{once}",
        not_after=not_after,
        urgent=True,
        now=said.at,
    )
