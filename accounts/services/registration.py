"""What a new account comes with, how it is verified, and what its owner sets later."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import rules, selectors
from accounts.errors import AddressHasAccount, NoticeOutdated
from accounts.models import Consent, User, WaitingSignUp


@dataclass(frozen=True, repr=False)
class Typed:
    """What whoever waits for a mail typed, for the account that waits; None where there is
    another's.

    An empty ``password`` says that the account's own was typed, at a sign-in.
    """

    account: User | None
    password: str = ""
    language: str = ""
    agreed_at: datetime | None = None

    def fields(self) -> dict[str, object]:
        """Of a WaitingSignUp."""
        return {
            "account": self.account,
            "password": self.password if self.account else "",
            "language": self.language,
            "agreed_at": self.agreed_at,
        }


@transaction.atomic
def begin(*, user: User, language: str, now: datetime) -> None:
    """Record the notice that was agreed to, and the language that it was read in."""
    user.language = language if language in User.Language.values else User.Language.INDONESIAN
    user.save(update_fields=["language"])
    give_consent(user=user, version=settings.PRIVACY_NOTICE_VERSION, now=now)


@transaction.atomic
def settle_sign_up(*, user: User, password: str, language: str, agreed_at: datetime) -> None:
    """Of several sign-ups for one address this one proved it: what it said stands.

    ``password`` is a hash. The consent is of the moment this one agreed.
    """
    user.password = password
    user.save(update_fields=["password"])
    begin(user=user, language=language, now=agreed_at)
    Consent.objects.filter(user=user).update(given_at=agreed_at)


def lock_unproven(sign_up: WaitingSignUp) -> User:
    """The account that it is for, which is proven by only one. Raises AddressHasAccount."""
    if sign_up.account_id is None:
        raise AddressHasAccount
    user = User.objects.select_for_update(no_key=True).get(pk=sign_up.account_id)
    elsewhere = EmailAddress.objects.filter(email=user.email, verified=True).exclude(user=user)
    is_anothers = elsewhere.exists() or selectors.is_kept_for_another(user)
    if is_anothers or not selectors.is_unproven(user):
        raise AddressHasAccount
    return user


def verify_without_mail(*, user: User, sign_up: WaitingSignUp) -> None:
    """What was typed with this sign-up stands, as after its mail. Its account is locked."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if sign_up.password and sign_up.agreed_at:
        settle_sign_up(
            user=user,
            password=sign_up.password,
            language=sign_up.language,
            agreed_at=sign_up.agreed_at,
        )


def forget_password(*, user: User) -> None:
    """Typed by somebody who never proved the address; its owner sets another."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


@transaction.atomic
def give_consent(*, user: User, version: str, now: datetime) -> Consent:
    """Agreeing twice changes nothing. Raises NoticeOutdated for any version not in force:
    nobody agrees to what they were not shown.
    """
    if version != settings.PRIVACY_NOTICE_VERSION:
        raise NoticeOutdated(version=settings.PRIVACY_NOTICE_VERSION)
    return Consent.objects.get_or_create(
        user=user, notice_version=version, defaults={"given_at": now}
    )[0]


@transaction.atomic
def change_account(*, user: User, language: str | None = None, phone: str | None = None) -> User:
    """Set the given ones. Raises PhoneInvalid."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if phone is not None:
        row.phone = rules.normalise_phone(phone)
    if language is not None:
        row.language = User.Language(language)
    row.save(update_fields=["phone", "language"])
    return row
