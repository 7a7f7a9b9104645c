"""Reading people, messages and who read what. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Applicant, Consent, Message, Person, User
from paspor.kernel import cipher
from paspor.kernel.models import AuditEvent

# Acts by which someone saw personal data in clear.
READING_ACTS = ("nik.read", "data.export")
ADDED_AT_COUNTER = "applicant.added_at_counter"


@dataclass(frozen=True)
class Reading:
    """One time that data of this account was read in clear."""

    at: datetime
    act: str
    by_owner: bool
    stream: str


def applicants_of(user: User) -> QuerySet[Applicant]:
    """The live ones, the account holder first."""
    rows = Applicant.objects.filter(account=user, removed_at=None)
    return rows.order_by("-is_holder", "created_at", "pk")


def applicant_of(user: User, code: str) -> Applicant | None:
    return applicants_of(user).filter(code=code).first()


def unproven_account(email: str) -> User | None:
    """An account with this address that nobody has verified or signed in to."""
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = User.objects.filter(email=email.lower(), last_login=None, erased_at=None, is_active=True)
    return rows.filter(~Exists(proven)).first()


def consent_of(user: User) -> Consent | None:
    """The newest version of the privacy notice that the account agreed to."""
    return Consent.objects.filter(user=user).order_by("-given_at", "-pk").first()


def has_consented(user: User) -> bool:
    """Whether that is the version in force."""
    return Consent.objects.filter(
        user=user, notice_version=settings.PRIVACY_NOTICE_VERSION
    ).exists()


def digest_keys() -> tuple[str, ...]:
    """The key in use and, while it is being rotated, the other one."""
    keys = (settings.PERSON_DIGEST_KEY, settings.PERSON_DIGEST_KEY_NEXT)
    return tuple(key for key in keys if key)


def person_with_nik(nik: str) -> Person | None:
    """Found by either key in either column, so a rotation under way loses nobody."""
    digests = [cipher.person_digest(nik, key=key) for key in digest_keys()]
    return Person.objects.filter(Q(digest__in=digests) | Q(digest_next__in=digests)).first()


def messages_of(user: User) -> QuerySet[Message]:
    return Message.objects.filter(user=user).order_by("-created_at", "-pk")


def message_with_code(code: str) -> Message | None:
    return Message.objects.filter(code=code).first()


def subject_of(applicant: Applicant) -> str:
    """How the log names an applicant."""
    return f"applicant:{applicant.code}"


def codes_from_counter(user: User) -> set[str]:
    """Those of the account's people whose numbers an officer typed, not the account."""
    codes = Applicant.objects.filter(account=user).values_list("code", flat=True)
    rows = AuditEvent.objects.filter(
        act=ADDED_AT_COUNTER, subject__in=[f"applicant:{code}" for code in codes]
    )
    return {
        subject.removeprefix("applicant:") for subject in rows.values_list("subject", flat=True)
    }


def readings_of(user: User) -> list[Reading]:
    """Who read this account's data in clear, newest first."""
    codes = Applicant.objects.filter(account=user).values_list("code", flat=True)
    subjects = [f"applicant:{code}" for code in codes] + [f"account:{user.code}"]
    rows = AuditEvent.objects.filter(act__in=READING_ACTS, subject__in=subjects)
    return [
        Reading(at=row.at, act=row.act, by_owner=row.actor_id == user.pk, stream=row.stream)
        for row in rows.order_by("-at")[:200]
    ]
