"""An account that was given another address can be taken back from the former one for some days.

Whoever gets hold of an account changes its address first, and from then on neither a password
nor a code brings its owner back. The letter about the change goes to the former address, with a
link that only its reader has: that link is the proof.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import IntegrityError, transaction

from accounts import notices, policies, selectors
from accounts.errors import AddressLinkOver, AddressLinkUnknown, FormerAddressTaken
from accounts.models import AddressChange, User
from accounts.services import messages, personal_data, registration

SIGNER = signing.Signer(salt="accounts.address_changes")
KIND = "address_taken_back"


def note(*, account: User, former: str, now: datetime) -> AddressChange:
    """Write down that the account has another address than ``former`` from now on."""
    return AddressChange.objects.create(account=account, former=former.lower(), at=now)


def token_of(change: AddressChange) -> str:
    return SIGNER.sign_object([change.pk])


def ends_at(change: AddressChange) -> datetime:
    """Until when it can be taken back, by the figure that holds today."""
    return change.at + timedelta(days=policies.ADDRESS_BACK_DAYS.at(now=change.at))


def change_of(token: str, *, now: datetime) -> AddressChange:
    """The change that a letter's link is about.

    Raises AddressLinkUnknown for what we have not signed, AddressLinkOver.
    """
    try:
        (pk,) = SIGNER.unsign_object(token)
    except signing.BadSignature as bad:
        raise AddressLinkUnknown from bad
    change = AddressChange.objects.select_related("account").filter(pk=pk).first()
    if change is None or change.ended_at is not None or ends_at(change) <= now:
        raise AddressLinkOver
    return change


@transaction.atomic
def take_back(token: str, *, now: datetime) -> None:
    """Give the account its former address again and shut out whoever is in it.

    Every session ends, the password is forgotten, second steps that were added since are
    gone, and later changes can no longer be taken back by those they were made from. Locks
    the account. Raises what ``change_of`` does, and FormerAddressTaken.
    """
    account = change_of(token, now=now).account
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    change = change_of(token, now=now)
    _free(change.former, account, now)
    present = account.email
    EmailAddress.objects.filter(user=account).delete()
    address = EmailAddress.objects.create(
        user=account, email=change.former, verified=True, primary=True
    )
    account.email = change.former
    try:
        account.save(update_fields=["email"])
    except IntegrityError as taken:  # by a sign-up of this moment
        raise FormerAddressTaken from taken
    registration.forget_password(user=account)
    Authenticator.objects.filter(user=account, created_at__gte=change.at).delete()
    personal_data.end_sessions(user=account)
    AddressChange.objects.filter(account=account, ended_at=None, at__gte=change.at).update(
        ended_at=now
    )
    email_changed.send(
        sender=EmailAddress,
        request=None,
        user=account,
        from_email_address=EmailAddress(user=account, email=present),
        to_email_address=address,
    )
    for to in (change.former, present):
        _tell(account, to, change, now)


def _free(address: str, account: User, now: datetime) -> None:
    """Of a sign-up that nobody proved; raises FormerAddressTaken where somebody did."""
    other = User.objects.filter(email=address).exclude(pk=account.pk).first()
    if other is None:
        return
    if not selectors.is_unproven(other):
        raise FormerAddressTaken
    personal_data.erase(user=other, now=now)


def _tell(account: User, to: str, change: AddressChange, now: datetime) -> None:
    said = {"is_former": to == change.former, "at": now}
    messages.enqueue_letter(
        notices.letter_of(KIND, said, language=account.language),
        user=account,
        to=to,
        kind=KIND,
        language=account.language,
        dedup_key=f"{KIND}:{change.pk}:{'former' if said['is_former'] else 'present'}",
        urgent=True,
        now=now,
    )
